import Database
import Foundation
import Passwords

/// A way in for whoever has lost the phone: `A7KX-WFQH-DM2P`, good once. 55 of its 60 bits are random; the first character says
/// which of the ten it is.
struct RecoveryCode: Sendable {
    static let count = 10
    /// Without letters that are taken for digits (Crockford).
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    private static let length = 12
    /// Less than a password's: nobody chose these, and ten hashes in a row are not to hold up those who sign in. A thief of the table who
    /// has a thousand processors tries 2⁵⁵ codes at 25 ms for longer than twenty thousand years.
    static let cost = PasswordCost(memory: 19 << 10, passes: 2, lanes: 1)

    let place: Int
    private let characters: [Character]

    /// The code of a place, of fresh random characters.
    private init(place: Int) {
        self.place = place
        var random = SystemRandomNumberGenerator()
        characters =
            [Self.alphabet[10 + place % Self.count]]
            + (1..<Self.length).map { _ in Self.alphabet[Int.random(in: 0..<32, using: &random)] }
    }

    /// As somebody typed it: any case, with or without hyphens, O for 0; nil when it cannot be one.
    init?(typed: String) {
        let folded = typed.uppercased().filter { !$0.isWhitespace && $0 != "-" }.map { letter -> Character in
            switch letter {
            case "O": "0"
            case "I", "L": "1"
            default: letter
            }
        }
        guard folded.count == Self.length, folded.allSatisfy(Self.alphabet.contains), let first = folded.first,
            let index = Self.alphabet.firstIndex(of: first), (10..<10 + Self.count).contains(index)
        else { return nil }
        place = index - 10
        characters = folded
    }

    static func ten() -> [RecoveryCode] { (0..<count).map(RecoveryCode.init(place:)) }

    var text: String {
        stride(from: 0, to: characters.count, by: 4).map { String(characters.dropFirst($0).prefix(4)) }.joined(separator: "-")
    }

    /// What is hashed.
    var plain: String { String(characters) }
}

/// Codes with their hashes, before they are stored.
struct HashedCodes: Sendable {
    let codes: [RecoveryCode]
    let hashes: [String]

    /// - Throws: `Overloaded` when many people sign in just now.
    static func ten(_ passwords: PasswordHasher) async throws -> HashedCodes {
        let codes = RecoveryCode.ten()
        var hashes: [String] = []
        for code in codes { hashes.append(try await passwords.hash(code.plain, at: RecoveryCode.cost)) }
        return HashedCodes(codes: codes, hashes: hashes)
    }

    var texts: [String] { codes.map(\.text) }

    /// In place of all that the member had.
    func store(for member: UUID, _ tx: Tx) async throws {
        let tenant = tx.facts.tenant
        try await tx.execute("delete from app.recovery_code where tenant_id = \(tenant) and member_id = \(member)")
        try await tx.execute(
            """
            insert into app.recovery_code(tenant_id, id, member_id, place, hash, made_at)
            select \(tenant), id, \(member), place, hash, \(tx.facts.now)
              from unnest(\(codes.map { _ in UUID.v7() }), \(codes.map { Int32(clamping: $0.place) }), \(hashes)) as c(id, place, hash)
            """)
    }
}
