import Crypto
import Foundation
import Web

/// The code that a voter holds for a ballot: 26 letters and digits, 130 bits of chance. It is made with the form and comes back
/// with it, so that a form sent twice names the same ballot and nobody has to keep an answer that says whose ballot it is. What is
/// stored of it are two hashes that have nothing to do with each other: one in the ledger, one in the box of a secret vote.
struct Receipt: Sendable, Hashable {
    let text: String

    init() {
        var random = SystemRandomNumberGenerator()
        text = String((0..<Self.length).map { _ in Self.letters[Int.random(in: 0..<32, using: &random)] })
    }

    /// As somebody typed it: small or great, with blanks or dashes; nil when it cannot be one.
    init?(typed: String) {
        guard typed.utf8.count <= 80 else { return nil }
        let plain = typed.uppercased().filter { $0 != " " && $0 != "-" }
        guard plain.count == Self.length, plain.allSatisfy(Self.letters.contains) else { return nil }
        text = plain
    }

    private init(hashed bytes: some Sequence<UInt8>) {
        text = String(bytes.prefix(Self.length).map { Self.letters[Int($0 & 31)] })
    }

    /// Of one of several ballots that a form casts.
    func part(_ voter: UUID) -> Receipt { Receipt(hashed: SHA256.hash(data: Data("part:\(text):\(voter.text)".utf8))) }

    /// As people read it: groups of five.
    var spaced: String {
        stride(from: 0, to: text.count, by: 5).map { String(text.dropFirst($0).prefix(5)) }.joined(separator: "-")
    }

    func ledgerHash(_ vote: UUID) -> [UInt8] { Array(SHA256.hash(data: Data("ledger:\(vote.text):\(text)".utf8))) }

    /// Where the box has it.
    func place(_ vote: UUID) -> UUID {
        let bytes = Array(SHA256.hash(data: Data("box:\(vote.text):\(text)".utf8)).prefix(16))
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    private static let length = 26
    /// Without those that are read as another one.
    private static let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
}
