import Crypto
import Database
import Foundation
import Testing
import Web

@testable import Identity
@testable import Tokens
@testable import portico

/// Each hostile token has a session's row of its own, so that nothing but its own examination refuses it.
@Suite("Access tokens")
struct AccessTokenTests {
    private struct Bench {
        let company: TestCompany
        let member: TestMember
        let key: SigningKey
        let place: TokenPlace

        init() async throws {
            company = try await TestCompany.fresh()
            member = try await company.member("manager")
            key = try await TestHouse.signingKey.value
            place = company.app.house.tokenPlace(company.tenant)
        }

        var second: Int { Int(Date().timeIntervalSince1970) }

        /// Header and claims as they should be; values are JSON.
        func header(_ change: [String: String?] = [:]) -> String {
            object(["alg": "\"RS256\"", "typ": "\"at+jwt\"", "kid": "\"\(key.verifying.kid)\""], change)
        }

        func claims(_ change: [String: String?] = [:]) -> String {
            object(
                [
                    "iss": "\"\(place.issuer)\"", "aud": "\"\(place.audience)\"", "tenant": "\"\(place.tenant)\"",
                    "sub": "\"\(member.id.text)\"", "session": "\"\(UUID.v7().text)\"", "jti": "\"\(UUID.v7().text)\"",
                    "iat": "\(second)", "exp": "\(second + 900)"
                ], change)
        }

        private func object(_ usual: [String: String], _ change: [String: String?]) -> String {
            let members = usual.mapValues { $0 as String? }.merging(change) { $1 }.compactMapValues { $0 }
            return "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        }

        func signed(_ header: String, _ claims: String) throws -> String {
            let text = unsigned(header, claims)
            return "\(text).\(Base64URL.encode(try key.signature(of: Data(text.utf8))))"
        }

        func unsigned(_ header: String, _ claims: String) -> String {
            "\(Base64URL.encode(header.utf8)).\(Base64URL.encode(claims.utf8))"
        }

        /// What comes back when its row is there.
        func present(_ token: String, path: String = "/me") async throws -> TestAnswer {
            let (tenant, hash, later) = (company.tenant.id, Array(SHA256.hash(data: Data(token.utf8))), Date() + 3600)
            try await company.run(
                """
                insert into app.session(tenant_id, token_hash, id, member_id, kind, family, idle_until, expires_at)
                values (\(tenant), \(hash), \(UUID.v7()), \(member.id), 'access', \(UUID.v7()), \(later), \(later)) on conflict do nothing
                """)
            return try await company.ask(path, bearer: token)
        }
    }

    @Test("A token as it should be opens what its member may, with its row, and nothing without it")
    func good() async throws {
        let bench = try await Bench()
        let token = try bench.signed(bench.header(), bench.claims())
        #expect(try await bench.company.ask("/me", bearer: token).status == 401)
        let answer = try await bench.present(token)
        #expect(answer.status == 200)
        #expect(answer.json?["id"] as? String == bench.member.id.text)
    }

    @Test("T65 whatever else is presented gets the same 401, byte for byte")
    func hostile() async throws {
        let bench = try await Bench()
        let refused = try await bench.company.anonymous(.get, "/api/v1/me")
        #expect(refused.status == 401)
        for (name, token) in try await hostileTokens(bench) {
            let answer = try await bench.present(token)
            #expect(answer.status == 401, "\(name)")
            #expect(answer.withoutRequestID == refused.withoutRequestID, "\(name)")
        }
    }

