import Forms
import Foundation
import UI
import Web

extension FaultRoutes {
    /// Comments of one member; nobody types faster, and each may tell many people.
    static let commenting = RateLimit("fault-comment", 60, per: 3600)

    @Sendable func comment(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        do {
            let draft = try incoming.submission.read { CommentDraft(&$0) }
            try await Self.commenting.spend(context.memberID.text, context.proved(), now: context.now)
            return try await context.once(incoming) { tx in
                let (fault, comment) = try await desk.faults(tx).comment(on: key, draft)
                let done = draft.isInternal ? desk.t.comment.notedDone : desk.t.comment.done
                return try Effect(FaultCommentJSON(comment, desk.viewer, fault), at: fault.path, flash: Flash(done))
            }
        } catch let errors as FormErrors {
            let record = try await desk.record(key)
            guard desk.viewer.mayComment(on: record.fault) else { throw Failure.forbidden }
            return .refused(page: { desk.show(record, comment: errors) }, errors.problems)
        } catch let failure as Failure where context.face == .page && failure.status == .tooManyRequests {
            let record = try await desk.record(key)
            let typed = FormErrors([], values: incoming.values)
            return .failed(page: { desk.show(record, comment: typed) }, failure)
        }
    }

    /// "This is the same as …": a noun of its own, so that it can be taken back.
    @Sendable func merge(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        do {
            let (original, version) = try incoming.submission.read { Self.original(&$0) }
            let fault = try await context.write { tx in
                try await desk.faults(tx).merge(key, into: FaultKey(original), version: version)
            }
            return try .done(
                FaultJSON(fault, desk.viewer, now: context.now), at: fault.path,
                flash: Flash(desk.t.merged.done(number: fault.number, original: fault.original ?? "")))
        } catch let errors as FormErrors {
            return try await refusedMerge(errors, key, desk)
        } catch let failure as Failure where context.face == .page && failure.code == "validation_failed" {
            return try await refusedMerge(FormErrors(failure.problems, values: incoming.values), key, desk)
        }
    }

    static func original(_ form: inout FormReader) -> (String, version: Int?) {
        (form.text("original", .required, .max(40)), form.optionalInt("version", in: 1...Int(Int32.max)))
    }

    private func refusedMerge(_ errors: FormErrors, _ key: FaultKey, _ desk: FaultDesk) async throws -> Reply {
        let record = try await desk.record(key)
        return .refused(page: { desk.show(record, original: errors) }, errors.problems)
    }

    @Sendable func separate(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        let fault = try await context.write { tx in try await desk.faults(tx).separate(key) }
        return try .done(
            FaultJSON(fault, desk.viewer, now: context.now), at: fault.path,
            flash: Flash(desk.t.merged.undone(number: fault.number)))
    }
}
