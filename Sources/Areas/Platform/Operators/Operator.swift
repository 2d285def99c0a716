import Database
import Foundation
import Identity
import Secrets
import Web

/// Somebody who looks after all companies.
package struct Operator: Record, Sendable {
    /// How long the link is good that a new operator chooses a password with.
    static let linkLife: TimeInterval = 86_400

    package let id: UUID
    package let email: String
    package let name: String
    let hash: String?
    let lastStep: Int64
    package let isDisabled: Bool
    private let sealed: [UInt8]

    package init(row: Row) throws {
        id = try row["id"]
        email = try row["email"]
        name = try row["name"]
        hash = try row["password_hash"]
        lastStep = try row["last_step"]
        isDisabled = try row["is_disabled"]
        sealed = try row["totp_secret"]
    }

    package var isSetUp: Bool { hash != nil }

    private static let columns: SQL =
        "id, email, name, password_hash, last_step, disabled_at is not null as is_disabled, totp_secret"

    package static let all: Query<[Operator]> = .many("select \(columns) from platform.operator order by email")

    static func find(email: String) -> Query<Operator?> {
        .first("select \(columns) from platform.operator where email = lower(\(email))")
    }

    /// Whose link it is, as long as it is good.
    static func find(link: SessionToken, now: Date) -> Query<Operator?> {
        .first(
            """
            select \(columns) from platform.operator
             where link_hash = \(link.hash) and link_until > \(now) and disabled_at is null
            """)
    }

    static func purpose(_ id: UUID) -> String { "platform.operator:\(id.text)" }

    func secret(_ sealer: Sealer) throws -> [UInt8] { try sealer.open(sealed, for: Self.purpose(id)) }

    /// Whether it is a code of the operator's app that was not used before; it is used now.
    func spend(_ code: String, _ sealer: Sealer, now: Date, _ tx: Tx) async throws -> Bool {
        let digits = code.filter { !$0.isWhitespace }
        guard let step = TOTP(try secret(sealer)).match(digits, at: now, after: lastStep) else { return false }
        // Of two who show it at once, one is first.
        return try await tx.execute(
            "update platform.operator set last_step = \(step) where id = \(id) and last_step < \(step)") == 1
    }
}

/// Changes of operators' accounts. Each is one transaction's worth, on the platform's own tables.
package struct Operators {
    let tx: Tx

    package init(_ tx: Tx) {
        self.tx = tx
    }

    /// A new operator, or a known one who starts afresh: with a new secret, without a password, signed out everywhere.
    ///
    /// - Returns: the token of the link, the only time that it is known.
    package func invite(_ email: String, name: String, _ sealer: Sealer, now: Date) async throws -> SessionToken {
        let known = try await tx.query(Operator.find(email: email))
        let (id, link) = (known?.id ?? UUID.v7(now: now), SessionToken())
        let sealed = try sealer.seal(TOTP.secret(), for: Operator.purpose(id))
        let until = now.addingTimeInterval(Operator.linkLife)
        try await tx.execute(
            """
            insert into platform.operator(id, email, name, totp_secret, link_hash, link_until, made_at)
            values (\(id), lower(\(email)), \(name), \(sealed), \(link.hash), \(until), \(now))
            on conflict (id) do update
               set totp_secret = excluded.totp_secret, link_hash = excluded.link_hash, link_until = excluded.link_until,
                   password_hash = null, last_step = 0, disabled_at = null
            """)
        try await closeAll(of: id)
        try LogLine(known == nil ? "operator.invited" : "operator.invited_again", by: nil, facts: ["email": email.lowercased()])
            .write(tx, now: now)
        return link
    }

    /// The link works no longer; from now on password and code together sign in.
    func setUp(_ person: Operator, _ hash: String, link: SessionToken) async throws -> Bool {
        try await tx.execute(
            """
            update platform.operator set password_hash = \(hash), link_hash = null, link_until = null
             where id = \(person.id) and link_hash = \(link.hash)
            """) == 1
    }

    /// - Returns: false when there is no such operator.
    package func disable(_ email: String, now: Date) async throws -> Bool {
        let id = try await tx.firstValue(
            """
            update platform.operator set disabled_at = \(now), link_hash = null, link_until = null
             where email = lower(\(email)) and disabled_at is null returning id
            """, UUID.self)
        guard let id else { return false }
        try await closeAll(of: id)
        try LogLine("operator.disabled", by: nil, facts: ["email": email.lowercased()]).write(tx, now: now)
        return true
    }

    private func closeAll(of id: UUID) async throws {
        try await tx.execute("delete from platform.session where operator_id = \(id)")
    }
}
