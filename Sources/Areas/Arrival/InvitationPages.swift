import Forms
import Foundation
import HTML
import Identity
import Property
import UI
import Web

extension InvitationsPage {
    init(_ page: KeysetPage<InvitationLine>, _ total: Int, _ filter: InvitationFilter, _ context: MemberContext) {
        let t = ArrivalMessages(context.language).invitations
        let list: WebPath = "/admin/invitations"
        func without(_ name: String) -> WebPath { list.adding(query: filter.query.filter { $0.0 != name }) }
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: filter.query + (cursor.text.map { [("cursor", $0)] } ?? [])) }
        let roles = context.tenant.configuration.roles.map { Choice($0.key, $0.title[context.language.rawValue]) }
        let states = InvitationState.allCases.map { Choice($0.rawValue, t.stateName(state: $0.rawValue)) }
        var chips: [Chip] = []
        if !filter.words.isEmpty { chips.append(Chip(label: t.search, value: filter.words, remove: without("q"))) }
        if let role = filter.role {
            chips.append(Chip(label: t.role, value: roles.first { $0.value == role }?.label ?? role, remove: without("role")))
        }
        if let state = filter.state {
            chips.append(Chip(label: t.state, value: t.stateName(state: state.rawValue), remove: without("state")))
        }
        let (summary, office) = (t.summary(count: total), Office(context))
        self.init(
            action: list, words: Field("q", label: t.search, value: filter.words),
            role: Field("role", label: t.role, value: filter.role ?? ""), roles: roles,
            state: Field("state", label: t.state, value: filter.state?.rawValue ?? ""), states: states, summary: summary,
            chips: chips, clear: chips.isEmpty ? nil : list,
            csv: ("/admin/invitations.csv" as WebPath).adding(query: filter.query),
            rows: page.lines.map { InvitationRow($0, office, context) },
            pager: page.previous == nil && page.next == nil
                ? nil : Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary))
    }
}

extension InvitationRow {
    init(_ line: InvitationLine, _ office: Office, _ context: MemberContext) {
        let t = ArrivalMessages(context.language).invitations
        let state = line.state(at: context.now)
        let since = line.acceptedAt ?? line.revokedAt ?? line.expiresAt
        let isOpen = (state == .pending || state == .expired) && office.mayGive(line.role)
        self.init(
            email: line.email, role: context.tenant.titles(of: [line.role], language: context.language.rawValue),
            place: [line.building, line.unit].compactMap(\.self).joined(separator: ", "),
            state: Badge(t.stateName(state: state.rawValue), tone: state.tone, mark: state.mark),
            detail: t.detail(state: state.rawValue, moment: context.format.date(since)), inviter: t.by(name: line.inviter),
            moment: context.format.moment(line.sentAt),
            resend: isOpen ? "/admin/invitations/\(line.id.text)/resend" : nil,
            revoke: isOpen ? "/admin/invitations/\(line.id.text)/revocation" : nil)
    }
}

extension InvitationState {
    fileprivate var tone: Tone {
        switch self {
        case .pending: .info
        case .accepted: .ok
        case .revoked: .neutral
        case .expired: .warn
        }
    }

    fileprivate var mark: Mark {
        switch self {
        case .pending: .ring
        case .accepted: .check
        case .revoked: .strike
        case .expired: .half
        }
    }
}

extension OfficePage {
    /// `/admin/invitations/new`.
    static func invite(
        _ office: Office, _ buildings: [BuildingName], _ context: MemberContext, _ values: FormValues, _ problems: [FieldProblem]
    ) -> OfficePage {
        let form = EntryFields(context.language, values, problems)
        let t = form.t.invitations
        let items = [
            EntryItem(form.field("email", t.email, required: true, most: 254, autocomplete: "off"), .email),
            EntryItem(
                form.field("role", t.role, required: true), .select,
                choices: office.roles.map { Choice($0.key, $0.title[context.language.rawValue]) }),
            EntryItem(
                form.field("building_id", t.building), .select, choices: buildings.map { Choice($0.id.text, $0.name) },
                prompt: t.noBuilding),
            EntryItem(form.field("unit", t.unit, hint: t.unitHint, most: 60)),
            EntryItem(form.field("expires_at", t.expires, hint: t.expiresHint), .date),
            EntryItem(
                form.field("language", t.mailLanguage, required: true), .select,
                choices: context.tenant.locales.map { Choice($0, Language.name(of: $0)) })
        ]
        return OfficePage(
            title: t.new, lead: t.lead, crumbs: [Crumb(t.title, "/admin/invitations"), Crumb(t.new)],
            action: "/admin/invitations",
            back: "/admin/invitations", errors: form.errors.inOrder(of: items.map(\.field)), items: items, submit: t.send)
    }
}
