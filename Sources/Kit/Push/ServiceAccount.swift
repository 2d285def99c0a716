import Crypto
import Foundation
import Outbound
import Threads
import Tokens
import _CryptoExtras

/// Google's key file for a program (a service account), and the access that it gets by it: RFC 7523, as
/// https://developers.google.com/identity/protocols/oauth2/service-account has it.
public struct ServiceAccount: Sendable {
    public let project: String
    let email: String
    let tokenURL: String
    private let keyID: String?
    private let key: _RSA.Signing.PrivateKey

    private struct File: Decodable {
        let project_id: String
        let client_email: String
        let private_key: String
        let private_key_id: String?
        let token_uri: String
    }

    /// The JSON file as Google gives it out. Nil when it is none.
    public init?(json: String) {
        guard let file = try? JSONDecoder().decode(File.self, from: Data(json.utf8)),
            file.project_id.wholeMatch(of: /[a-z0-9:.-]{1,100}/) != nil, file.token_uri.contains("://"),
            let key = try? _RSA.Signing.PrivateKey(pemRepresentation: file.private_key)
        else { return nil }
        (project, email, tokenURL, keyID) = (file.project_id, file.client_email, file.token_uri, file.private_key_id)
        self.key = key
    }

    private struct Claims: Encodable {
        let iss: String
        let scope: String
        let aud: String
        let iat: Int64
        let exp: Int64
    }

    static let scope = "https://www.googleapis.com/auth/firebase.messaging"

    /// Signing takes one or two milliseconds: not on an event loop.
    func assertion(now: Date) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let begin = Int64(now.timeIntervalSince1970)
        var header = ["alg": "RS256", "typ": "JWT"]
        header["kid"] = keyID
        let claims = Claims(iss: email, scope: Self.scope, aud: tokenURL, iat: begin, exp: begin + 3600)
        let signed = Base64URL.encode(try encoder.encode(header)) + "." + Base64URL.encode(try encoder.encode(claims))
        let signature = try key.signature(for: Data(signed.utf8), padding: .insecurePKCS1v1_5)
        return signed + "." + Base64URL.encode(signature.rawRepresentation)
    }
}

/// The access token of a service account, until shortly before it ends.
actor ServiceAccess {
    private let account: ServiceAccount
    private let outbound: Outbound
    private let threads = BoundedThreads(name: "fcm", count: 1, waiting: 100)
    private var known: (token: String, until: Date)?

    init(_ account: ServiceAccount, outbound: Outbound) {
        self.account = account
        self.outbound = outbound
    }

    private struct Answer: Decodable {
        let access_token: String
        let expires_in: Int
    }

    func token(for tenant: Int32, now: Date) async throws -> String {
        if let known, known.until > now { return known.token }
        let account = account
        let assertion = try await threads.run { try account.assertion(now: now) }
        var form = URLComponents()
        form.queryItems = [
            URLQueryItem(name: "grant_type", value: "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            URLQueryItem(name: "assertion", value: assertion)
        ]
        let answer = try await outbound.send(
            OutboundRequest(
                .post, account.tokenURL, entered: .byOperator,
                fields: [OutboundField("Content-Type", "application/x-www-form-urlencoded")],
                body: Array((form.percentEncodedQuery ?? "").utf8), mostBytes: 64 << 10),
            to: OutboundService("fcm token", tenant: tenant))
        guard answer.status == 200 else {
            throw PushFailure.later("no access token: HTTP \(answer.status)", seconds: answer.retryAfter)
        }
        guard let given = try? JSONDecoder().decode(Answer.self, from: Data(answer.body)), !given.access_token.isEmpty,
            given.access_token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw PushFailure.later("no access token: no such answer") }
        known = (given.access_token, now.addingTimeInterval(Double(max(0, min(given.expires_in, 3600) - 120))))
        return given.access_token
    }

    /// It was refused before its time.
    func forget(_ token: String) {
        if known?.token == token { known = nil }
    }
}
