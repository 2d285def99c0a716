import Foundation
import HTTPTypes
import OpenAPI
import Testing
import Web

@testable import Forms
@testable import portico

@Suite("Descriptions are read off what they describe")
struct DescriptionTests {
    private enum Act: String, CaseIterable {
        case paint, mend
    }

    @Test("A form's fields are those that its reader asks for, with their limits; required is what is always needed")
    func fields() {
        let fields = FormReader.shapes { form in
            _ = form.text("title", .required, .max(140))
            let act = form.choice("act", Act.self)
            if act == .mend { _ = form.uuid("part_id") }
            if form.has("colour") { _ = form.text("colour", .required, .max(20)) }
            let when = form.optionalText("when", .max(40))
            if let when, when.utf8.count > 10 { _ = form.optionalInstant("when", in: .gmt) }
            if let when, when.utf8.count <= 10 { _ = form.optionalDate("when") }
            _ = form.rows("lines", max: 5) { $0.money("price", currency: "EUR") }
            _ = form.uuids("photos", max: 3)
        }
        let byName = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        #expect(Set(byName.keys) == ["title", "act", "part_id", "colour", "when", "lines", "photos"])
        #expect(byName["title"] == FieldShape("title", .text(min: 0, max: 140, lines: false), required: true))
        #expect(byName["act"] == FieldShape("act", .choice(["paint", "mend"]), required: true))
        #expect(byName["part_id"]?.isRequired == false)
        #expect(byName["colour"]?.isRequired == false)
        #expect(byName["when"]?.kinds == [.date, .instant])
        #expect(byName["photos"]?.count == 0...3)
        guard case .rows(let row)? = byName["lines"]?.kinds.first else {
            Issue.record("lines are no rows")
            return
        }
        #expect(row.map(\.name) == ["price.amount", "price.currency"])
    }

    @Test("One of two fields that stand for each other is needed, so neither is required by itself")
    func either() {
        let fields = FormReader.shapes { form in
            if form.has("username"), !form.has("email") {
                _ = form.text("username", .required)
            } else {
                _ = form.text("email", .required)
            }
        }
        #expect(Set(fields.map(\.name)) == ["username", "email"])
        #expect(fields.allSatisfy { !$0.isRequired })
    }

    private struct Answer: Codable {
        enum State: String, Codable, CaseIterable {
            case open, closed
        }

        struct Part: Codable {
            let at: Date
            let weight: Double
        }

        let id: String
        let state: State
        let parts: [Part]
        let note: String?
        let tags: [String: String?]
        let isOld: Bool

        enum CodingKeys: String, CodingKey {
            case id, state, parts, note, tags
            case isOld = "old"
        }
    }

    @Test("An answer's shape is that of its type: names as they are coded, what may be missing, choices, lists, maps")
    func shape() throws {
        guard case .object(let object) = try JSONShape.of(Answer.self) else {
            Issue.record("an answer is an object")
            return
        }
        #expect(object.fields.map(\.name) == ["id", "state", "parts", "note", "tags", "old"])
        #expect(object.fields.map(\.isAlways) == [true, true, true, false, true, true])
        #expect(object.fields[1].shape == .choice(["open", "closed"]))
        #expect(object.fields[4].shape == .map(.nullable(.text)))
        guard case .list(.object(let part)) = object.fields[2].shape else {
            Issue.record("parts are a list of objects")
            return
        }
        #expect(part.fields.map(\.shape) == [.instant, .number])
    }

    @Test(
        "An answer that is not as described is found out",
        arguments: [
            (200, "{\"id\":\"1\",\"version\":1}", ""), (200, "{\"id\":1}", "id"), (200, "{}", "id is missing"),
            (200, "{\"id\":\"1\",\"secret\":\"x\"}", "secret is not described"), (200, "[]", "not what is described"),
            (418, "{}", "status is not described"), (400, "{\"error\":\"no\"}", "code is missing")
        ])
    func witness(_ status: Int, _ body: String, _ complaint: String) async throws {
        let routes = Routes()
        routes.memberGet("things", on: .api) { _, _ in throw Failure.notFound }.tells("Things.")
            .gives(.object(.init(nil, [.init("id", .text), .init("version", .integer, always: false)])))
        let operation = try #require(APIOperation(routes.table[0], try await TestCompany.fresh().tenant))
        let answer = TestAnswer(
            status: status, headers: [.contentType: "application/json; charset=utf-8"], bytes: Array(body.utf8))
        let wrong = Witness.contradictions(of: answer, to: operation)
        #expect(complaint.isEmpty ? wrong == [] : wrong.contains { $0.contains(complaint) }, "\(wrong)")
    }

    @Test("A field that is read and not described, or described and not read, is found out")
    func readings() async throws {
        let routes = Routes()
        routes.memberPost("things", on: .api) { _, _ in throw Failure.notFound }.tells("Makes a thing.").asks(.text("q"))
            .takes { _ = $0.text("name", .required) }.givesNothing()
        let operation = try #require(APIOperation(routes.table[0], try await TestCompany.fresh().tenant))
        func wrong(_ query: String, _ body: String) throws -> [String] {
            let timing = try #require(HTTPField.Name("Server-Timing"))
            let words = "db;desc=\"1 round trips\", query;desc=\"\(query)\", body;desc=\"\(body)\""
            return Witness.contradictions(of: TestAnswer(status: 204, headers: [timing: words], bytes: []), to: operation)
        }
        #expect(try wrong("q", "name") == [])
        #expect(try wrong("q page", "name") == ["page is read from the address and not described"])
        #expect(try wrong("", "name") == ["q is described and not read from the address"])
        #expect(try wrong("q", "name colour") == ["colour is read from the body and not described"])
        #expect(try wrong("q", "") == ["name is described as needed and not read from the body"])
    }
}
