import Crypto
import Foundation
import Testing
import Tokens
import WebAuthn

@Suite("What an authenticator signed, checked as WebAuthn §7.1 and §7.2 say")
struct PasskeyVerificationTests {
    static let site = PasskeySite(host: "portal.lindenhof.example", origin: "https://portal.lindenhof.example")
    static let challenge = "Y2hhbGxlbmdl"

    private func word(_ change: (inout TestAuthenticator.Word) -> Void = { _ in }) -> TestAuthenticator.Word {
        var word = TestAuthenticator.Word(Self.challenge, at: Self.site)
        change(&word)
        return word
    }

    private func register(_ answer: [String: String]) throws(PasskeyProblem) -> NewPasskey {
        try NewPasskey(
            clientData: answer.bytes("clientDataJSON"), attestation: answer.bytes("attestationObject"), at: Self.site,
            challenge: { $0 == Self.challenge })
    }

    private func verify(
        _ answer: [String: String], _ key: PasskeyKey, counter: Int64 = 0, canBackUp: Bool = false
    ) throws(PasskeyProblem) -> PasskeyAssertion.Finding {
        try answer.assertion.verify(
            KnownPasskey(key: key, counter: counter, canBackUp: canBackUp), at: Self.site, challenge: { $0 == Self.challenge })
    }

    private func key(_ authenticator: TestAuthenticator) throws -> PasskeyKey {
        try PasskeyKey(cose: authenticator.publicKey.encoded)
    }

