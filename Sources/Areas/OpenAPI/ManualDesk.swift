import Forms
import Foundation
import HTML
import Web

extension ManualPage {
    static let address: WebPath = "/api"

    init(_ operations: [APIOperation]) {
        document = "/api/v1/openapi.json"
        chapters = operations.chapters.map(ManualLink.init)
    }
}

extension ManualLink {
    init(_ chapter: APIChapter) {
        title = chapter.title
        link = "/interface/\(chapter.name)"
        count = chapter.operations.count
    }
}

extension ManualChapterPage {
    /// Nil where there is no chapter of that name.
    init?(_ name: String, of operations: [APIOperation], _ context: TenantContext) {
        let chapters = operations.chapters
        guard let at = chapters.firstIndex(where: { $0.name == name }) else { return nil }
        let t = OpenAPIMessages(context.language)
        title = chapters[at].title
        previous = at > 0 ? ManualLink(chapters[at - 1]) : nil
        next = at + 1 < chapters.count ? ManualLink(chapters[at + 1]) : nil
        let page = ManualLink(chapters[at]).link
        self.operations = chapters[at].operations.map { ManualOperation($0, on: page, t) }
        types = chapters[at].operations.objects.compactMap { object in
            object.name.map { name in
                ManualType(id: ManualType.id(name), title: name, rows: object.fields.map { ManualRow($0, on: page) })
            }
        }.sorted { $0.title < $1.title }
    }
}

extension ManualType {
    static func id(_ name: String) -> String { "type-\(name)" }
}

extension ManualOperation {
    init(_ one: APIOperation, on page: WebPath, _ t: OpenAPIMessages) {
        id = one.id
        link = page.at(fragment: one.id)
        (method, path) = (one.method, one.path)
        sentences = [one.about.summary] + one.about.notes
        switch one.route.audience {
        case .anyone: who = t.anyone
        case .member: who = one.route.takesTokens ? t.signedIn : t.signedInAlone
        case .holders(let permission): who = t.permission(name: permission.name)
        }
        let parts = [(t.query, one.about.query), (t.body, one.bodyTypes.isEmpty ? [] : one.fields)]
        tables = parts.filter { !$0.1.isEmpty }.map { ManualTable(title: $0.0, rows: $0.1.map(ManualRow.init)) }
        answers = one.answers.flatMap { status, answers in answers.map { ManualAnswer(status, $0, on: page) } }
        answers.append(
            ManualAnswer(
                status: one.failures.map(String.init).joined(separator: ", "), text: "Error",
                type: ManualPage.address.at(fragment: "errors")))
        example = one.curl
    }
}

extension ManualAnswer {
    init(_ status: Int, _ answer: RouteDescription.Answer, on page: WebPath) {
        self.status = String(status)
        switch answer {
        case .json(let shape): (text, type) = (shape.words, shape.link(on: page))
        case .file(let media): (text, type) = (media, nil)
        case .elsewhere: (text, type) = ("Location", nil)
        case .nothing: (text, type) = ("–", nil)
        }
    }
}

extension ManualRow {
    init(_ field: FieldShape) {
        name = field.jsonName
        kind = field.kinds.map { $0.words(field) }.joined(separator: " or ")
        type = nil
        isRequired = field.isRequired
        note = field.note ?? ""
    }

    init(_ field: JSONShape.Field, on page: WebPath) {
        name = field.name
        kind = field.shape.words
        type = field.shape.link(on: page)
        isRequired = field.isAlways
        note = ""
    }
}

extension JSONShape {
    /// "string", "list of Fault".
    var words: String {
        switch self {
        case .text: "string"
        case .instant: "time"
        case .choice(let values): values.joined(separator: " · ")
        case .integer: "integer"
        case .number: "number"
        case .bool: "true or false"
        case .any: "any"
        case .list(let item): "list of \(item.words)"
        case .map(let value): "names with \(value.words)"
        case .nullable(let shape): "\(shape.words) or null"
        case .object(let object):
            object.name ?? "{" + object.fields.map { "\($0.name): \($0.shape.words)" }.joined(separator: ", ") + "}"
        }
    }

    /// To the one named object in it.
    func link(on page: WebPath) -> WebPath? {
        objects.lazy.compactMap(\.name).first.map { page.at(fragment: ManualType.id($0)) }
    }
}

extension FieldShape.Kind {
    fileprivate func words(_ field: FieldShape) -> String {
        let one = words
        guard let count = field.count else { return one }
        return "list of \(one), \(count.lowerBound)–\(count.upperBound)"
    }

    private var words: String {
        switch self {
        case .text(let min, let max, let lines):
            "string, \(min > 0 ? "\(min)–" : "at most ")\(max)\(lines ? ", several lines" : "")"
        case .email: "mail address"
        case .password: "password"
        case .flag: "true or false"
        case .uuid: "id"
        case .date: "day, 2026-11-21"
        case .instant: "time, 2026-11-21T14:05:00Z"
        case .choice(let values): values.joined(separator: " · ")
        case .listed: "one of the company's own"
        case .int(let range): range.upperBound >= Int(Int32.max) ? "integer" : "integer, \(range.lowerBound)–\(range.upperBound)"
        case .decimal(let digits, _): "number, at most \(digits) decimals"
        case .number(let range): "number, \(range.lowerBound)–\(range.upperBound)"
        case .file(let max): "file, at most \(max >> 20) MiB"
        case .rows(let fields): "{\(fields.map(\.jsonName).joined(separator: ", "))}"
        }
    }
}

extension APIOperation {
    /// A line for the shell, with what must be given.
    var curl: String {
        var parts = ["curl"]
        if changes { parts.append("-X \(method)") }
        if case .anyone = route.audience {} else { parts.append("-H \"Authorization: Bearer $TOKEN\"") }
        if about.isOnce { parts.append("-H \"Idempotency-Key: $(uuidgen)\"") }
        if bodyTypes.contains("application/json") {
            parts.append("--json '\(Self.sample(fields.filter(\.isRequired)))'")
        }
        let query = about.query.filter(\.isRequired).map { "\($0.jsonName)=…" }.joined(separator: "&")
        return (parts + ["\"$PORTICO\(path)\(query.isEmpty ? "" : "?\(query)")\""]).joined(separator: " ")
    }

    private static func sample(_ fields: [FieldShape]) -> String {
        let members = fields.filter { !$0.name.contains(".") }.map { field in
            "\"\(field.jsonName)\": \(field.count == nil ? field.sample : "[\(field.sample)]")"
        }
        return "{\(members.joined(separator: ", "))}"
    }
}

extension FieldShape {
    fileprivate var sample: String {
        switch kinds.first {
        case .flag: "true"
        case .int(let range): "\(max(1, range.lowerBound))"
        case .decimal, .number: "1.5"
        case .choice(let values): "\"\(values.first ?? "…")\""
        case .date: "\"2026-11-21\""
        case .instant: "\"2026-11-21T14:05:00Z\""
        case .email: "\"ada@example.com\""
        case .rows(let fields):
            "{\(fields.filter(\.isRequired).map { "\"\($0.jsonName)\": \($0.sample)" }.joined(separator: ", "))}"
        default: "\"…\""
        }
    }
}
