import Foundation
import HTML
import Identity
import UI
import Web

/// `/account/exports` and `/people/{id}/exports`.
package struct ExportsPage: Sendable {
    var title: String
    var lead: String
    var crumbs: [Crumb]
    var summary: String
    /// POST.
    var ask: WebPath
    var rows: [ExportRow]
    var pager: Pager
}

package struct ExportRow: Sendable {
    var requested: Moment
    var requester: String
    var state: Badge
    var size: String
    /// Nil until it is ready.
    var expires: Moment?
    /// Nil unless it can be fetched.
    var file: WebPath?
}

extension ExportsPage {
    static func path(of member: UUID, _ context: MemberContext) -> WebPath {
        member == context.memberID ? "/account/exports" : "/people/\(member.text)/exports"
    }

    init(_ page: KeysetPage<DataExport>, _ total: Int, of person: Standing, _ context: MemberContext) {
        let t = PrivacyMessages(context.language)
        let (isOwn, list) = (person.id == context.memberID, Self.path(of: person.id, context))
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        let summary = t.exports.summary(count: total)
        self.init(
            title: isOwn ? t.exports.own : t.exports.of(name: person.name), lead: isOwn ? t.exports.ownText : t.exports.text,
            crumbs: isOwn
                ? [Crumb(t.account, "/account"), Crumb(t.exports.own)]
                : [Crumb(t.people, "/people"), Crumb(person.name, person.path), Crumb(t.exports.title)],
            summary: summary, ask: list, rows: page.lines.map { ExportRow($0, at: list, t.exports, context) },
            pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary))
    }
}

extension ExportRow {
    init(_ export: DataExport, at list: WebPath, _ t: PrivacyMessages.Exports, _ context: MemberContext) {
        let state = export.state(at: context.now)
        let badge: Badge =
            switch state {
            case .waiting: Badge(t.stateName(state: state.rawValue), tone: .info, mark: .half)
            case .ready: Badge(t.stateName(state: state.rawValue), tone: .ok, mark: .check)
            case .expired: Badge(t.stateName(state: state.rawValue), mark: .strike)
            }
        self.init(
            requested: context.format.moment(export.requestedAt), requester: export.requester, state: badge,
            size: export.bytes.map { t.size(kilobytes: max(1, $0 / 1024)) } ?? "",
            expires: export.expiresAt.map(context.format.moment), file: state == .ready ? "\(list)/\(export.id.text)/file" : nil)
    }
}
