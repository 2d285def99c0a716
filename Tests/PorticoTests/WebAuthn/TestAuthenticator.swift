import Crypto
import Foundation
import Tokens
import WebAuthn
import _CryptoExtras

/// Plays browser and authenticator in one, and lies where a test wants it to.
struct TestAuthenticator: Sendable {
    enum Key: Sendable {
        case es256(P256.Signing.PrivateKey)
        case rs256(_RSA.Signing.PrivateKey)
    }

    /// What browser and authenticator say of a request, right or wrong.
    struct Word: Sendable {
        var challenge: String
        var origin: String
        var host: String
        var type: String?
        /// JSON behind the origin, such as `,"crossOrigin":true`.
        var more = ""
        /// Touched and unlocked.
        var flags: UInt8 = 0x05
        /// Behind what the authenticator says.
        var tail: [UInt8] = []

        init(_ challenge: String, at site: PasskeySite) {
            self.challenge = challenge
            (origin, host) = (site.origin, site.host)
        }
    }

    var key = Key.es256(P256.Signing.PrivateKey())
    var id = (0..<32).map { _ in UInt8.random(in: 0...255) }
    var counter: UInt32 = 0
    var holder: [UInt8]?
    /// The COSE key in place of the true one.
    var cose: CBOR?

    static let slow = _RSA.Signing.PrivateKey.shared

    var publicKey: CBOR {
        switch key {
        case .es256(let key):
            let point = Array(key.publicKey.x963Representation)
            return .map([
                1: 2, 3: -7, -1: 1, -2: .bytes(Array(point[1..<33])), -3: .bytes(Array(point[33..<65]))
            ])
        case .rs256(let key):
            let numbers = try? key.publicKey.getKeyPrimitives()
            return .map([
                1: 3, 3: -257, -1: .bytes(Array(numbers?.modulus ?? Data())), -2: .bytes(Array(numbers?.publicExponent ?? Data()))
            ])
        }
    }

    private func clientData(_ word: Word, _ type: String) -> [UInt8] {
        Array(
            #"{"type":"\#(word.type ?? type)","challenge":"\#(word.challenge)","origin":"\#(word.origin)"\#(word.more)}"#.utf8)
    }

    private func data(_ word: Word, new: Bool) -> [UInt8] {
        let count = withUnsafeBytes(of: counter.bigEndian, Array.init)
        let head = Array(SHA256.hash(data: Data(word.host.utf8))) + [word.flags | (new ? 0x40 : 0)] + count
        guard new else { return head + word.tail }
        let length = [UInt8(truncatingIfNeeded: id.count >> 8), UInt8(truncatingIfNeeded: id.count)]
        return head + Array(repeating: 0, count: 16) + length + id + (cose ?? publicKey).encoded + word.tail
    }

    /// By the names of `toJSON`.
    func create(_ word: Word, statement: (format: String, CBOR) = ("none", .map([:]))) -> [String: String] {
        let object = CBOR.map([
            "fmt": .text(statement.format), "attStmt": statement.1, "authData": .bytes(data(word, new: true))
        ])
        return [
            "id": Base64URL.encode(id), "clientDataJSON": Base64URL.encode(clientData(word, "webauthn.create")),
            "attestationObject": Base64URL.encode(object.encoded)
        ]
    }

    func get(_ word: Word) -> [String: String] {
        let (said, data) = (clientData(word, "webauthn.get"), data(word, new: false))
        var answer = [
            "id": Base64URL.encode(id), "clientDataJSON": Base64URL.encode(said), "authenticatorData": Base64URL.encode(data),
            "signature": Base64URL.encode(sign(data + Array(SHA256.hash(data: Data(said)))))
        ]
        if let holder { answer["userHandle"] = Base64URL.encode(holder) }
        return answer
    }

    func sign(_ message: [UInt8]) -> [UInt8] {
        switch key {
        case .es256(let key): Array((try? key.signature(for: message).derRepresentation) ?? Data())
        case .rs256(let key):
            Array((try? key.signature(for: message, padding: .insecurePKCS1v1_5).rawRepresentation) ?? Data())
        }
    }
}

extension _RSA.Signing.PrivateKey {
    /// Made once: it takes so long.
    fileprivate static let shared = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
}

extension TestAuthenticator {
    /// One that speaks RS256.
    static func rsa() throws -> TestAuthenticator { TestAuthenticator(key: .rs256(try slow.get())) }
}

extension [String: String] {
    func bytes(_ name: String) -> [UInt8] { self[name].flatMap { Base64URL.decode($0) } ?? [] }

    var assertion: PasskeyAssertion {
        PasskeyAssertion(
            clientData: bytes("clientDataJSON"), authenticatorData: bytes("authenticatorData"), signature: bytes("signature"))
    }
}

extension CBOR: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(stringLiteral value: String) { self = .text(value) }

    /// In CTAP2's one form.
    var encoded: [UInt8] {
        switch self {
        case .integer(let number):
            number < 0 ? Self.head(1, UInt64(-1 - number)) : Self.head(0, UInt64(number))
        case .bytes(let bytes): Self.head(2, UInt64(bytes.count)) + bytes
        case .text(let text): Self.head(3, UInt64(text.utf8.count)) + Array(text.utf8)
        case .list(let items): Self.head(4, UInt64(items.count)) + items.flatMap(\.encoded)
        case .map(let members):
            Self.head(5, UInt64(members.count))
                + members.map { ($0.key.encoded, $0.value.encoded) }.sorted { Self.isBefore($0.0, $1.0) }.flatMap { $0.0 + $0.1 }
        case .flag(let flag): [flag ? 0xF5 : 0xF4]
        case .null: [0xF6]
        }
    }

    private static func isBefore(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count ? one.lexicographicallyPrecedes(other) : one.count < other.count
    }

    static func head(_ kind: UInt8, _ number: UInt64) -> [UInt8] {
        let bytes = withUnsafeBytes(of: number.bigEndian, Array.init)
        switch number {
        case 0..<24: return [kind << 5 | UInt8(number)]
        case 24..<0x100: return [kind << 5 | 24] + bytes.suffix(1)
        case 0x100..<0x1_0000: return [kind << 5 | 25] + bytes.suffix(2)
        case 0x1_0000..<0x1_0000_0000: return [kind << 5 | 26] + bytes.suffix(4)
        default: return [kind << 5 | 27] + bytes
        }
    }
}
