import Database
import Forms
import Foundation
import UI
import Web

/// Changing what a fault says.
extension FaultRoutes {
    @Sendable func editor(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let fault = try await context.read(Fault.find(try incoming.faultKey(), desk.viewer, today: desk.today))
        guard desk.viewer.mayEdit(fault) else { throw Failure.forbidden }
        return .page(desk.edit(fault, FaultText(fault).values, []))
    }

    @Sendable func edit(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        do {
            let draft = try incoming.submission.read { FaultEdit(&$0, desk.settings) }
            let (fault, merged) = try await context.write { tx in
                let before = try await desk.faults(tx).find(key, lock: true)
                return (try await desk.faults(tx).edit(key, draft), draft.version.map { $0 != before.version } ?? false)
            }
            let news = merged ? desk.t.edit.merged(number: fault.number) : desk.t.edit.saved(number: fault.number)
            return try .done(FaultJSON(fault, desk.viewer, now: context.now), at: fault.path, flash: Flash(news))
        } catch let errors as FormErrors {
            let fault = try await context.read(Fault.find(key, desk.viewer, today: desk.today))
            let page = desk.edit(fault, errors.values, errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let conflict as FaultConflict {
            let entries = try await context.read(FaultEntry.of(key, context.tenant.id))
            let page = desk.merge(conflict, by: entries.last)
            return .conflict(page: { page }, .staleVersion)
        }
    }

    /// The button beside a suggestion.
    @Sendable func acceptSuggestion(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        let fault = try await context.write { tx in try await desk.faults(tx).acceptSuggestion(key) }
        return try .done(
            FaultJSON(fault, desk.viewer, now: context.now), at: fault.path,
            flash: Flash(desk.t.suggestion.accepted(number: fault.number)))
    }
}
