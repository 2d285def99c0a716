import Crypto
import Database
import Foundation
import Web

/// The texts that open something without an account: codes on sheets, and private links. Each follows from the server's secret and a
/// row's id, so that a sheet can be printed again and a letter can carry its link, while the database holds only hashes.
package struct VisitorTokens: Sendable {
    private let secret: Secret

    package init(_ secret: Secret) {
        self.secret = secret
    }

    /// Twelve letters and digits, 60 bits: short enough to be typed off a sheet, and worth no more than a report.
    func code(_ id: UUID, _ tenant: Int32) -> String {
        let bytes = SHA256.hash(data: Data(secret.sign("report-code", String(tenant), id.text).utf8))
        return String(decoding: bytes.prefix(12).map { Self.alphabet[Int($0 & 31)] }, as: UTF8.self)
    }

    /// 22 characters, 132 bits.
    func link(_ fault: UUID, _ tenant: Int32) -> String {
        String(secret.sign("visitor-link", String(tenant), fault.text).prefix(22))
    }

    package func codeHash(_ id: UUID, _ tenant: Int32) -> [UInt8] { Self.hash(code(id, tenant)) }
    package func linkHash(_ fault: UUID, _ tenant: Int32) -> [UInt8] { Self.hash(link(fault, tenant)) }

    static func hash(_ text: String) -> [UInt8] {
        Array(SHA256.hash(data: Data(text.utf8)))
    }

    /// Crockford's: without i, l, o and u, which hands and eyes mix up.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// As it stands on the sheet: `7k2m-9qxw-t4bd`.
    static func spaced(_ code: String) -> String {
        let letters = Array(code)
        return stride(from: 0, to: letters.count, by: 4)
            .map { String(letters[$0..<min($0 + 4, letters.count)]) }.joined(separator: "-")
    }

    /// A code as somebody typed it, whatever its case and hyphens; nil when it cannot be one, so that no query is spent on it.
    static func typed(_ text: String) -> String? {
        guard text.utf8.count <= 40 else { return nil }
        let letters = text.lowercased().utf8.filter { $0 != UInt8(ascii: "-") }.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "o"): UInt8(ascii: "0")
            case UInt8(ascii: "i"), UInt8(ascii: "l"): UInt8(ascii: "1")
            default: byte
            }
        }
        guard letters.count == 12, letters.allSatisfy(alphabet.contains) else { return nil }
        return String(decoding: letters, as: UTF8.self)
    }

    /// Whether it can be the end of a private link.
    static func isLink(_ text: String) -> Bool {
        text.utf8.count == 22
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_")
            }
    }
}

/// What is done by whoever stands in the staircase, as the audit trail and the timeline name it.
enum Visit {
    static let kind = "visitor"
}

extension TxFacts {
    var isVisit: Bool { job == Visit.kind }
}

extension TenantContext {
    /// The company's database for what a visitor does: with their address, without a member.
    var visit: Walled {
        var facts = walled.facts
        facts.job = Visit.kind
        return walled.database.tenant(facts)
    }
}
