import Database
import Foundation
import HTML
import Tenancy
import UI
import Web

/// What operators did.
struct LogRoutes: Sendable {
    func add(to routes: PlatformRoutes) {
        routes.get("log", use: list)
        routes.get("log.csv", use: export)
    }

    @Sendable private func list(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let company = incoming.query.single("company").flatMap { $0.isEmpty ? nil : $0 }
        let lines = try await context.write { tx in
            try await tx.query(LoggedLine.page(company: company, cursor, size: size))
        }
        return .page(LogPage(KeysetPage(lines, size: size, cursor: cursor) { $0.id }, company, context))
    }

    @Sendable private func export(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        let company = incoming.query.single("company").flatMap { $0.isEmpty ? nil : $0 }
        try await context.note("log.exported", company: company)
        var csv = CSV(head: ["at", "operator", "action", "company", "facts", "address"])
        var cursor = Cursor.first
        repeat {
            let at = cursor
            let lines = try await context.write { tx in
                try await tx.query(LoggedLine.page(company: company, at, size: 1000))
            }
            for line in lines.prefix(1000) { csv.append(line.cells) }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "platform-log.csv"))
    }
}

extension LoggedLine {
    fileprivate var cells: [String] {
        [at.formatted(.iso8601), name ?? "", action, company ?? "", details, address ?? ""]
    }

    /// "minutes: 30, mode: look".
    fileprivate var details: String {
        facts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    }
}

/// `/log`.
package struct LogPage: Sendable {
    var chips: [Chip]
    var csv: WebPath
    var rows: [LogRow]
    var pager: Pager
}

package struct LogRow: Sendable {
    var action: String
    var details: String
    var who: String
    var address: String
    var company: String
    /// Nil where there is no such company any more.
    var path: WebPath?
    var moment: Moment
}

extension LogPage {
    init(_ page: KeysetPage<LoggedLine>, _ company: String?, _ context: OperatorContext) {
        let t = PlatformMessages(context.language)
        let query = company.map { [("company", $0)] } ?? []
        let at = { (cursor: Cursor) in
            ("/log" as WebPath).adding(query: query + (cursor.text.map { [("cursor", $0)] } ?? []))
        }
        self.init(
            chips: company.map { [Chip(label: t.companies.company, value: $0, remove: "/log")] } ?? [],
            csv: ("/log.csv" as WebPath).adding(query: query),
            rows: page.lines.map { line in
                LogRow(
                    action: t.log.act(action: line.action.replacing(".", with: "_"), raw: line.action), details: line.details,
                    who: line.name ?? t.log.nobody, address: line.address ?? "", company: line.company ?? "",
                    path: line.company.flatMap { context.house.tenants.tenant($0) }.map { "/companies/\($0.slug)" },
                    moment: context.format.moment(line.at))
            }, pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: ""))
    }
}
