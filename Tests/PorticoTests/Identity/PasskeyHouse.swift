import Foundation
import HTTPTypes
import Testing
import Web
import WebAuthn

@testable import Identity
@testable import portico

extension TestCompany {
    var site: PasskeySite { PasskeySite(host: host, origin: "http://\(host):\(app.settings.port)") }

    /// What a program that wants to sign in is given.
    func passkeyOptions() async throws -> PasskeyRequest {
        try PasskeyRequest(try await program("/api/v1/auth/passkeys/options", "{}"))
    }

    func passkeySignIn(_ credential: [String: String], token: String) async throws -> TestAnswer {
        try await program(
            "/api/v1/auth/passkeys/verify", TestJSON.text(["passkeyToken": token, "credential": TestJSON.credential(credential)]))
    }

    /// The whole way, with whatever lie the browser or the authenticator tells.
    func signIn(_ authenticator: TestAuthenticator, _ lie: (inout TestAuthenticator.Word) -> Void = { _ in }) async throws
        -> TestAnswer
    {
        let request = try await passkeyOptions()
        var word = TestAuthenticator.Word(request.challenge, at: site)
        lie(&word)
        return try await passkeySignIn(authenticator.get(word), token: request.token ?? "")
    }
}

/// Options as programs and pages get them.
struct PasskeyRequest: Sendable {
    let challenge: String
    let token: String?
    /// Ids of the passkeys that the browser may offer, or must not make again.
    let listed: [String]
    let user: String?
    let text: String

    init(_ answer: TestAnswer) throws {
        let json = try #require(answer.json, "\(answer.text)")
        try self.init(
            options: try #require(json["publicKey"] as? [String: Any], "\(answer.text)"), token: json["passkeyToken"] as? String,
            answer.text)
    }

    /// From the page's form that goes to an address.
    init(page: String, to action: String) throws {
        let wanted = "action=\"\(action)\""
        let form = try #require(
            page.components(separatedBy: "<form").first { $0.contains(wanted) && $0.contains("data-passkey=") }, "\(page)")
        let found = try #require(form.firstMatch(of: /data-passkey="([^"]+)"/))
        let text = String(found.1).replacing("&quot;", with: "\"").replacing("&#34;", with: "\"")
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        try self.init(options: try #require(json, "\(text)"), token: nil, text)
    }

    private init(options: [String: Any], token: String?, _ text: String) throws {
        challenge = try #require(options["challenge"] as? String)
        let list = (options["allowCredentials"] ?? options["excludeCredentials"]) as? [[String: Any]]
        listed = try #require(list).compactMap { $0["id"] as? String }
        user = (options["user"] as? [String: Any])?["id"] as? String
        self.token = token
        self.text = text
    }
}

enum TestJSON {
    static func text(_ value: [String: Any]) -> String {
        String(decoding: (try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys])) ?? Data(), as: UTF8.self)
    }

    /// As browsers' `toJSON` writes it.
    static func credential(_ answer: [String: String]) -> [String: Any] {
        var response: [String: Any] = answer.filter { $0.key != "id" }
        if answer["attestationObject"] != nil { response["transports"] = ["internal", "hybrid", "telepathy"] }
        return [
            "id": answer["id"] ?? "", "rawId": answer["id"] ?? "", "type": "public-key", "response": response,
            "clientExtensionResults": [String: Any](), "authenticatorAttachment": "platform"
        ]
    }

    /// The hidden fields of a page's form.
    static func fields(_ answer: [String: String]) -> [(String, String)] {
        answer.map { $0.key == "id" ? ("credential.id", $0.value) : ("credential.response.\($0.key)", $0.value) }
    }
}

extension TestPerson {
    /// What a program is given for a new passkey.
    func newPasskeyOptions() async throws -> PasskeyRequest {
        try PasskeyRequest(try await member.api(.post, "/me/passkeys/options", "{}"))
    }

    func register(_ credential: [String: String], named name: String = "Key") async throws -> TestAnswer {
        try await member.api(.post, "/me/passkeys", TestJSON.text(["name": name, "credential": TestJSON.credential(credential)]))
    }

    /// A passkey of one's own, made as a program makes it.
    func addPasskey(_ authenticator: TestAuthenticator = TestAuthenticator(), named name: String = "Key") async throws
        -> (answer: TestAnswer, authenticator: TestAuthenticator)
    {
        var authenticator = authenticator
        authenticator.holder = member.id.handle
        let word = TestAuthenticator.Word(try await newPasskeyOptions().challenge, at: company.site)
        let answer = try await register(authenticator.create(word), named: name)
        #expect(answer.status == 201, "\(answer.text)")
        return (answer, authenticator)
    }

    /// The last proof is six minutes old.
    func grow() async throws {
        try await company.run("update app.session set proved_at = now() - interval '6 minutes' where member_id = \(member.id)")
    }
}

extension TestAnswer {
    var id: String { json?["id"] as? String ?? "" }
}
