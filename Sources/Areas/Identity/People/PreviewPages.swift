import Forms
import HTML
import UI
import Web

/// `/people/{id}/preview`.
package struct PreviewPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var action: WebPath
    var back: WebPath
    var errors: [FieldError]
    var reason: Field
}

/// `/account/previews`: who looked at a member's pages.
package struct PreviewsPage: Sendable {
    var crumbs: [Crumb]
    var summary: String
    var rows: [PreviewRow]
    var pager: Pager
}

package struct PreviewRow: Sendable {
    var viewer: String
    var reason: String
    var began: Moment
    var ended: Moment
}

extension PreviewPage {
    init(_ standing: Standing, _ reason: String, _ problems: [FieldProblem], _ context: MemberContext) {
        let t = IdentityMessages(context.language)
        let errors = ProblemText.errors(problems, context.language)
        let field = Field(
            "reason", label: t.preview.reason, value: reason, hint: t.preview.reasonHint, error: errors.message(for: "reason"),
            required: true, maxLength: 500)
        self.init(
            title: t.preview.of(name: standing.name),
            crumbs: [Crumb(t.standing.people, "/people"), Crumb(standing.name, standing.path), Crumb(t.preview.title)],
            action: "/people/\(standing.id.text)/preview", back: standing.path, errors: errors.inOrder(of: [field]),
            reason: field)
    }
}

extension PreviewsPage {
    init(_ page: KeysetPage<PreviewLine>, _ total: Int, _ context: MemberContext) {
        let t = IdentityMessages(context.language)
        let list: WebPath = "/account/previews"
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        let summary = t.preview.summary(count: total)
        self.init(
            crumbs: [Crumb(t.account.title, "/account"), Crumb(t.preview.seenTitle)], summary: summary,
            rows: page.lines.map { line in
                PreviewRow(
                    viewer: line.viewer, reason: line.reason, began: context.format.moment(line.beganAt),
                    ended: context.format.moment(line.end))
            }, pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary))
    }
}
