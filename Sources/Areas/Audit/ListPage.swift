import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// What the address of the company's audit log asks for.
struct AuditRequest: Sendable {
    let filter: AuditFilter
    let cursor: Cursor
    let size: Int
    /// As typed, for the fields and chips of the filter bar.
    let values: [String: String]

    static let fields: [FieldShape] = names.map { name in
        switch name {
        case "from", "to": FieldShape(name, .date)
        case "record": .uuid(name)
        default: .text(name, max: 120)
        }
    }

    static let names = ["q", "actor", "entity", "action", "from", "to", "record"]

    init(_ incoming: Incoming, _ context: MemberContext) throws {
        var values: [String: String] = [:]
        for name in Self.names {
            values[name] = incoming.query.single(name).flatMap { $0.isEmpty ? nil : String($0.prefix(120)) }
        }
        let zone = context.tenant.timeZone
        var filter = AuditFilter(context.tenant.id)
        filter.words = values["q"]
        filter.actor = values["actor"]
        filter.entity = values["entity"]
        filter.action = values["action"]
        filter.record = values["record"].map { UUID(uuidString: $0) }.map { id in id.map { "\($0)" } ?? "null" }
        // Days are the company's; the last one counts as a whole. What is no day is no filter, and falls out of the address.
        let from = values["from"].flatMap { CalendarDate($0) }
        let to = values["to"].flatMap { CalendarDate($0) }
        if from == nil { values["from"] = nil }
        if to == nil { values["to"] = nil }
        filter.from = from?.start(in: zone)
        filter.until = to?.adding(days: 1)?.start(in: zone)
        self.filter = filter
        self.values = values
        cursor = try incoming.cursor()
        size = try incoming.limit()
    }

    /// All pages of the list as CSV, piece by piece while they are read.
    func write(_ context: MemberContext, _ write: ([UInt8]) async throws -> Void) async throws {
        var csv = CSV(head: AuditLine.head)
        var before: UUID?
        repeat {
            let lines = try await context.read(AuditLine.list(filter, before: before, after: nil, limit: 1000))
            for line in lines { csv.append(line.cells) }
            try await write(csv.take())
            before = lines.count == 1000 ? lines.last?.id : nil
        } while before != nil
    }

    /// The same list with one parameter changed; page position is forgotten.
    func path(without name: String? = nil, cursor: Cursor? = nil, at base: WebPath = "/admin/audit") -> WebPath {
        var query = Self.names.filter { $0 != name }.compactMap { name in values[name].map { (name, $0) } }
        if let text = cursor?.text { query.append(("cursor", text)) }
        if size != 20 { query.append(("limit", String(size))) }
        return base.adding(query: query)
    }
}

extension AuditDesk {
    func list(_ page: KeysetPage<AuditLine>, _ total: Int, _ request: AuditRequest) -> AuditPage {
        let field = { (name: String, label: String) in Field(name, label: label, value: request.values[name] ?? "") }
        let summary = t.summary(count: total)
        return AuditPage(
            tabs: tabs(isSeals: false), action: "/admin/audit", words: field("q", t.filter.words),
            actor: field("actor", t.filter.actor), entity: field("entity", t.filter.entity),
            entities: Self.entities.map { Choice($0, entity($0)) }, act: field("action", t.filter.action),
            acts: Self.actions.map(choice), from: field("from", t.filter.from), to: field("to", t.filter.to),
            record: request.values["record"], summary: summary, chips: chips(request),
            clear: request.values.isEmpty ? nil : "/admin/audit", csv: request.path(at: "/admin/audit.csv"),
            export: request.path(at: "/admin/audit/export"), rows: page.lines.map(row),
            pager: Pager(
                previous: page.previous.map { request.path(cursor: $0) }, next: page.next.map { request.path(cursor: $0) },
                summary: summary))
    }

    private func chips(_ request: AuditRequest) -> [Chip] {
        AuditRequest.names.compactMap { name in
            request.values[name].map { value in
                let (label, text) =
                    switch name {
                    case "actor": (t.filter.actor, value == "system" ? t.system : value)
                    case "entity": (t.filter.entity, entity(value))
                    case "action": (t.filter.action, choice(value).label)
                    case "from": (t.filter.from, day(value))
                    case "to": (t.filter.to, day(value))
                    case "record": (t.filter.record, value)
                    default: (t.filter.words, value)
                    }
                return Chip(label: label, value: text, remove: request.path(without: name))
            }
        }
    }

    private func day(_ text: String) -> String {
        CalendarDate(text).map { context.format.date($0.noon(in: context.outer.zone)) } ?? text
    }

    func tabs(isSeals: Bool) -> [Tab] {
        [Tab(t.entries, "/admin/audit", current: !isSeals), Tab(t.seals.title, "/admin/audit/seals", current: isSeals)]
    }

    // MARK: Seals

    func seals(_ standing: SealStanding, last: AuditLine?, fingerprint: String?) -> SealsPage {
        let format = context.format
        let result = last?.after?.auditValues?["result"] ?? nil
        let line = last?.after?.auditValues?["line"] ?? nil
        return SealsPage(
            tabs: tabs(isSeals: true),
            facts: [
                Fact(t.seals.sealed, format.number(standing.sealed)), Fact(t.seals.waiting, format.number(standing.waiting)),
                Fact(t.seals.last, standing.sealedAt.map { format.dateTime($0) } ?? t.seals.never),
                Fact(t.seals.head, standing.note ?? "–"), Fact(t.seals.certificate, fingerprint ?? t.seals.noCertificate)
            ], check: "/admin/audit/verification", certificates: fingerprint == nil ? nil : "/admin/audit/certificates.pem",
            result: last.flatMap { last in
                result.map { result in
                    Flash(
                        t.seals.found(result: result, moment: format.dateTime(last.at), line: line ?? "–"),
                        tone: result == "intact" ? .ok : .bad)
                }
            },
            found: line.flatMap { UUID(uuidString: $0) }.map { ("/admin/audit" as WebPath).adding(query: [("q", $0.text)]) })
    }
}
