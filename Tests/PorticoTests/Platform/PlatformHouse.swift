import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import Platform
@testable import portico

/// A browser at one host, with its cookies, which fills in the forms of the pages that it sees.
struct HostBrowser: Sendable {
    let app: App
    let host: String
    var cookies: [String: String] = [:]

    private mutating func send(_ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: String = "")
        async throws
        -> TestAnswer
    {
        var head = headers
        head[.acceptLanguage] = "en"
        head[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let answer = try await TestAnswer.of(app, host, method, path, head, Array(body.utf8))
        for line in answer.headers[values: .setCookie] {
            let pair = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            cookies[pair[0]] = pair[1].isEmpty ? nil : pair[1]
        }
        return answer
    }

    mutating func get(_ path: String) async throws -> TestAnswer { try await send(.get, path, [:]) }

    /// Fills in a form that stands on `page`, or on the address itself.
    mutating func post(
        _ path: String, _ fields: [(String, String)] = [], on page: String? = nil,
        _ headers: HTTPFields = TestStranger.sameOrigin
    ) async throws -> TestAnswer {
        let form = try await get(page ?? path).text
        let token = form.firstMatch(of: /name="csrf_token" value="([^"]+)"/).map { String($0.1) } ?? ""
        return try await post(path, fields + [("csrf_token", token), ("form_key", UUID().uuidString)], raw: headers)
    }

    mutating func post(_ path: String, _ fields: [(String, String)], raw headers: HTTPFields) async throws -> TestAnswer {
        var head = headers
        head[.contentType] = "application/x-www-form-urlencoded"
        let body = fields.map { "\(TestMember.encode($0.0))=\(TestMember.encode($0.1))" }.joined(separator: "&")
        return try await send(.post, path, head, body)
    }
}

/// Somebody who looks after all companies, with password, authenticator and a browser at the platform's host.
struct TestOperator: Sendable {
    static let host = "platform.localhost"
    static let password = "granit-welle-77-fenster"

    let app: App
    let id: UUID
    let email: String
    let name: String
    let authenticator: TOTP
    var browser: HostBrowser

    static func invited(_ name: String = "Ada Vogel") async throws -> (TestOperator, link: String) {
        let app = try await TestHouse.shared.value
        let email = "op-\(UUID().uuidString.lowercased())@platform.test"
        let (link, person) = try await app.platformDatabase.withoutTenant { tx in
            let link = try await Operators(tx).invite(email, name: name, app.house.sealer, now: Date())
            return (link, try #require(try await tx.query(Operator.find(email: email))))
        }
        let one = TestOperator(
            app: app, id: person.id, email: email, name: name, authenticator: TOTP(try person.secret(app.house.sealer)),
            browser: HostBrowser(app: app, host: host))
        return (one, "/set-up/\(link.text)")
    }

    /// Set up, but not signed in.
    static func ready(_ name: String = "Ada Vogel") async throws -> TestOperator {
        var (one, link) = try await invited(name)
        let answer = try await one.setUp(link)
        try #require(answer.location == "/sign-in", "\(answer.text)")
        try await one.wait()
        return one
    }

    static func signedIn(_ name: String = "Ada Vogel") async throws -> TestOperator {
        var one = try await ready(name)
        let answer = try await one.signIn()
        try #require(answer.location == "/companies", "\(answer.text)")
        return one
    }

    mutating func setUp(_ link: String, password: String = password, code: String? = nil) async throws -> TestAnswer {
        try await browser.post(
            link, [("password", password), ("password_confirm", password), ("code", code ?? self.code())])
    }

    mutating func signIn(password: String = password, code: String? = nil) async throws -> TestAnswer {
        try await browser.post("/sign-in", [("email", email), ("password", password), ("code", code ?? self.code())])
    }

    /// What the app shows now, or steps away from now.
    func code(_ steps: Int64 = 0) -> String { authenticator.code(TOTP.step(at: Date()) + steps) }

    /// Enough time goes by for codes of now to be good again.
    func wait() async throws { try await run("update platform.operator set last_step = 0 where id = \(id)") }

    @discardableResult
    func run(_ sql: SQL) async throws -> Int { try await app.platformDatabase.withoutTenant { tx in try await tx.execute(sql) } }

    func logged(_ action: String) async throws -> Int {
        try await app.platformDatabase.withoutTenant { tx in
            try await tx.value(
                "select count(*) from platform.log where operator_id = \(id) and action = \(action)", Int.self)
        }
    }

    // MARK: Entering

    /// Asks to enter and gives the entry's id.
    mutating func ask(_ company: TestCompany, mode: String = "look", minutes: String = "30") async throws -> UUID {
        let answer = try await browser.post(
            "/companies/\(company.tenant.slug)/entries",
            [("reason", "Ticket 4711, mails get lost"), ("minutes", minutes), ("mode", mode)],
            on: "/companies/\(company.tenant.slug)")
        let id = answer.location?.split(separator: "/").last.flatMap { UUID(uuidString: String($0)) }
        return try #require(id, "\(answer.status) \(answer.text)")
    }

    /// The link into the company, as the entry's page shows it.
    mutating func link(_ entry: UUID, _ company: TestCompany) async throws -> String? {
        let page = try await browser.get("/companies/\(company.tenant.slug)/entries/\(entry.text)")
        try #require(page.status == 200, "\(page.text)")
        let url = page.text.firstMatch(of: /href="http:\/\/([^"\/]+)(\/support\/[^"]+)"/)
        return url.map { String($0.2) }
    }

    /// A browser that is inside the company.
    mutating func enter(_ company: TestCompany, mode: String = "look") async throws -> (HostBrowser, UUID) {
        let entry = try await ask(company, mode: mode)
        let path = try #require(try await link(entry, company))
        var inside = HostBrowser(app: app, host: company.host)
        let answer = try await inside.post(path)
        try #require(answer.location == "/dashboard", "\(answer.status) \(answer.text)")
        return (inside, entry)
    }
}

extension TestCompany {
    /// A job that was given up.
    func parkedJob(_ error: String = "The other side hung up") async throws -> UUID {
        let id = UUID.v7()
        try await walled.write { tx in
            _ = try await tx.batch(
                Query.execute(
                    """
                    insert into jobs.queue(tenant_id, id, kind, state, attempt, max_attempts, finished_at)
                    values (\(tenant.id), \(id), 'test.never', 'parked', 3, 3, now())
                    """),
                Query.execute(
                    "insert into app.job(tenant_id, id, args, last_error) values (\(tenant.id), \(id), '{}', \(error))"))
        }
        return id
    }
}
