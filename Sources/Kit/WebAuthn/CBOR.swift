/// A value of CBOR (RFC 8949), as far as authenticators speak it: no tags, no floating point.
public indirect enum CBOR: Hashable, Sendable {
    case integer(Int64)
    case bytes([UInt8])
    case text(String)
    case list([CBOR])
    case map([CBOR: CBOR])
    case flag(Bool)
    case null

    /// What a map says under a name; nil for other values.
    public subscript(_ name: CBOR) -> CBOR? {
        if case .map(let members) = self { members[name] } else { nil }
    }

    public var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    public var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    public var isMap: Bool { if case .map = self { true } else { false } }
}

/// Reads CBOR from strangers, in the one form that CTAP2 allows: shortest numbers, definite lengths, at most four levels. Every length is
/// compared with what is there before anything is made of it, and nothing is computed that could trap.
public struct CBORReader: Sendable {
    private static let deepest = 4
    /// Entries of one list or map; a certificate chain or a key has a handful.
    private static let most: UInt64 = 64
    /// What was not read yet.
    public private(set) var rest: ArraySlice<UInt8>

    public init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The one value that the bytes are.
    ///
    /// - Throws: `PasskeyProblem.malformed`, also when something follows it.
    public static func value(of bytes: [UInt8]) throws(PasskeyProblem) -> CBOR {
        var reader = CBORReader(bytes[...])
        let value = try reader.next()
        guard reader.rest.isEmpty else { throw .malformed }
        return value
    }

    /// The next value; what follows it stays.
    public mutating func next() throws(PasskeyProblem) -> CBOR { try next(depth: 0) }

    private mutating func next(depth: Int) throws(PasskeyProblem) -> CBOR {
        guard let first = rest.popFirst() else { throw .malformed }
        let (kind, short) = (first >> 5, first & 31)
        if kind == 7 { return try Self.simple(short) }
        let number = try argument(short)
        switch kind {
        case 0: return .integer(try Self.signed(number))
        case 1: return .integer(-1 - (try Self.signed(number)))
        case 2: return .bytes(Array(try take(number)))
        case 3:
            guard let text = String(validating: try take(number), as: UTF8.self) else { throw .malformed }
            return .text(text)
        case 4: return try list(number, depth + 1)
        case 5: return try map(number, depth + 1)
        default: throw .malformed
        }
    }

    private static func simple(_ short: UInt8) throws(PasskeyProblem) -> CBOR {
        switch short {
        case 20: .flag(false)
        case 21: .flag(true)
        case 22: .null
        default: throw .malformed
        }
    }

    private mutating func list(_ count: UInt64, _ depth: Int) throws(PasskeyProblem) -> CBOR {
        var items: [CBOR] = []
        for _ in 0..<(try Self.entries(count, depth)) { items.append(try next(depth: depth)) }
        return .list(items)
    }

    /// A name that stands twice would be read differently by different readers; names are numbers or words.
    private mutating func map(_ count: UInt64, _ depth: Int) throws(PasskeyProblem) -> CBOR {
        var members: [CBOR: CBOR] = [:]
        for _ in 0..<(try Self.entries(count, depth)) {
            let name = try next(depth: depth)
            guard name.integer != nil || name.text != nil, members[name] == nil else { throw .malformed }
            members[name] = try next(depth: depth)
        }
        return .map(members)
    }

    /// The number behind a first byte: written as short as it can be, or refused.
    private mutating func argument(_ short: UInt8) throws(PasskeyProblem) -> UInt64 {
        let (size, least): (UInt64, UInt64)
        switch short {
        case 0..<24: return UInt64(short)
        case 24: (size, least) = (1, 24)
        case 25: (size, least) = (2, 1 << 8)
        case 26: (size, least) = (4, 1 << 16)
        case 27: (size, least) = (8, 1 << 32)
        default: throw .malformed
        }
        let number = try take(size).reduce(UInt64(0)) { ($0 << 8) | UInt64($1) }
        guard number >= least else { throw .malformed }
        return number
    }

    private mutating func take(_ count: UInt64) throws(PasskeyProblem) -> ArraySlice<UInt8> {
        guard let count = Int(exactly: count), count <= rest.count else { throw .malformed }
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }

    private static func signed(_ number: UInt64) throws(PasskeyProblem) -> Int64 {
        guard let number = Int64(exactly: number) else { throw .malformed }
        return number
    }

    private static func entries(_ number: UInt64, _ depth: Int) throws(PasskeyProblem) -> Int {
        guard number <= most, depth <= deepest, let count = Int(exactly: number) else { throw .malformed }
        return count
    }
}
