import Foundation
import HTML
import UI
import Web

/// How one area puts a stored value: the entity, the field and the value; nil leaves it as it stands.
package typealias AuditValueWords =
    @Sendable (_ entity: String, _ field: String, _ value: String, _ context: MemberContext) -> String?

/// One request's words for the audit trail.
package struct AuditDesk: Sendable {
    package let context: MemberContext
    let values: AuditValueWords
    let t: AuditMessages

    package init(_ context: MemberContext, values: @escaping AuditValueWords = { _, _, _, _ in nil }) {
        self.context = context
        self.values = values
        t = AuditMessages(context.language)
    }

    /// What the filter offers; lines of other kinds are found by words and record.
    static let entities = [
        "fault", "announcement", "document", "folder", "report_code", "building", "unit", "member", "invitation", "delegation",
        "vote",
        "job", "session", "token", "device",
        "support",
        "configuration", "audit"
    ]
    static let actions = [
        "fault.reported", "fault.assigned", "fault.started", "fault.held", "fault.resolved", "fault.confirmed", "fault.reopened",
        "fault.cancelled", "fault.closed", "fault.edited", "delegation.offered", "delegation.accepted", "delegation.revoked",
        "announcement.published", "announcement.withdrawn", "document.added", "document.replaced", "document.deleted",
        "vote.created",
        "vote.cast", "vote.extended", "vote.cancelled", "vote.closed", "vote.recounted", "building.created", "unit.created",
        "member.signed_in", "member.sign_in_failed", "member.signed_out",
        "member.sessions_ended", "member.roles_changed", "member.disabled", "member.enabled", "member.seen_as",
        "member.anonymised", "member.data_requested", "member.data_fetched", "member.factor_added", "member.factor_removed",
        "member.factor_failed", "member.passkey_added",
        "member.passkey_removed", "member.passkey_rewound", "session.reused", "token.created",
        "token.revoked", "device.created", "device.token_replaced", "device.revoked", "support.asked", "support.entered",
        "support.ended", "configuration.published", "configuration.reverted", "job.replayed", "job.discarded", "audit.exported",
        "audit.verified"
    ]

    func entity(_ key: String) -> String { t.entity(entity: key, raw: Self.plain(key)) }

    /// "assigned": the action's last word. "Fault: assigned" in a list of actions.
    func act(_ action: String) -> String {
        let word = action.split(separator: ".").last.map(String.init) ?? action
        return t.act(act: word, raw: Self.plain(word))
    }

    func choice(_ action: String) -> Choice {
        Choice(action, t.choice(entity: entity(action.split(separator: ".").first.map(String.init) ?? ""), act: act(action)))
    }

    private func changes(_ line: AuditLine) -> [AuditFieldChange] {
        let (before, after) = (line.before?.auditValues ?? [:], line.after?.auditValues ?? [:])
        return Set(before.keys).union(after.keys).sorted().map { name in
            AuditFieldChange(
                field: t.field(field: name, raw: Self.plain(name)), before: text(line.entity, name, before[name] ?? nil),
                after: text(line.entity, name, after[name] ?? nil))
        }
    }

    private func text(_ entity: String, _ field: String, _ value: String?) -> String? {
        guard let value else { return nil }
        return values(entity, field, value, context) ?? value
    }

    /// "location_note" is "Location note" until somebody gives it words.
    private static func plain(_ key: String) -> String {
        let text = key.replacing("_", with: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    package func row(_ line: AuditLine) -> AuditRow {
        AuditRow(
            moment: context.format.moment(line.at), actor: line.actor ?? nobody(line),
            behalf: line.behalf.map { t.behalf(name: $0) }, action: act(line.action), entity: entity(line.entity),
            path: path(line), changes: changes(line), address: line.address ?? "", requestID: line.requestID ?? "",
            seal: line.seal.map { t.sealNumber(number: $0) } ?? t.unsealed)
    }

    private func nobody(_ line: AuditLine) -> String {
        switch line.via {
        case "visitor": t.visitor
        case "platform": t.platform
        default: t.system
        }
    }

    private func path(_ line: AuditLine) -> WebPath? {
        guard let id = line.entityID?.text else { return nil }
        switch line.entity {
        case "fault": return "/faults/\(id)"
        case "building": return "/buildings/\(id)"
        case "unit": return "/units/\(id)"
        case "member": return "/people/\(id)"
        case "delegation": return "/delegations/\(id)"
        case "announcement": return "/announcements/\(id)"
        case "document": return "/documents/\(id)"
        case "folder": return "/documents/folders/\(id)"
        case "configuration": return "/admin/configuration/history"
        default: return nil
        }
    }
}
