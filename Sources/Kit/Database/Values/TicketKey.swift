import Crypto
import Foundation

/// The key that signs tenant tickets. The processes hold it; the database holds its two padded forms (`sec.key`).
public struct TicketKey: Sendable {
    public let kid: String
    /// Has taken in the key, and nothing else; each mac begins with a copy.
    private let begun: HMAC<SHA256>
    private let secret: [UInt8]

    /// How long a ticket is good for, in seconds.
    public static let life: Int64 = 60

    /// Takes 64 bytes as 128 hex digits and the key's id (letters and digits).
    public init(kid: String, hex: String) throws {
        guard !kid.isEmpty, kid.utf8.count <= 16, kid.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw DatabaseError.misuse("the id of a ticket key is 1 to 16 letters and digits")
        }
        guard let bytes = Hex.bytes(hex), bytes.count == 64 else {
            throw DatabaseError.misuse("a ticket key is 64 bytes, written as 128 hex digits")
        }
        self.kid = kid
        secret = bytes
        begun = HMAC(key: SymmetricKey(data: bytes))
    }

    /// `kid|tenant|actor|expiry|mac`: the mac is hex HMAC-SHA256 over what stands before the last bar.
    public func mint(tenant: Int32, actor: String, now: Date) -> String {
        let seconds = now.timeIntervalSince1970
        let expiry = (seconds.isFinite && abs(seconds) < 1e15 ? Int64(seconds) : 0) + Self.life
        var ticket = Array("\(kid)|\(tenant)|\(actor)|\(expiry)".utf8)
        let mac = mac(ticket)
        ticket.append(UInt8(ascii: "|"))
        for byte in mac { Hex.append(byte, to: &ticket) }
        return String(decoding: ticket, as: UTF8.self)
    }

    /// 16 bytes of HMAC-SHA256 that stand for a topic of a company; no ticket looks like what is signed here.
    func tag(_ topic: String, of tenant: Int32) -> UUID {
        mac(Array("live|\(tenant)|\(topic)".utf8)).withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    private func mac(_ text: [UInt8]) -> HMAC<SHA256>.MAC {
        var mac = begun
        mac.update(data: text)
        return mac.finalize()
    }

    /// The key xored with HMAC's inner (0x36) and outer (0x5c) padding, as `sec.key` stores them.
    var pads: (inner: [UInt8], outer: [UInt8]) { (secret.map { $0 ^ 0x36 }, secret.map { $0 ^ 0x5C }) }
}

enum Hex {
    static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(digit(byte >> 4))
        bytes.append(digit(byte & 15))
    }

    /// Of a number below 16.
    static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }

    static func string(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes { append(byte, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// nil when the text is not pairs of hex digits.
    static func bytes(_ text: String) -> [UInt8]? {
        var result: [UInt8] = []
        var high: UInt8?
        for character in text.utf8 {
            let digit: UInt8
            switch character {
            case 0x30...0x39: digit = character - 0x30
            case 0x41...0x46: digit = character - 0x41 + 10
            case 0x61...0x66: digit = character - 0x61 + 10
            default: return nil
            }
            if let first = high {
                result.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? result : nil
    }
}
