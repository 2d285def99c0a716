import Database
import Forms
import Foundation
import Tenancy
import UI
import Web

/// One fault, and what can be done with it.
extension FaultRoutes {
    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let record = try await desk.record(try incoming.faultKey())
        // Which form stands open is a page's affair.
        let wanted = context.face == .page ? incoming.query.single("act").flatMap(FaultAct.init(rawValue:)) : nil
        return .show(desk.show(record, wanted: wanted), json: record.json(desk))
    }

    /// Programs: `{assigneeId}` assigns, `{status, …}` acts, anything else edits.
    @Sendable func patch(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        let target = try incoming.submission.read { Self.target(&$0) }
        if let target {
            guard let act = FaultAct(target: target) else {
                let fault = try await context.read(Fault.find(key, desk.viewer, today: desk.today))
                throw Failure.invalidTransition(from: fault, to: target, desk.viewer, context.now)
            }
            return try await perform(act, incoming, context)
        }
        let draft = try incoming.submission.read { FaultEdit(&$0, desk.settings) }
        let fault = try await context.write { tx in try await desk.faults(tx).edit(key, draft) }
        return try .done(FaultJSON(fault, desk.viewer, now: context.now), at: fault.path)
    }

    private static func target(_ form: inout FormReader) -> FaultState? {
        form.has("status") ? form.choice("status", FaultState.self) : form.has("assignee_id") ? .assigned : nil
    }

    /// All that `patch` may read.
    @Sendable static func changes(_ form: inout FormReader, _ tenant: Tenant) {
        if let act = target(&form).flatMap(FaultAct.init(target:)) {
            _ = FaultActDraft.withFiles(act, &form, MoneyRule(tenant))
        } else {
            _ = FaultEdit(&form, tenant[FaultSettings.section])
        }
    }

    func perform(_ act: FaultAct, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        // Nobody's upload is looked at before it is clear that they see the fault at all.
        let before = try await context.read(Fault.find(key, desk.viewer, today: desk.today))
        guard desk.viewer.may(act, before) else { throw Failure.forbidden }
        var stored: [StoredPhoto] = []
        do {
            var (draft, uploads) = try incoming.submission.read { FaultActDraft.withFiles(act, &$0, desk.money) }
            stored = try await photos.develop(uploads, tenant: context.tenant.id)
            draft.photos = stored
            let prepared = draft
            let fault = try await context.write { tx in try await desk.faults(tx).act(act, on: key, prepared) }
            return try .done(
                FaultJSON(fault, desk.viewer, now: context.now), at: fault.path,
                flash: Flash(desk.t.act.done(act: act.rawValue, number: fault.number)))
        } catch let errors as FormErrors {
            return try await refusedAct(act, errors.problems, errors.values, key, desk)
        } catch let error as PhotoRefused {
            return try await refusedAct(act, [error.problem], incoming.values, key, desk, error.failure)
        } catch let failure as Failure where context.face == .page && failure.keepsPage {
            await photos.discard(stored)
            return try await refusedAct(act, failure.problems, incoming.values, key, desk, failure)
        } catch {
            await photos.discard(stored, after: error)
            throw error
        }
    }

    /// The fault's page again, with the refused form unfolded and everything that was typed.
    private func refusedAct(
        _ act: FaultAct, _ problems: [FieldProblem], _ values: FormValues, _ key: FaultKey, _ desk: FaultDesk,
        _ failure: Failure? = nil
    ) async throws -> Reply {
        let record = try await desk.record(key)
        let page = desk.show(record, refused: RefusedAct(act: act, problems: problems, values: values, failure: failure))
        if let failure, failure.code != "validation_failed" { return .failed(page: { page }, failure) }
        return .refused(page: { page }, problems)
    }
}

extension Failure {
    /// Failures of an act that belong on the fault's own page instead of an error page.
    fileprivate var keepsPage: Bool {
        code == "invalid_transition" || code == "stale_version" || code == "validation_failed"
    }
}
