import Database
import Foundation
import HTML
import UI
import Web

/// One page of what happened to a record; the record's own area asks for it together with the record.
package struct ActivityRequest: Sendable {
    let filter: AuditFilter
    let cursor: Cursor
    let size: Int

    /// - Parameter record: the record's id, as SQL.
    package init(_ incoming: Incoming, _ context: MemberContext, entity: String, record: SQL) throws {
        filter = AuditFilter(context.tenant.id, entity: entity, record: record)
        cursor = try incoming.cursor()
        size = try incoming.limit()
    }

    package var lines: Query<[AuditLine]> {
        AuditLine.list(filter, before: cursor.afterID, after: cursor.beforeID, limit: size + 1)
    }

    package var total: Query<Int> { AuditLine.count(filter) }
}

/// The record that the page is about.
package struct ActivitySubject: Sendable {
    let entity: String
    let id: UUID
    let title: String
    let crumbs: [Crumb]
    /// Of the record's own page.
    let path: WebPath

    package init(_ entity: String, _ id: UUID, title: String, crumbs: [Crumb], path: WebPath) {
        self.entity = entity
        self.id = id
        self.title = title
        self.crumbs = crumbs
        self.path = path
    }
}

extension AuditDesk {
    /// A record's page and its activity; none for those who may not see it.
    package static func tabs(_ record: WebPath, label: String, isActivity: Bool, _ context: MemberContext) -> [Tab] {
        guard context.may(.seeActivity) else { return [] }
        let t = AuditMessages(context.language)
        return [
            Tab(label, record, current: !isActivity), Tab(t.activity.title, "\(record)/activity", current: isActivity)
        ]
    }

    package func activity(
        _ subject: ActivitySubject, _ request: ActivityRequest, _ lines: [AuditLine], _ total: Int
    ) -> Reply {
        let page = KeysetPage(lines, size: request.size, cursor: request.cursor) { $0.id }
        let address = { (cursor: Cursor) in
            ("\(subject.path)/activity" as WebPath).adding(query: cursor.text.map { [("cursor", $0)] } ?? [])
        }
        let shown = ActivityPage(
            title: t.activity.of(title: subject.title), crumbs: subject.crumbs,
            tabs: Self.tabs(subject.path, label: entity(subject.entity), isActivity: true, context),
            summary: t.summary(count: total),
            csv: context.may(.seeAudit)
                ? ("/admin/audit.csv" as WebPath).adding(query: [("entity", subject.entity), ("record", subject.id.text)]) : nil,
            rows: page.lines.map(row),
            pager: page.previous == nil && page.next == nil
                ? nil
                : Pager(previous: page.previous.map(address), next: page.next.map(address), summary: t.summary(count: total)))
        return .show(
            shown, json: ListJSON(items: page.lines.map(AuditJSON.init), nextCursor: page.next?.text, total: total))
    }
}
