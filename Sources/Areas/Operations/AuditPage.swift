import Audit
import Database
import Foundation
import HTML
import UI
import Web

struct AuditJSON: Encodable, Sendable {
    let id: String
    let at: Date
    let actor: String?
    let action: String
    let entity: String
    let entityId: String?
    let before: [String: String?]?
    let after: [String: String?]?
    let address: String?
    let requestId: String?

    init(_ line: AuditLine) {
        id = line.id.text
        at = line.at
        actor = line.actor
        action = line.action
        entity = line.entity
        entityId = line.entityID?.text
        before = try? line.before?.decode([String: String?].self)
        after = try? line.after?.decode([String: String?].self)
        address = line.address
        requestId = line.requestID
    }
}

extension AuditLine {
    var cells: [String] {
        [
            at.formatted(.iso8601), actor ?? "", action, entity, entityID?.text ?? "", before.map { $0.text } ?? "",
            after.map { $0.text } ?? "",
            address ?? "", requestID ?? ""
        ]
    }
}

extension AuditPage {
    init(_ page: KeysetPage<AuditLine>, _ total: Int, _ entity: String?, _ context: MemberContext) {
        let t = OperationsMessages(context.language).audit
        let path = { (cursor: Cursor?, csv: Bool) in
            (csv ? "/admin/audit.csv" as WebPath : "/admin/audit").adding(
                query: (entity.map { [("entity", $0)] } ?? []) + (cursor?.text.map { [("cursor", $0)] } ?? []))
        }
        self.init(
            action: "/admin/audit", entity: Field("entity", label: t.filter, value: entity ?? ""),
            entities: ["fault", "member", "job", "session", "audit"].map { Choice($0, t.entity(entity: $0)) },
            summary: t.summary(count: total),
            chips: entity.map { [Chip(label: t.filter, value: t.entity(entity: $0), remove: "/admin/audit")] } ?? [],
            clear: entity == nil ? nil : "/admin/audit", csv: path(nil, true),
            rows: page.lines.map { AuditRow($0, t, context.format) },
            pager: Pager(
                previous: page.previous.map { path($0, false) }, next: page.next.map { path($0, false) },
                summary: t.summary(count: total)))
    }
}

extension AuditRow {
    init(_ line: AuditLine, _ t: OperationsMessages.Audit, _ format: Format) {
        let json = AuditJSON(line)
        let before = json.before ?? [:]
        let after = json.after ?? [:]
        let names = Set(before.keys).union(after.keys).sorted()
        self.init(
            moment: format.moment(line.at), actor: line.actor ?? t.system,
            title: t.action(action: line.action.replacing(".", with: "_"), code: line.action), code: line.action,
            path: line.entity == "fault" ? line.entityID.map { "/faults/\($0.text)" } : nil,
            changes: names.map { name in
                let field = t.field(field: name, name: name)
                let words = { (value: String?) in
                    let text = value ?? "–"
                    return name == "state" || name == "priority" ? t.value(value: text, text: text) : text
                }
                let new = words(after[name] ?? nil)
                return before.keys.contains(name)
                    ? t.changed(field: field, old: words(before[name] ?? nil), new: new) : t.set(field: field, value: new)
            },
            address: line.address ?? "", requestID: line.requestID ?? "")
    }
}
