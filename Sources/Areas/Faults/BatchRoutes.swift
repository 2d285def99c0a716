import Forms
import Foundation
import HTML
import UI
import Web

extension FaultRoutes {
    func addBatches(to routes: Routes) {
        routes.get("faults/batch", may: .assignFaults, use: previewBatch)
            .tells("How many faults the filter in the address finds, or which of `faultIds`, with a sample.")
            .asks(FaultListRequest.fields + .paging + BatchSelection.fields).gives(BatchPreviewJSON.self)
        routes.post("faults/batch", may: .assignFaults, use: runBatch)
            .tells("Does one thing to many faults.")
            .notes("Those of `faultIds`, or with `all` those that the filter in the address finds.")
            .asks(FaultListRequest.fields + .paging).takes { _ = BatchDraft(&$0) }.takes(fields: BatchSelection.fields)
            .creates(BatchJSON.self)
        routes.get("faults/batches/{id}", may: .assignFaults, use: batch)
            .tells("What became of it.").gives(BatchJSON.self)
        routes.post("faults/batches/{id}/undo", may: .assignFaults, use: undoBatch)
            .tells("Takes it back, for a while.").gives(BatchJSON.self)
    }

    @Sendable func previewBatch(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let selection = try BatchSelection(incoming, desk)
        return try await preview(selection, desk)
    }

    private func preview(
        _ selection: BatchSelection, _ desk: FaultDesk, _ refused: FormErrors? = nil, moved: Failure? = nil
    ) async throws -> Reply {
        let condition = selection.condition(desk)
        let (count, sample, people) = try await desk.context.read(
            FaultLine.count(condition), FaultLine.page(condition, .first, size: FaultDesk.sampleSize),
            Assignable.all(desk.viewer.tenant, desk.workers))
        let page = desk.batch(selection, count, sample, people, refused, moved: moved != nil)
        if let moved { return .conflict(page: { page }, moved) }
        if let refused { return .refused(page: { page }, refused.problems) }
        return .show(
            page,
            json: BatchPreviewJSON(count: count, sample: sample.prefix(FaultDesk.sampleSize).map(FaultLineJSON.init)))
    }

    @Sendable func runBatch(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let selection = try BatchSelection(incoming, desk)
        do {
            let draft = try incoming.submission.read { BatchDraft(&$0) }
            guard !selection.isEmpty else {
                throw FormErrors([FieldProblem("fault_ids", .tooFew(min: 1))], values: incoming.values)
            }
            return try await context.once(incoming) { tx in
                let batch = try await Batches(faults: desk.faults(tx)).run(
                    draft, on: selection.condition(desk), ids: selection.ids)
                let results = try await tx.query(BatchResult.of(batch.id, desk.viewer.tenant))
                return try Effect(BatchJSON(batch, results), at: "/faults/batches/\(batch.id.text)")
            }
        } catch let errors as FormErrors {
            return try await preview(selection, desk, errors)
        } catch let failure as Failure where context.face == .page && failure.code == "validation_failed" {
            return try await preview(selection, desk, FormErrors(failure.problems, values: incoming.values))
        } catch let failure as Failure where failure.code == "count_moved" {
            return try await preview(selection, desk, moved: failure)
        }
    }

    @Sendable func batch(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let id = try incoming.id()
        let (batch, results) = try await context.read(
            BatchSummary.find(id, desk.viewer.tenant), BatchResult.of(id, desk.viewer.tenant))
        return .show(desk.batchDone(batch, results), json: BatchJSON(batch, results))
    }

    @Sendable func undoBatch(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let id = try incoming.id()
        let batch = try await context.write { tx in try await Batches(faults: desk.faults(tx)).undo(id) }
        return try .done(BatchJSON(batch, []), at: "/faults/batches/\(id.text)")
    }
}
