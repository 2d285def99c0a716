import Forms
import Foundation
import HTML
import Notifications
import Tenancy
import UI
import Web

/// `/faults/codes`: the sheets with codes, for managers.
package struct ReportCodeRoutes: Sendable {
    let tokens: VisitorTokens
    let site: Site

    package init(tokens: VisitorTokens, site: Site) {
        self.tokens = tokens
        self.site = site
    }

    package func add(to routes: Routes) {
        routes.chapter("Codes on sheets")
        routes.get("faults/codes", may: .assignFaults, use: list)
            .tells("Lists the codes with which people report without an account.").lists(ReportCodeJSON.self)
        routes.get("faults/codes.csv", may: .assignFaults, use: export)
            .tells("The same as CSV.").gives(file: "text/csv")
        routes.post("faults/codes", may: .assignFaults, use: make)
            .tells("Makes a code for `building-…` or `entrance-…`, or for `all` buildings that have none.")
            .takes { _ = Self.place(&$0) }.gives([String: Int].self).creates(ReportCodeJSON.self, once: false)
        routes.get("faults/codes/sheets", may: .assignFaults, on: .page, use: sheets)
        routes.post("faults/codes/{id}/replacement", may: .assignFaults, use: replace)
            .tells("Replaces a code; the old one ends.").creates(ReportCodeJSON.self, once: false)
        routes.post("faults/codes/{id}/end", may: .assignFaults, on: .page, use: end)
        routes.delete("faults/codes/{id}", may: .assignFaults, use: end)
            .tells("Ends a code.").givesNothing()
    }

    @Sendable private func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = ReportCodeDesk(context, tokens, site)
        let (cursor, size) = (try incoming.cursor(), try incoming.limit())
        let (codes, total, places) = try await context.read(
            ReportCode.page(context.tenant.id, cursor, size: size), ReportCode.count(context.tenant.id),
            CodelessPlace.all(context.tenant.id))
        let page = KeysetPage(codes, size: size, cursor: cursor) { $0.id }
        return .show(
            desk.list(page, total, places),
            json: ListJSON(items: page.lines.map(desk.json), nextCursor: page.next?.text, total: total))
    }

    @Sendable private func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = ReportCodeDesk(context, tokens, site)
        var csv = CSV(head: ["place", "address", "made", "reports"])
        let codes = try await context.read(ReportCode.several(nil, context.tenant.id))
        for code in codes { csv.append(desk.cells(code)) }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "qr-sheets.csv"))
    }

    /// `place`, or `place=all` for every building that has none.
    @Sendable private func make(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = ReportCodeDesk(context, tokens, site)
        do {
            let place = try incoming.submission.read { Self.place(&$0) }
            if place == "all" {
                let count = try await context.write { tx in try await ReportCodes(tx: tx, tokens: tokens).makeMissing() }
                return try .done(["made": count], at: "/faults/codes", flash: Flash(desk.t.codes.madeMany(count: count)))
            }
            let code = try await context.write { tx in try await ReportCodes(tx: tx, tokens: tokens).make(place) }
            return try .created(desk.json(code), at: "/faults/codes", flash: Flash(desk.t.codes.madeFor(place: desk.place(code))))
        } catch let errors as FormErrors {
            return try await refused(errors, desk)
        } catch let failure as Failure where context.face == .page && !failure.problems.isEmpty {
            return try await refused(FormErrors(failure.problems, values: incoming.values), desk)
        }
    }

    private static func place(_ form: inout FormReader) -> String { form.text("place", .required, .max(60)) }

    private func refused(_ errors: FormErrors, _ desk: ReportCodeDesk) async throws -> Reply {
        let tenant = desk.context.tenant.id
        let (codes, total, places) = try await desk.context.read(
            ReportCode.page(tenant, .first, size: 20), ReportCode.count(tenant), CodelessPlace.all(tenant))
        let page = KeysetPage(codes, size: 20, cursor: .first) { $0.id }
        return .refused(page: { desk.list(page, total, places, errors) }, errors.problems)
    }

    /// All of them, those of one `building`, or those of `code_ids`; a sheet each.
    @Sendable private func sheets(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = ReportCodeDesk(context, tokens, site)
        let (ids, building) = try incoming.query.read { form in
            (form.uuids("code_ids", max: 100), form.optionalUUID("building"))
        }
        let codes = try await context.read(ReportCode.several(ids.isEmpty ? nil : ids, in: building, context.tenant.id))
        guard ids.isEmpty || codes.count == Set(ids).count else { throw Failure.notFound }
        return .page(try desk.sheets(codes))
    }

    @Sendable private func replace(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = ReportCodeDesk(context, tokens, site)
        let id = try incoming.id()
        let code = try await context.write { tx in try await ReportCodes(tx: tx, tokens: tokens).replace(id) }
        return try .created(desk.json(code), at: "/faults/codes", flash: Flash(desk.t.codes.replaced(place: desk.place(code))))
    }

    @Sendable private func end(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = ReportCodeDesk(context, tokens, site)
        let id = try incoming.id()
        try await context.write { tx in try await ReportCodes(tx: tx, tokens: tokens).end(id) }
        return .gone(at: "/faults/codes", flash: Flash(desk.t.codes.ended))
    }
}
