import Audit
import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// People who registered by themselves, and the roles that they asked for.
struct ApplicantRoutes: Sendable {
    func add(to routes: Routes) {
        routes.get("admin/users", may: .approvePeople, use: list)
            .tells("Lists people who registered by themselves.")
            .asks(.text("q"), .choice("state", ApplicantState.self)).lists(ApplicantJSON.self)
        routes.get("admin/users.csv", may: .approvePeople, use: export)
            .tells("The same as CSV.")
            .asks(.text("q"), .choice("state", ApplicantState.self)).gives(file: "text/csv")
        routes.post("admin/users/{id}/approval", may: .approvePeople) { try await decide($0, $1, grant: true) }
            .tells("Grants the role that somebody asked for.").gives(ApplicantJSON.self)
        routes.post("admin/users/{id}/refusal", may: .approvePeople) { try await decide($0, $1, grant: false) }
            .tells("Refuses the role that somebody asked for.").gives(ApplicantJSON.self)
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor, filter) = (try incoming.limit(), try incoming.cursor(), ApplicantFilter(incoming))
        let condition = filter.condition(context.tenant.id)
        let (lines, total) = try await context.read(
            ApplicantLine.page(condition, cursor, size: size), ApplicantLine.count(condition))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            ApplicantsPage(page, total, filter, context),
            json: ListJSON(items: page.lines.map { ApplicantJSON($0) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let condition = ApplicantFilter(incoming).condition(context.tenant.id)
        var csv = CSV(head: ["name", "email", "phone", "requested_role", "state", "registered_at"])
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(ApplicantLine.page(condition, cursor, size: 1000))
            for line in lines.prefix(1000) {
                csv.append([
                    line.name, line.email, line.phone ?? "", line.requestedRole ?? "", line.state.rawValue,
                    line.createdAt.formatted(.iso8601)
                ])
            }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        try await context.write { tx in try tx.audit("registrations.exported", "registration", nil) }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "registrations.csv"))
    }

    @Sendable private func decide(_ incoming: Incoming, _ context: MemberContext, grant: Bool) async throws -> Reply {
        let id = try incoming.id()
        let line = try await context.write { tx in
            try await Applications(tx: tx, office: Office(context)).decide(id, grant: grant, by: context.memberID)
        }
        let t = ArrivalMessages(context.language).applicants
        return try .done(
            ApplicantJSON(line), at: "/admin/users",
            flash: Flash(grant ? t.approved(name: line.name) : t.refused(name: line.name)))
    }
}

extension ApplicantsPage {
    init(_ page: KeysetPage<ApplicantLine>, _ total: Int, _ filter: ApplicantFilter, _ context: MemberContext) {
        let t = ArrivalMessages(context.language).applicants
        let list: WebPath = "/admin/users"
        func without(_ name: String) -> WebPath { list.adding(query: filter.query.filter { $0.0 != name }) }
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: filter.query + (cursor.text.map { [("cursor", $0)] } ?? [])) }
        var chips: [Chip] = []
        if !filter.words.isEmpty { chips.append(Chip(label: t.search, value: filter.words, remove: without("q"))) }
        if let state = filter.state {
            chips.append(Chip(label: t.state, value: t.stateName(state: state.rawValue), remove: without("state")))
        }
        let (summary, office) = (t.summary(count: total), Office(context))
        self.init(
            action: list, words: Field("q", label: t.search, value: filter.words),
            state: Field("state", label: t.state, value: filter.state?.rawValue ?? ""),
            states: ApplicantState.allCases.map { Choice($0.rawValue, t.stateName(state: $0.rawValue)) }, summary: summary,
            chips: chips, clear: chips.isEmpty ? nil : list, csv: ("/admin/users.csv" as WebPath).adding(query: filter.query),
            rows: page.lines.map { ApplicantRow($0, office, context) },
            pager: page.previous == nil && page.next == nil
                ? nil : Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary))
    }
}

extension ApplicantRow {
    init(_ line: ApplicantLine, _ office: Office, _ context: MemberContext) {
        let t = ArrivalMessages(context.language).applicants
        let (state, role) = (line.state, line.requestedRole ?? "")
        let mayDecide = state == .waiting && office.mayGive(role)
        self.init(
            name: line.name, email: line.email, phone: line.phone ?? "",
            role: context.tenant.titles(of: [role], language: context.language.rawValue),
            state: Badge(t.stateName(state: state.rawValue), tone: state.tone, mark: state.mark),
            moment: context.format.moment(line.createdAt),
            approve: mayDecide ? "/admin/users/\(line.id.text)/approval" : nil,
            refuse: mayDecide ? "/admin/users/\(line.id.text)/refusal" : nil)
    }
}

extension ApplicantState {
    fileprivate var tone: Tone {
        switch self {
        case .unverified, .refused: .neutral
        case .waiting: .warn
        case .granted, .registered: .ok
        }
    }

    fileprivate var mark: Mark {
        switch self {
        case .unverified: .ring
        case .waiting: .half
        case .granted, .registered: .check
        case .refused: .strike
        }
    }
}