    private func hostileTokens(_ bench: Bench) async throws -> [(String, String)] {
        let (good, second) = (try bench.signed(bench.header(), bench.claims()), bench.second)
        let parts = good.split(separator: ".").map(String.init)
        var list: [(String, String)] = []
        for none in ["none", "None", "NONE", "nOnE", "", "null"] {
            let header = bench.header(["alg": "\"\(none)\""])
            list.append(("alg \(none), no signature", bench.unsigned(header, bench.claims()) + "."))
            list.append(("alg \(none), signed", try bench.signed(header, bench.claims())))
        }
        let keys = [
            bench.key.verifying.der,
            Array(
                "-----BEGIN PUBLIC KEY-----\n\(Data(bench.key.verifying.der).base64EncodedString())\n-----END PUBLIC KEY-----\n"
                    .utf8)
        ]
        for key in keys {
            let text = bench.unsigned(bench.header(["alg": "\"HS256\""]), bench.claims())
            let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key))
            list.append(("HS256 with the public key", "\(text).\(Base64URL.encode(code))"))
        }
        let curve = bench.unsigned(bench.header(["alg": "\"ES256\""]), bench.claims())
        list.append(("ES256 r=s=0", "\(curve).\(Base64URL.encode(Array(repeating: 0, count: 64)))"))
        list.append(("RS256 of zeros", "\(parts[0]).\(parts[1]).\(Base64URL.encode(Array(repeating: 0, count: 256)))"))
        list.append(("empty signature", "\(parts[0]).\(parts[1])."))
        list.append(("no signature", "\(parts[0]).\(parts[1])"))
        list.append(("four parts", good + ".AAAA"))
        list.append(("padded", good + "="))
        list.append(("another spelling of the last bits", try #require(Self.respelt(good))))
        list.append(("claims of another", "\(parts[0]).\(Base64URL.encode(bench.claims().utf8)).\(parts[2])"))
        let others: [String: String?] = [
            "kid a path": "\"../../../etc/passwd\"", "kid SQL": "\"' or 1=1 --\"", "kid missing": nil, "kid a number": "7",
            "kid nobody's": "\"\(Base64URL.encode(Array(repeating: 7, count: 32)))\"",
            "kid long": "\"\(String(repeating: "k", count: 2000))\""
        ]
        for (name, kid) in others { list.append((name, try bench.signed(bench.header(["kid": kid]), bench.claims()))) }
        for (name, header) in [
            ("jku", ["jku": "\"http://127.0.0.1:9/keys\""]), ("x5u", ["x5u": "\"http://127.0.0.1:9/keys\""]),
            ("jwk", ["jwk": "{\"kty\":\"RSA\"}"]), ("crit", ["crit": "[\"exp\"]"]), ("typ JWT", ["typ": "\"JWT\""]),
            ("typ missing", ["typ": nil]), ("typ of a refresh token", ["typ": "\"rt+jwt\""]),
            ("typ in capitals", ["typ": "\"AT+JWT\""]),
            ("alg PS256", ["alg": "\"PS256\""]), ("alg RS384", ["alg": "\"RS384\""]),
            ("alg in small letters", ["alg": "\"rs256\""])
        ] as [(String, [String: String?])] { list.append((name, try bench.signed(bench.header(header), bench.claims()))) }
        for (name, claims) in [
            ("exp 1e20", ["exp": "1e20"]), ("exp 1e400", ["exp": "1e400"]),
            ("exp beyond 64 bits", ["exp": "99999999999999999999"]),
            ("exp a text", ["exp": "\"\(second + 900)\""]), ("exp a fraction", ["exp": "\(second + 900).5"]),
            ("exp missing", ["exp": nil]),
            ("exp negative", ["exp": "-1"]), ("exp now", ["exp": "\(second)"]), ("exp null", ["exp": "null"]),
            ("nbf in the future", ["nbf": "\(second + 600)"]), ("nbf 1e20", ["nbf": "1e20"]), ("nbf a text", ["nbf": "\"0\""]),
            ("iat in the future", ["iat": "\(second + 600)"]), ("aud a list", ["aud": "[\"\(bench.place.audience)\"]"]),
            ("aud another", ["aud": "\"https://elsewhere.example/api/v1\""]), ("aud missing", ["aud": nil]),
            ("iss another", ["iss": "\"https://elsewhere.example\""]), ("iss missing", ["iss": nil]),
            ("tenant another", ["tenant": "\"elsewhere\""]), ("an ID token's claims", ["aud": "\"client\"", "nonce": "\"n\""]),
            ("deep", ["x": String(repeating: "[", count: 500) + String(repeating: "]", count: 500)])
        ] as [(String, [String: String?])] { list.append((name, try bench.signed(bench.header(), bench.claims(claims)))) }
        list.append(("exp twice", try bench.signed(bench.header(), "{\"exp\":\(second + 900)," + bench.claims().dropFirst())))
        list.append(("no JSON", try bench.signed(bench.header(), "exp")))
        list.append(("a list", try bench.signed(bench.header(), "[]")))
        list.append(
            ("1 MB", try bench.signed(bench.header(), bench.claims(["x": "\"\(String(repeating: "x", count: 1 << 20))\""]))))
        list.append(("1 MB of dots", String(repeating: ".", count: 1 << 20)))
        let pair = try await bench.member.programSignIn()
        list.append(("a refresh token", pair.refreshToken))
        list.append(("an opaque token", SessionToken().text))
        return list
    }

    /// The same signature in other letters: the last one carries bits that say nothing.
    private static func respelt(_ token: String) -> String? {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        guard let last = token.last, let place = letters.firstIndex(of: last) else { return nil }
        return String(token.dropLast()) + String(letters[place ^ 1])
    }

    @Test("T65 one company's token is nothing at another's host, also when that one has a row for it")
    func otherCompany() async throws {
        let (one, two) = (try await Bench(), try await Bench())
        let token = try one.signed(one.header(), one.claims())
        #expect(try await one.present(token).status == 200)
        #expect(try await two.present(token).status == 401)
    }

    @Test("A token is over after 15 minutes, though its row were still there")
    func fifteenMinutes() async throws {
        let house = try await TokenHouse.open()
        let token = house.pair.accessToken
        house.clock.advance(seconds: 890)
        #expect(try await house.company.ask("/me", bearer: token).status == 200)
        house.clock.advance(seconds: 20)
        #expect(try await house.company.ask("/me", bearer: token).status == 401)
        await house.close()
    }

    @Test("T67 a revoked sign-in ends its token at the next request, also in a process that remembers it")
    func revoked() async throws {
        let member = try await TestCompany.fresh().member("manager")
        let pair = try await member.programSignIn()
        let company = member.company
        #expect(try await company.ask("/faults", bearer: pair.accessToken).status == 200)
        #expect(try await company.ask("/faults", bearer: pair.accessToken).status == 200)
        try await company.run(
            "delete from app.session where tenant_id = \(company.tenant.id) and kind = 'access' and member_id = \(member.id)")
        #expect(try await company.ask("/faults", bearer: pair.accessToken).status == 401)
    }

    @Test("Base64url has one spelling for the same bytes")
    func base64() {
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        for bad in ["A", "AB=", "AB", "A+", "AAAAA", "Ä", " "] where bad != "AA" {
            #expect(Base64URL.decode(bad) == nil, "\(bad)")
        }
        #expect(Base64URL.decode("AA") == [0])
    }
}
