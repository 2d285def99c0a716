import Foundation
import HTML
import UI
import Web

/// `/support/{id}/{token}`: what an operator confirms before they are in.
package struct SupportDoorPage: Sendable {
    var title: String
    var lead: String
    var facts: [Fact]
    /// POST.
    var action: WebPath
}

extension SupportDoorPage {
    init(_ entry: SupportEntry, _ path: WebPath, _ context: TenantContext) {
        let t = PlatformMessages(context.language).entry
        self.init(
            title: t.title(company: context.tenant.name), lead: t.doorLead(company: context.tenant.name),
            facts: [
                Fact(t.who, entry.name), Fact(t.reason, entry.reason), Fact(t.mode, t.modeName(mode: entry.mode.rawValue)),
                Fact(t.until, context.format.dateTime(entry.expiresAt))
            ], action: path)
    }
}

/// `/admin/support`: who of the platform was or is in the company.
package struct SupportPage: Sendable {
    var summary: String
    var csv: WebPath
    var rows: [EntryRow]
    var pager: Pager
}

extension SupportPage {
    init(_ page: KeysetPage<SupportEntry>, _ total: Int, _ context: MemberContext) {
        let t = PlatformMessages(context.language).entry
        let at = { (cursor: Cursor) in
            ("/admin/support" as WebPath).adding(query: cursor.text.map { [("cursor", $0)] } ?? [])
        }
        self.init(
            summary: t.summary(count: total), csv: "/admin/support.csv", rows: page.lines.map { EntryRow($0, context) },
            pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: t.summary(count: total)))
    }
}

extension EntryRow {
    /// As the company's admins see it.
    init(_ entry: SupportEntry, _ context: MemberContext) {
        let t = PlatformMessages(context.language).entry
        self.init(
            name: entry.name, reason: entry.reason, mode: t.modeName(mode: entry.mode.rawValue),
            state: entry.badge(context.language, now: context.now), asked: context.format.moment(entry.askedAt),
            until: context.format.moment(entry.endedAt ?? entry.expiresAt),
            end: context.may(.endSupport) && entry.isOpen(context.now)
                ? "/admin/support/\(entry.id.text)/revocation" : nil,
            acts: context.may(.seeAudit)
                ? ("/admin/audit" as WebPath).adding(query: [("actor", entry.id.text)]) : nil)
    }
}

struct SupportEntryJSON: Codable, Sendable {
    let id: String
    let name: String
    let reason: String
    let mode: String
    let open: Bool
    let askedAt: Date
    let enteredAt: Date?
    let expiresAt: Date
    let endedAt: Date?
    let endedHow: String?
    let endedBy: String?

    init(_ entry: SupportEntry, now: Date) {
        id = entry.id.text
        name = entry.name
        reason = entry.reason
        mode = entry.mode.rawValue
        open = entry.isOpen(now)
        askedAt = entry.askedAt
        enteredAt = entry.enteredAt
        expiresAt = entry.expiresAt
        endedAt = entry.endedAt
        endedHow = entry.endedHow?.rawValue
        endedBy = entry.endedBy
    }
}

extension SupportEntry {
    static let head = ["asked_at", "name", "reason", "mode", "entered_at", "expires_at", "ended_at", "ended_how", "ended_by"]

    var cells: [String] {
        [askedAt.formatted(.iso8601), name, reason, mode.rawValue]
            + [enteredAt, expiresAt, endedAt].map { $0?.formatted(.iso8601) ?? "" } + [endedHow?.rawValue ?? "", endedBy ?? ""]
    }
}
