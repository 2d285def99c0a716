import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// `/admin/devices`.
package struct DevicesPage: Sendable {
    var summary: String
    var csv: WebPath
    var action: WebPath
    var errors: [FieldError]
    /// The token that was just made, shown this once.
    var made: MadeToken?
    var name: Field
    var place: Field
    var expires: Field
    var scopes: Field
    /// Empty where the company's file grants devices nothing, or nothing that the reader has.
    var choices: [Choice]
    var ticked: Set<String>
    var rows: [DeviceRow]
    var pager: Pager
}

package struct DeviceRow: Sendable {
    var name: String
    var place: String
    var scopes: String
    var state: Badge
    var expires: Moment
    /// Nil until it is used.
    var used: Moment?
    var address: String
    /// "from Maria Kern".
    var maker: String
    /// POST; nil when it is revoked.
    var replace: WebPath?
    var revoke: WebPath?
}

extension DevicesPage {
    init(
        _ page: KeysetPage<DeviceLine>, _ total: Int, _ context: MemberContext, _ values: FormValues = FormValues(),
        _ problems: [FieldProblem] = [], made: MadeToken? = nil
    ) {
        let t = IdentityMessages(context.language)
        let errors = ProblemText.errors(problems, context.language) { code in
            code == "expires_out_of_range" ? t.tokens.outOfRange : t.devices.taken
        }
        let list: WebPath = "/admin/devices"
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        let standard = CalendarDate(context.now, in: context.outer.zone).adding(days: 365)?.description ?? ""
        let (summary, typed) = (t.devices.summary(count: total), values["expires_on"])
        self.init(
            summary: summary, csv: "/admin/devices.csv", action: list, errors: errors, made: made,
            name: Field(
                "name", label: t.devices.name, value: values["name"], hint: t.devices.nameHint,
                error: errors.message(for: "name"), required: true, maxLength: 80),
            place: Field(
                "place", label: t.devices.place, value: values["place"], hint: t.devices.placeHint,
                error: errors.message(for: "place"), maxLength: 120),
            expires: Field(
                "expires_on", label: t.tokens.expires, value: typed.isEmpty ? standard : typed, hint: t.tokens.expiresHint,
                error: errors.message(for: "expires_on"), required: true),
            scopes: Field(
                "scopes", label: t.tokens.scopes, hint: t.devices.scopesHint, error: errors.message(for: "scopes"), required: true
            ),
            choices: DeviceDraft.offered(context).map { Choice($0, TokenScope.name($0, t.tokens), hint: $0) },
            ticked: Set(values.all("scopes")), rows: page.lines.map { DeviceRow($0, t, context) },
            pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary))
    }
}

extension DeviceRow {
    init(_ line: DeviceLine, _ t: IdentityMessages, _ context: MemberContext) {
        let state = line.state(at: context.now)
        let isOver = state == .revoked
        self.init(
            name: line.name, place: line.place ?? "",
            scopes: line.scopes.map { TokenScope.name($0, t.tokens) }.joined(separator: ", "),
            state: state.badge(t.tokens), expires: context.format.moment(line.expiresAt),
            used: line.usedAt.map(context.format.moment), address: line.address ?? "", maker: t.devices.from(name: line.maker),
            replace: isOver ? nil : "/admin/devices/\(line.id.text)/token",
            revoke: isOver ? nil : "/admin/devices/\(line.id.text)/revocation")
    }
}