    @Test("Another implementation's passkey and sign-in are right, and wrong once a bit is turned", arguments: PasskeyVector.all)
    func vectors(vector: PasskeyVector) throws {
        let new = try vector.register()
        #expect(Base64URL.encode(new.id) == vector.id && new.challenge == vector.challenges[0])
        #expect(new.algorithm == (vector.name == "es256" ? -7 : -257) && new.counter == (vector.name == "es256" ? 0 : 7))
        #expect(new.canBackUp == (vector.name == "es256") && new.isBackedUp == new.canBackUp)
        let known = KnownPasskey(key: try PasskeyKey(cose: new.key), counter: new.counter, canBackUp: new.canBackUp)
        func check(_ assertion: PasskeyAssertion) throws(PasskeyProblem) -> PasskeyAssertion.Finding {
            try assertion.verify(known, at: PasskeyVector.site, challenge: { $0 == vector.challenges[1] })
        }
        let finding = try check(vector.assertion)
        #expect(finding.counter == (vector.name == "es256" ? 0 : 8) && finding.challenge == vector.challenges[1])
        #expect(!finding.isBackedUp)
        let right = vector.assertion
        for place in right.signature.indices {
            var signature = right.signature
            signature[place] ^= 1
            let wrong = PasskeyAssertion(
                clientData: right.clientData, authenticatorData: right.authenticatorData, signature: signature)
            #expect(throws: PasskeyProblem.signature) { _ = try check(wrong) }
        }
        for place in right.authenticatorData.indices.dropFirst(33) {
            var data = right.authenticatorData
            data[place] ^= 1
            let wrong = PasskeyAssertion(clientData: right.clientData, authenticatorData: data, signature: right.signature)
            #expect(throws: PasskeyProblem.signature) { _ = try check(wrong) }
        }
        #expect(throws: PasskeyProblem.challenge) { _ = try vector.register(challenge: vector.challenges[1]) }
        #expect(throws: PasskeyProblem.origin) {
            _ = try vector.register(at: PasskeySite(host: vector.id, origin: PasskeyVector.site.origin))
        }
    }

    @Test("Statements about the model are neither asked for nor believed")
    func statements() throws {
        let authenticator = TestAuthenticator()
        let packed = CBOR.map(["alg": -7, "sig": .bytes([1]), "x5c": .list([.bytes([2])])])
        #expect(try register(authenticator.create(word(), statement: ("packed", packed))).id == authenticator.id)
        #expect(throws: PasskeyProblem.malformed) { _ = try register(authenticator.create(word(), statement: ("packed", .null))) }
    }

    @Test("Extensions are read over; what else follows is refused")
    func extensions() throws {
        let authenticator = TestAuthenticator()
        let protected = CBOR.map(["credProtect": 2]).encoded
        let right = word {
            $0.flags |= 0x80; $0.tail = protected
        }
        #expect(try register(authenticator.create(right)).algorithm == -7)
        #expect(try verify(authenticator.get(right), key(authenticator)).counter == 0)
        for (flags, tail) in [(0x00, protected), (0x80, []), (0x80, [0xA0, 0]), (0x80, [0x80])] as [(UInt8, [UInt8])] {
            let wrong = word {
                $0.flags |= flags; $0.tail = tail
            }
            #expect(throws: PasskeyProblem.malformed) { _ = try register(authenticator.create(wrong)) }
            #expect(throws: PasskeyProblem.malformed) { _ = try verify(authenticator.get(wrong), key(authenticator)) }
        }
    }

    private static let lies: [(String, PasskeyProblem, @Sendable (inout TestAuthenticator.Word) -> Void)] = [
        ("another purpose", .challenge, { $0.type = "payment.get" }),
        ("another challenge", .challenge, { $0.challenge = "b3RoZXI" }),
        ("http", .origin, { $0.origin = "http://portal.lindenhof.example" }),
        ("a port", .origin, { $0.origin += ":8443" }),
        ("a host below", .origin, { $0.origin = "https://x.portal.lindenhof.example" }),
        ("a host that ends alike", .origin, { $0.origin = "https://evilportal.lindenhof.example" }),
        ("a slash", .origin, { $0.origin += "/" }),
        ("capitals", .origin, { $0.origin = "https://PORTAL.lindenhof.example" }),
        ("null", .origin, { $0.origin = "null" }),
        ("another one's frame", .origin, { $0.more = #","crossOrigin":true"# }),
        ("a frame's top", .origin, { $0.more = #","topOrigin":"https://evil.example""# }),
        ("origin twice", .malformed, { $0.more = #","origin":"https://evil.example""# }),
        ("another rpId", .origin, { $0.host = "lindenhof.example" }),
        ("not touched", .unverified, { $0.flags = 0x04 }),
        ("not unlocked", .unverified, { $0.flags = 0x01 }),
        ("a copy of what cannot be copied", .malformed, { $0.flags = 0x15 })
    ]

    @Test(
        "T66 wrong purpose, challenge, origin, rpId; not touched, not unlocked", arguments: PasskeyVerificationTests.lies.indices)
    func liesAreRefused(index: Int) throws {
        let (name, problem, lie) = Self.lies[index]
        let authenticator = TestAuthenticator()
        #expect(throws: problem, "\(name)") { _ = try register(authenticator.create(word(lie))) }
        #expect(throws: problem, "\(name)") { _ = try verify(authenticator.get(word(lie)), key(authenticator)) }
    }

    @Test("A sign-in is no registration and the other way round")
    func purposes() throws {
        let authenticator = TestAuthenticator()
        let created = authenticator.create(word { $0.type = "webauthn.get" })
        #expect(throws: PasskeyProblem.challenge) { _ = try register(created) }
        let got = authenticator.get(word { $0.type = "webauthn.create" })
        #expect(throws: PasskeyProblem.challenge) { _ = try verify(got, key(authenticator)) }
    }

    @Test("A counter that goes back or stands still is refused, unless it never counts; it comes last of all")
    func counters() throws {
        var authenticator = TestAuthenticator()
        let key = try key(authenticator)
        for (seen, said, good) in [(0, 0, true), (0, 1, true), (5, 6, true), (5, 5, false), (5, 4, false), (5, 0, false)] {
            authenticator.counter = UInt32(said)
            let answer = authenticator.get(word())
            if good {
                #expect(try verify(answer, key, counter: Int64(seen)).counter == Int64(said))
            } else {
                #expect(throws: PasskeyProblem.counter) { _ = try verify(answer, key, counter: Int64(seen)) }
            }
        }
        authenticator.counter = .max
        #expect(try verify(authenticator.get(word()), key, counter: 9).counter == 4_294_967_295)
        #expect(throws: PasskeyProblem.signature) { _ = try verify(authenticator.get(word()), Self.other, counter: .max) }
    }

    private static let other = PasskeyKey.es256(P256.Signing.PrivateKey().publicKey)

    @Test("Whether it can be copied never changes")
    func backup() throws {
        let authenticator = TestAuthenticator()
        let key = try key(authenticator)
        let answer = authenticator.get(word { $0.flags |= 0x18 })
        #expect(throws: PasskeyProblem.changed) { _ = try verify(answer, key) }
        #expect(try verify(answer, key, canBackUp: true).isBackedUp)
        #expect(throws: PasskeyProblem.changed) { _ = try verify(authenticator.get(word()), key, canBackUp: true) }
    }

    @Test("T65 algorithms are not confused: a key is good for its own alone, and only in full strength")
    func keys() throws {
        let (curve, rsa) = (TestAuthenticator(), try TestAuthenticator.rsa())
        #expect(try verify(rsa.get(word()), key(rsa)).counter == 0)
        #expect(try register(rsa.create(word())).algorithm == -257)
        #expect(throws: PasskeyProblem.signature) { _ = try verify(rsa.get(word()), key(curve)) }
        #expect(throws: PasskeyProblem.signature) { _ = try verify(curve.get(word()), key(rsa)) }
        guard case .map(let point) = curve.publicKey, case .map(let numbers) = rsa.publicKey else { throw CancellationError() }
        func without(_ name: CBOR) -> [CBOR: CBOR] { point.filter { $0.key != name } }
        let wrong: [[CBOR: CBOR]] = [
            point.merging([3: -257]) { $1 }, point.merging([3: -8]) { $1 }, point.merging([3: -35]) { $1 },
            point.merging([3: 0]) { $1 }, point.merging([3: "ES256"]) { $1 }, point.merging([1: 3]) { $1 },
            point.merging([1: 4]) { $1 }, point.merging([-1: 2]) { $1 }, without(1), without(3), without(-1), without(-2),
            point.merging([-2: .bytes(Array(repeating: 0, count: 32))]) { $1 }, point.merging([-3: .bytes([1])]) { $1 },
            point.merging([-2: .bytes(Array(repeating: 255, count: 32))]) { $1 },
            numbers.merging([3: -7]) { $1 }, numbers.merging([3: -65535]) { $1 }, numbers.merging([3: -37]) { $1 },
            numbers.merging([-1: .bytes(Array(repeating: 0xFF, count: 128))]) { $1 },
            numbers.merging([-1: .bytes(Array(repeating: 0, count: 128) + Array(repeating: 0xFF, count: 128))]) { $1 },
            numbers.merging([-1: .bytes(Array(repeating: 0xFF, count: 1024))]) { $1 },
            numbers.merging([-2: .bytes(Array(repeating: 0xFF, count: 8))]) { $1 }, numbers.merging([-2: .bytes([])]) { $1 }, [:]
        ]
        for cose in wrong {
            #expect(throws: PasskeyProblem.key, "\(cose)") { _ = try PasskeyKey(cose: CBOR.map(cose).encoded) }
            var liar = curve
            liar.cose = .map(cose)
            #expect(throws: PasskeyProblem.key) { _ = try register(liar.create(word())) }
        }
        #expect(throws: PasskeyProblem.key) { _ = try PasskeyKey(cose: curve.publicKey.encoded + [0]) }
        #expect(throws: PasskeyProblem.key) { _ = try PasskeyKey(cose: [0xF6]) }
    }

    @Test("T65 signatures that are none: empty, r and s of zero, raw instead of DER, too much of it")
    func signatures() throws {
        let authenticator = TestAuthenticator()
        let key = try key(authenticator)
        let right = authenticator.get(word())
        let der = right.bytes("signature")
        for wrong in [[], [0x30, 6, 2, 1, 0, 2, 1, 0], Array(repeating: 1, count: 64), der + [0], Array(der.dropLast())] {
            var answer = right
            answer["signature"] = Base64URL.encode(wrong)
            #expect(throws: PasskeyProblem.signature) { _ = try verify(answer, key) }
        }
    }

    @Test("T73 mutated answers: taken or refused, never a trap")
    func fuzz() throws {
        var random = SeededRandom(state: 22)
        let authenticator = TestAuthenticator()
        let (created, got) = (authenticator.create(word()), authenticator.get(word()))
        let key = try key(authenticator)
        let dislikes: [[UInt8]] = [[0xFF, 0xFF], [0x5B], [0xA5], Array(repeating: 0, count: 16), Array(#"{"a":"#.utf8)]
        var (registered, refused) = (0, 0)
        for _ in 0..<Fuzz.rounds {
            var (new, shown) = (created, got)
            new["attestationObject"] = Base64URL.encode(random.mutated(created.bytes("attestationObject"), with: dislikes))
            if (try? register(new)) != nil { registered += 1 }
            let name = ["clientDataJSON", "authenticatorData", "signature"].randomElement(using: &random) ?? "signature"
            shown[name] = Base64URL.encode(random.mutated(got.bytes(name), with: dislikes))
            guard shown != got else { continue }
            do { _ = try verify(shown, key) } catch { refused += 1 }
        }
        #expect(registered > 100 && refused > 1000)
    }
}
