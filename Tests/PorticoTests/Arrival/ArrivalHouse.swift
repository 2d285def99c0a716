import Arrival
import Database
import Foundation
import HTTPTypes
import Jobs
import Mail
import Testing
import Web

@testable import Notifications
@testable import portico

/// Somebody who is nobody here yet, at a browser without scripts.
struct TestStranger: Sendable {
    let company: TestCompany
    let visit: String
    let csrf: String
    let language: String

    init(_ company: TestCompany, language: String = "de") async throws {
        self.company = company
        self.language = language
        let page = try await company.anonymous(.get, "/login", [.acceptLanguage: language])
        visit = page.cookie("portico_visit") ?? ""
        csrf = page.text.firstMatch(of: /name="csrf_token" value="([^"]+)"/).map { String($0.1) } ?? ""
    }

    static let sameOrigin: HTTPFields = HTTPField.Name("Sec-Fetch-Site").map { [$0: "same-origin"] } ?? [:]

    func get(_ path: String) async throws -> TestAnswer {
        try await company.anonymous(.get, path, [.cookie: "portico_visit=\(visit)", .acceptLanguage: language])
    }

    func post(_ path: String, _ fields: [(String, String)], _ more: HTTPFields = [:]) async throws -> TestAnswer {
        var head: HTTPFields = [
            .cookie: "portico_visit=\(visit)", .acceptLanguage: language, .contentType: "application/x-www-form-urlencoded"
        ]
        for field in Self.sameOrigin { head[field.name] = field.value }
        for field in more { head[field.name] = field.value }
        let body = (fields + [("csrf_token", csrf), ("form_key", UUID().uuidString)]).map {
            "\(TestMember.encode($0.0))=\(TestMember.encode($0.1))"
        }
        return try await company.anonymous(.post, path, head, body: body.joined(separator: "&"))
    }
}

extension TestAnswer {
    func cookie(_ name: String) -> String? {
        headers[values: .setCookie].first { $0.hasPrefix("\(name)=") }
            .map { String($0.dropFirst(name.count + 1).prefix { $0 != ";" }) }
    }

    /// As two visitors see it: without tokens and numbers that differ from request to request.
    var bare: String {
        withoutRequestID.replacing(/name="(csrf_token|form_key)" value="[^"]*"/, with: "")
    }
}

extension TestCompany {
    /// A program without a token.
    func program(_ path: String, _ json: String, _ headers: HTTPFields = [:]) async throws -> TestAnswer {
        var head = headers
        head[.contentType] = "application/json"
        return try await anonymous(.post, path, head, body: json)
    }

    /// Runs everything that coming in has left to do, as if it were that time.
    @discardableResult
    func answer(by channels: Channels, at now: Date = Date().addingTimeInterval(1)) async throws -> Int {
        var handlers = JobHandlers()
        ArrivalJobs(tenants: app.tenants).register(in: &handlers)
        app.postOffice(channels).register(in: &handlers)
        return try await Worker(database: app.workerDatabase, handlers: handlers, logger: TestHouse.logger)
            .drain(tenant: tenant.id, asOf: now)
    }

    /// Sends by the shared SMTP server and gives what came for that address, newest last.
    func mails(to address: String, at now: Date = Date().addingTimeInterval(1)) async throws -> [MailPeer.Taken] {
        let peer = try await MailPeer.shared.value
        try await answer(by: Channels(mail: try peer.channel()), at: now)
        return try await peer.taken(address)
    }

    func count(_ sql: SQL) async throws -> Int {
        try await walled.read(Query.value("select count(*) from \(sql)", Int.self))
    }

    func run(_ sql: SQL) async throws {
        _ = try await walled.write { tx in try await tx.execute(sql) }
    }

    /// Where anybody may register, as a resident, and ask to be an owner.
    static func open(_ rule: String = "{rule: open, role: resident, mayAsk: [owner, manager]}") async throws -> TestCompany {
        try await fresh { $0.replacing("registration: {rule: closed}", with: "registration: \(rule)") }
    }

    static func address(_ name: String = "nora") -> String { "\(name)@\(UUID().uuidString.lowercased()).test" }
}

extension MailPeer.Taken {
    /// The first address in the mail's text that leads there.
    func link(_ path: String) -> String? {
        text.flatMap { text in
            text.split(whereSeparator: \.isWhitespace).map(String.init).first { $0.hasPrefix("http") && $0.contains(path) }
        }
    }

    /// The path and query of that link.
    func path(_ wanted: String) throws -> String {
        let found = try #require(link(wanted), "no link to \(wanted) in \(text ?? "")")
        let url = try #require(URL(string: found))
        return url.path + (url.query.map { "?\($0)" } ?? "")
    }

    func secret(_ path: String) throws -> String { String(try self.path(path).split(separator: "=").last ?? "") }
}

extension TestMember {
    /// Invites an address and reads the code out of the mail that arrives there.
    func invite(_ address: String, _ more: String = "") async throws -> (id: String, code: String) {
        let answer = try await api(.post, "/invitations", "{\"email\":\"\(address)\",\"role\":\"resident\"\(more)}")
        try #require(answer.status == 201, "\(answer.text)")
        let mail = try #require(try await company.mails(to: address).last)
        return (answer.json?["id"] as? String ?? "", try mail.secret("/register"))
    }
}
