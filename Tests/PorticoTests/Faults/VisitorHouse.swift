import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Faults
@testable import portico

/// A company with a sheet in one of its houses, and whoever stands before it.
struct VisitorHouse: Sendable {
    let company: TestCompany
    let manager: TestMember
    let home: TestHome
    let codeID: String
    /// As the sheet has it.
    let code: String

    static func fresh(in house: App? = nil, _ change: (String) -> String = { $0 }) async throws -> VisitorHouse {
        let company = try await TestCompany.fresh(in: house, change)
        let manager = try await company.member("manager", name: "Maria Kern")
        let home = try await company.home()
        let made = try await manager.api(.post, "/faults/codes", #"{"place": "building-\#(home.building.text)"}"#)
        try #require(made.status == 201, "\(made.text)")
        return VisitorHouse(
            company: company, manager: manager, home: home, codeID: try #require(made.json?["id"] as? String),
            code: try #require(made.json?["code"] as? String))
    }

    var visitor: TestVisitor { TestVisitor(company: company) }

    /// A stamp of that age, as the form would carry it.
    func stamp(secondsAgo age: Int = 60) -> String {
        let second = String(Int(Date().timeIntervalSince1970) - age)
        let tenant = String(company.tenant.id)
        return "\(second).\(company.app.house.secret.sign("visitor-form", tenant, codeID, second))"
    }

    /// What somebody types who takes the time for it.
    func form(_ more: [String: String] = [:]) -> [String: String] {
        [
            "title": "Aufzug steht", "description": "Seit heute früh zwischen zwei Stockwerken", "category": "elevator",
            "opened": stamp(), "website": ""
        ].merging(more) { $1 }
    }

    /// Reports by program and gives the private link's end.
    func report(_ more: [String: String] = [:], _ headers: HTTPFields = [:]) async throws -> String {
        var fields = form(more)
        (fields["opened"], fields["website"]) = (nil, nil)
        let answer = try await visitor.api(.post, "/public/reports/\(code)", fields, headers)
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(answer.json?["statusToken"] as? String)
    }

    /// The number of the only fault.
    func number() async throws -> String {
        let items = try await manager.api(.get, "/faults").json?["items"] as? [[String: Any]]
        try #require(items?.count == 1)
        return try #require(items?.first?["number"] as? String)
    }

    func count(_ sql: SQL) async throws -> Int {
        try await company.walled.read(Query.value("\(sql) where tenant_id = \(company.tenant.id)", Int.self))
    }
}

/// Somebody without an account, with a browser of their own.
struct TestVisitor: Sendable {
    let company: TestCompany
    let cookie = SessionToken().text

    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> TestAnswer {
        var fields = headers
        fields[.cookie] = "portico_visit=\(cookie)"
        return try await company.anonymous(.get, path, fields)
    }

    /// A form that this browser got from us at `page`.
    func post(
        _ path: String, from page: String? = nil, _ values: [String: String], key: String = UUID().uuidString, photo: Data? = nil
    )
        async throws -> TestAnswer
    {
        let token =
            try await get(page ?? path).text.firstMatch(of: /name="csrf_token" value="([^"]+)"/).map { String($0.1) } ?? ""
        let fields = values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + [("csrf_token", token), ("form_key", key)]
        var headers: HTTPFields = [.cookie: "portico_visit=\(cookie)"]
        if let site = HTTPField.Name("Sec-Fetch-Site") { headers[site] = "same-origin" }
        guard let photo else {
            headers[.contentType] = "application/x-www-form-urlencoded"
            let body = fields.map { "\(TestMember.encode($0.0))=\(TestMember.encode($0.1))" }.joined(separator: "&")
            return try await company.anonymous(.post, path, headers, body: body)
        }
        let (body, type) = TestMember.multipart(fields, photos: [photo])
        headers[.contentType] = type
        return try await TestAnswer.of(company.app, company.host, .post, path, headers, body)
    }

    func api(_ method: HTTPRequest.Method, _ path: String, _ json: [String: String]? = nil, _ headers: HTTPFields = [:])
        async throws
        -> TestAnswer
    {
        var fields = headers
        if json != nil { fields[.contentType] = "application/json" }
        let body = try json.map { Array(try JSONEncoder().encode($0)) } ?? []
        return try await TestAnswer.of(company.app, company.host, method, "/api/v1" + path, fields, body)
    }
}
