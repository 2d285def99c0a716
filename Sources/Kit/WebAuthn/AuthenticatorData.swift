/// `authData`: what the authenticator says of itself and signs (WebAuthn Level 2, §6.1).
struct AuthenticatorData: Sendable {
    struct Credential: Sendable {
        let id: [UInt8]
        /// COSE, as it came.
        let key: [UInt8]
    }

    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let touched = Flags(rawValue: 0x01)
        static let unlocked = Flags(rawValue: 0x04)
        static let canBackUp = Flags(rawValue: 0x08)
        static let isBackedUp = Flags(rawValue: 0x10)
        static let credential = Flags(rawValue: 0x40)
        static let extensions = Flags(rawValue: 0x80)
    }

    private static let head = 37
    private static let longest = 16 << 10
    /// WebAuthn §4: an id has at most so many bytes.
    private static let longestID = 1023

    /// How often it has signed; those that do not count say 0 for ever.
    let counter: UInt32
    let canBackUp: Bool
    let isBackedUp: Bool
    /// Of a new passkey.
    let credential: Credential?

    /// - Throws: `PasskeyProblem`, unless it is for this site and was touched and unlocked by whoever holds it.
    init(_ bytes: [UInt8], at site: PasskeySite) throws(PasskeyProblem) {
        guard bytes.count >= Self.head, bytes.count <= Self.longest else { throw .malformed }
        guard bytes.starts(with: site.hash) else { throw .origin }
        let flags = Flags(rawValue: bytes[32])
        guard flags.isSuperset(of: [.touched, .unlocked]) else { throw .unverified }
        guard flags.contains(.canBackUp) || !flags.contains(.isBackedUp) else { throw .malformed }
        canBackUp = flags.contains(.canBackUp)
        isBackedUp = flags.contains(.isBackedUp)
        counter = bytes[33..<Self.head].reduce(0) { ($0 << 8) | UInt32($1) }
        var rest = bytes[Self.head...]
        credential = flags.contains(.credential) ? try Self.credential(&rest) : nil
        if flags.contains(.extensions) {
            guard try Self.value(&rest).value.isMap else { throw .malformed }
        }
        guard rest.isEmpty else { throw .malformed }
    }

    /// Sixteen bytes that say which model it is, then the length of the id, the id and the key.
    private static func credential(_ rest: inout ArraySlice<UInt8>) throws(PasskeyProblem) -> Credential {
        guard rest.count >= 18 else { throw .malformed }
        rest = rest.dropFirst(16)
        let length = rest.prefix(2).reduce(0) { ($0 << 8) | Int($1) }
        rest = rest.dropFirst(2)
        guard (1...longestID).contains(length), rest.count > length else { throw .malformed }
        let id = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        return Credential(id: id, key: try value(&rest).bytes)
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) throws(PasskeyProblem) -> (value: CBOR, bytes: [UInt8]) {
        var reader = CBORReader(rest)
        let value = try reader.next()
        let bytes = Array(rest.prefix(rest.count - reader.rest.count))
        rest = reader.rest
        return (value, bytes)
    }
}
