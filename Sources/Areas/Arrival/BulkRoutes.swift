import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// Inviting everybody of a list: first a look at what it would do, then all of them, or only those without errors.
struct BulkRoutes: Sendable {
    func add(to routes: Routes) {
        routes.get("admin/invitations/bulk", may: .invitePeople, on: .page, use: form)
        routes.post("admin/invitations/bulk", may: .invitePeople, on: .page, body: .uploads, use: submit)
        routes.post("invitations/bulk", may: .invitePeople, on: .api, body: .uploads, use: submit)
            .tells("Looks at a list of people to invite, as CSV in `csv` or as `file`; with `run` it invites them.")
            .takes { _ = Self.fields(&$0) }.gives(BulkJSON.self).creates([String: Int].self)
    }

    @Sendable func form(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        .page(OfficePage.list(context, FormValues(), []))
    }

    private struct Request: Sendable {
        let csv: String
        let isRun: Bool
        let skips: Bool
    }

    /// Nothing is kept between the two steps: the second one checks the list again.
    @Sendable func submit(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        do {
            let request = try await request(incoming)
            let file = try await ImportJobs.readers.run { try CSVFile(Array(request.csv.utf8)) }
            let list = try BulkList(file, Office(context))
            return try await request.isRun ? send(list, request, incoming, context) : look(list, request, context)
        } catch let errors as FormErrors {
            let page = OfficePage.list(context, incoming.values, errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let refused as CSVFile.Refused {
            let words = ArrivalMessages(context.language).bulk.unreadable(row: refused.row, code: refused.code)
            let problem = FieldProblem("csv", .own(refused.code))
            var page = OfficePage.list(context, incoming.values, [problem])
            page.errors = page.errors.map { FieldError(field: $0.field, code: $0.code, message: words, label: $0.label) }
            return .refused(page: { [page] in page }, [problem])
        }
    }

    private static func fields(_ form: inout FormReader) -> ([Upload], String, isRun: Bool, skips: Bool) {
        (
            form.files("file", max: 1, maxBytes: 1 << 20), form.text("csv", .max(200_000), .lines), form.flag("run"),
            form.flag("skip_errors")
        )
    }

    private func request(_ incoming: Incoming) async throws -> Request {
        let (uploads, typed, isRun, skips) = try incoming.submission.read { Self.fields(&$0) }
        var csv = typed
        if let upload = uploads.first {
            guard let text = String(validating: try await upload.bytes(), as: UTF8.self) else {
                throw CSVFile.Refused(code: "csv_encoding", row: 1)
            }
            csv = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        }
        guard !csv.isEmpty else { throw FormErrors([FieldProblem("csv", .own("csv_needed"))], values: incoming.values) }
        return Request(csv: csv, isRun: isRun, skips: skips)
    }

    private func look(_ list: BulkList, _ request: Request, _ context: MemberContext) async throws -> Reply {
        var list = list
        try list.note(try await context.read(list.candidates(context)))
        let (page, json) = (BulkPage(list, request.csv, refused: false, context), BulkJSON(list))
        return .show(page, json: json)
    }

    private struct HasErrors: Error {
        let list: BulkList
    }

    /// Looked up inside, so that a double click is not told that its own first click has invited.
    private func send(_ list: BulkList, _ request: Request, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply
    {
        do {
            return try await context.once(incoming) { tx in
                var list = list
                try list.note(try await tx.query(list.candidates(context)))
                guard !list.good.isEmpty, list.bad.isEmpty || request.skips else { throw HasErrors(list: list) }
                let ids = try await Invitations(tx: tx, office: Office(context)).invite(list.good, by: context.session)
                let t = ArrivalMessages(context.language).bulk
                return try Effect(
                    ["invited": ids.count, "leftOut": list.bad.count], at: "/admin/invitations",
                    flash: Flash(t.sent(count: ids.count)))
            }
        } catch let errors as HasErrors {
            let page = BulkPage(errors.list, request.csv, refused: true, context)
            let problems = errors.list.bad.flatMap { row in
                row.problems.map { FieldProblem("rows.\(row.number).\($0.field)", $0.code) }
            }
            return .refused(page: { page }, problems)
        }
    }
}

extension OfficePage {
    /// `/admin/invitations/bulk`.
    static func list(_ context: MemberContext, _ values: FormValues, _ problems: [FieldProblem]) -> OfficePage {
        let form = EntryFields(context.language, values, problems)
        let t = form.t
        let items = [EntryItem(form.field("file", t.bulk.file), .file), EntryItem(form.field("csv", t.bulk.paste), .lines)]
        return OfficePage(
            title: t.invitations.bulk, lead: t.bulk.lead,
            crumbs: [Crumb(t.invitations.title, "/admin/invitations"), Crumb(t.invitations.bulk)],
            action: "/admin/invitations/bulk", back: "/admin/invitations", errors: form.errors.inOrder(of: items.map(\.field)),
            items: items, uploads: true, submit: t.bulk.check)
    }
}

extension BulkPage {
    init(_ list: BulkList, _ csv: String, refused: Bool, _ context: MemberContext) {
        let t = ArrivalMessages(context.language)
        let good = list.good.count
        self.init(
            crumbs: [
                Crumb(t.invitations.title, "/admin/invitations"), Crumb(t.invitations.bulk, "/admin/invitations/bulk"),
                Crumb(t.bulk.checked)
            ],
            action: "/admin/invitations/bulk", back: "/admin/invitations/bulk",
            summary: t.bulk.summary(good: good, bad: list.bad.count),
            problem: refused && !list.bad.isEmpty ? t.bulk.needsSkip : nil, csv: csv, mustSkip: !list.bad.isEmpty && good > 0,
            send: good == 0 ? nil : t.bulk.send(count: good),
            rows: list.rows.map { row in
                BulkRow(
                    number: context.format.number(row.number), email: row.cells["email"] ?? "", role: row.cells["role"] ?? "",
                    place: [row.cells["building"], row.cells["unit"]].compactMap(\.self).filter { !$0.isEmpty }.joined(
                        separator: ", "),
                    problems: ProblemText.errors(row.problems, context.language) { t.problem(code: $0) }.map {
                        "\(BulkRow.label($0.field, t)): \($0.message)"
                    })
            })
    }
}

extension BulkRow {
    fileprivate static func label(_ field: String, _ t: ArrivalMessages) -> String {
        switch field {
        case "role": t.invitations.role
        case "building", "building_id": t.invitations.building
        case "unit", "unit_id": t.invitations.unit
        case "language": t.invitations.mailLanguage
        case "expires_at": t.invitations.expires
        default: t.invitations.email
        }
    }
}
