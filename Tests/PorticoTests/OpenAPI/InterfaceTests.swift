import Foundation
import HTTPTypes
import OpenAPI
import Testing
import Web

@testable import portico

@Suite("The interface for programs describes itself")
struct InterfaceTests {
    @Test("Every address for programs is described: what it does, what it takes, what it answers")
    func complete() async throws {
        let company = try await TestCompany.fresh()
        for route in company.app.table where route.face == .api {
            let name = "\(route.method.rawValue) \(route.path)"
            let operation = try #require(APIOperation(route, company.tenant), "\(name) is not described")
            #expect(!operation.about.summary.isEmpty, "\(name) does not say what it does")
            #expect(!operation.answers.isEmpty, "\(name) does not say what it answers")
            #expect(operation.about.mistakes == [], "\(name) has an answer that cannot be described")
            #expect(!route.chapter.isEmpty, "\(name) stands in no chapter")
        }
    }

    @Test("The document is OpenAPI 3.1, names every address once, and everything that it refers to is in it")
    func document() async throws {
        let company = try await TestCompany.fresh()
        let answer = try await company.anonymous(.get, "/api/v1/openapi.json")
        #expect(answer.status == 200)
        let document = try #require(answer.json)
        #expect(document["openapi"] as? String == "3.1.0")
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let described = paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } }
        #expect(Set(described) == Set(company.app.table.filter { $0.face == .api }.map { "\($0.method.rawValue) \($0.path)" }))
        let ids = paths.values.flatMap(\.values).compactMap { ($0 as? [String: Any])?["operationId"] as? String }
        #expect(Set(ids).count == described.count)
        for match in answer.text.matches(of: /"\$ref":"#\/components\/([^"]+)"/) {
            let steps = match.1.split(separator: "/").map(String.init)
            let found = steps.reduce(document["components"]) { ($0 as? [String: Any])?[$1] }
            #expect(found != nil, "\(match.1) is referred to and not there")
        }
    }

    @Test("A type's name means one thing")
    func names() async throws {
        let company = try await TestCompany.fresh()
        var known: [String: JSONShape.Object] = [:]
        for operation in company.app.table.compactMap({ APIOperation($0, company.tenant) }) {
            for case .json(let shape) in operation.answers.flatMap(\.answers) {
                for object in Self.objects(of: shape) {
                    guard let name = object.name else { continue }
                    #expect(known[name, default: object] == object, "\(name) has two meanings")
                    known[name] = object
                }
            }
        }
        #expect(known.count > 30)
    }

    private static func objects(of shape: JSONShape) -> [JSONShape.Object] {
        switch shape {
        case .list(let shape), .map(let shape), .nullable(let shape): objects(of: shape)
        case .object(let object): [object] + object.fields.flatMap { objects(of: $0.shape) }
        default: []
        }
    }

    @Test(
        "Two companies with the same rules have the same document but for name and address; it is asked for again with its ETag")
    func same() async throws {
        let (one, other) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let answers = [
            try await one.anonymous(.get, "/api/v1/openapi.json"), try await other.anonymous(.get, "/api/v1/openapi.json")
        ]
        #expect(answers[0].text.replacing(one.host, with: "-") == answers[1].text.replacing(other.host, with: "-"))
        let etag = try #require(answers[0].headers[.eTag])
        let again = try await one.anonymous(.get, "/api/v1/openapi.json", [.ifNoneMatch: etag])
        #expect(again.status == 304)
        #expect(again.bytes.isEmpty)
    }

    @Test("The manual shows every address, who may use it and what it takes, to anybody and in both languages")
    func manual() async throws {
        let company = try await TestCompany.fresh()
        let contents = try await company.anonymous(.get, "/api", [.acceptLanguage: "en"])
        #expect(contents.status == 200)
        let chapters = contents.text.matches(of: #/href="(/interface/[^"]+)"/#).map { String($0.1) }
        var pages: [String: String] = [:]
        for chapter in chapters {
            let page = try await company.anonymous(.get, chapter, [.acceptLanguage: "en"])
            #expect(page.status == 200)
            pages[chapter] = page.text
        }
        let english = pages.values.joined()
        for route in company.app.table where route.face == .api { #expect(english.contains("<code>\(route.path)</code>")) }
        #expect(english.contains("Needs the permission faults:assign."))
        #expect(english.contains("Authorization: Bearer $TOKEN"))
        let german = try await company.anonymous(.get, "/interface/faults", [.acceptLanguage: "de"])
        #expect(german.text.contains("Braucht das Recht faults:assign."))
    }

    @Test("Whatever a chapter of the manual refers to stands on its own page or among what holds everywhere")
    func links() async throws {
        let company = try await TestCompany.fresh()
        let contents = try await company.anonymous(.get, "/api").text
        for chapter in contents.matches(of: #/href="(/interface/[^"]+)"/#).map({ String($0.1) }) {
            let page = try await company.anonymous(.get, chapter).text
            let ids = Set(page.matches(of: #/ id="([^"]+)"/#).map { String($0.1) })
            for link in page.matches(of: /href="([^"#]*)#([^"]+)"/) where !link.1.hasPrefix("/a/") {
                let (path, id) = (String(link.1), String(link.2))
                switch path {
                case "", chapter: #expect(ids.contains(id), "\(chapter) has no \(id)")
                case "/api": #expect(contents.contains(" id=\"\(id)\""), "the contents have no \(id)")
                default: Issue.record("\(chapter) leads to \(path)#\(id)")
                }
            }
        }
    }

    @Test("A chapter that does not exist is not found, on a page for people")
    func unknown() async throws {
        let answer = try await TestCompany.fresh().anonymous(.get, "/interface/nothing")
        #expect(answer.status == 404)
        #expect(answer.headers[.contentType]?.hasPrefix("text/html") == true)
    }
}
