import Audit
import Foundation
import UI
import Web

/// The tab "Activity" of a fault, and the words for what its audit lines store.
package enum FaultAudit {
    @Sendable package static func value(_ entity: String, _ field: String, _ value: String, _ context: MemberContext) -> String? {
        guard entity == "fault" else { return nil }
        let desk = FaultDesk(context)
        switch field {
        case "state": return FaultState(rawValue: value).map { desk.t.state(state: $0.rawValue) }
        case "priority": return FaultPriority(rawValue: value).map { desk.t.priority(priority: $0.rawValue) }
        case "category": return desk.settings.title(value, context.language.rawValue)
        default: return nil
        }
    }
}

extension FaultRoutes {
    func addActivity(to routes: Routes) {
        routes.get("faults/{fault}/activity", may: .seeActivity) { try await activity($0, $1) }
            .tells("What happened to a fault, newest first.").lists(AuditJSON.self)
    }

    private func activity(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = FaultKey(try incoming.parameter("fault"))
        let request = try ActivityRequest(incoming, context, entity: "fault", record: key.id(context.tenant.id))
        let (fault, lines, total) = try await context.read(
            Fault.find(key, desk.viewer, today: desk.today), request.lines, request.total)
        let crumbs = [Crumb(desk.t.list.title, "/faults"), Crumb(fault.number, fault.path), Crumb(desk.t.detail.activity)]
        return AuditDesk(context, values: FaultAudit.value).activity(
            ActivitySubject("fault", fault.id, title: fault.title, crumbs: crumbs, path: fault.path), request, lines, total)
    }
}
