import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

/// A browser with its cookies, which fills in the forms of the pages that it sees.
struct TestBrowser: Sendable {
    let company: TestCompany
    var cookies: [String: String] = [:]

    init(_ company: TestCompany) {
        self.company = company
    }

    private mutating func send(_ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: String) async throws
        -> TestAnswer
    {
        var head = headers
        head[.acceptLanguage] = "en"
        head[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let answer = try await company.anonymous(method, path, head, body: body)
        for line in answer.headers[values: .setCookie] {
            let pair = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            cookies[pair[0]] = pair[1].isEmpty ? nil : pair[1]
        }
        return answer
    }

    mutating func get(_ path: String) async throws -> TestAnswer { try await send(.get, path, [:], "") }

    /// Fills in a form that stands on `page`, or on the address itself.
    mutating func post(_ path: String, _ fields: [(String, String)], on page: String? = nil) async throws -> TestAnswer {
        let form = try await get(page ?? path).text
        return try await post(path, fields, token: form)
    }

    /// With the token that stands in a page's text.
    mutating func post(_ path: String, _ fields: [(String, String)], token page: String) async throws -> TestAnswer {
        let token = page.firstMatch(of: /name="csrf_token" value="([^"]+)"/).map { String($0.1) } ?? ""
        var head = TestStranger.sameOrigin
        head[.contentType] = "application/x-www-form-urlencoded"
        if let referer = HTTPField.Name("Referer") { head[referer] = "http://\(company.host)/account/security" }
        let body = (fields + [("csrf_token", token), ("form_key", UUID().uuidString)]).map {
            "\(TestMember.encode($0.0))=\(TestMember.encode($0.1))"
        }
        return try await send(.post, path, head, body.joined(separator: "&"))
    }

    /// Mail address and password; the answer leads to the next step or the start page.
    mutating func signIn(_ person: TestPerson, next: String? = nil) async throws -> TestAnswer {
        try await post(
            "/login", [("email", person.email), ("password", goodPassword)] + (next.map { [("next", $0)] } ?? []))
    }

    var isSignedIn: Bool { cookies["portico"] != nil }
}

/// A member with a password and, if they set it up, an authenticator.
struct TestPerson: Sendable {
    let member: TestMember
    let email: String
    var authenticator = TOTP([])
    var codes: [String] = []

    var company: TestCompany { member.company }

    /// What the app shows now, or steps away from now.
    func code(_ steps: Int64 = 0) -> String { authenticator.code(TOTP.step(at: Date()) + steps) }

    /// Enough time goes by for codes of now to be good again.
    func wait() async throws {
        try await company.run("update app.totp set last_step = 0 where member_id = \(member.id)")
    }

    /// The challenge of a program's sign-in.
    func challenge() async throws -> String {
        let answer = try await signIn()
        return try #require(answer.json?["mfaToken"] as? String, "\(answer.text)")
    }

    func signIn() async throws -> TestAnswer {
        try await company.program("/api/v1/auth/login", "{\"email\":\"\(email)\",\"password\":\"\(goodPassword)\"}")
    }

    func verify(_ token: String, _ code: String) async throws -> TestAnswer {
        try await company.program("/api/v1/auth/mfa/verify", "{\"mfaToken\":\"\(token)\",\"code\":\"\(code)\"}")
    }
}

extension TestAnswer {
    /// The secret of an authenticator that is on offer.
    var secret: [UInt8]? {
        guard let text = json?["secret"] as? String else { return nil }
        return TestCompany.base32(text)
    }
}

extension TestCompany {
    func person(_ role: String = "resident") async throws -> TestPerson {
        let (member, email) = (try await member(role), TestCompany.address(role))
        let hash = try await app.parts.passwords.hash(goodPassword)
        try await run("update app.member set email = \(email), password_hash = \(hash), locale = 'en' where id = \(member.id)")
        return TestPerson(member: member, email: email)
    }

    /// Somebody who has set up an authenticator, as a program does.
    func protectedPerson(_ role: String = "resident") async throws -> TestPerson {
        var person = try await person(role)
        let offer = try await person.member.api(.post, "/auth/mfa/enrol", "{}")
        person.authenticator = TOTP(try #require(offer.secret, "\(offer.text)"))
        let done = try await person.member.api(.post, "/auth/mfa/confirm", "{\"code\":\"\(person.code())\"}")
        person.codes = try #require(done.json?["recoveryCodes"] as? [String], "\(done.text)")
        try await person.wait()
        return person
    }

    /// What an authenticator app does with the secret that somebody types.
    static func base32(_ text: String) -> [UInt8]? {
        var (bytes, bits, count) = ([UInt8](), UInt32(0), UInt32(0))
        for letter in text {
            guard let value = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").firstIndex(of: letter) else { return nil }
            bits = (bits << 5) | UInt32(value)
            count += 5
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
        }
        return bytes
    }

    func audited(_ action: String, _ member: UUID) async throws -> Int {
        try await count("app.audit_line where action = \(action) and entity_id = \(member)")
    }
}
