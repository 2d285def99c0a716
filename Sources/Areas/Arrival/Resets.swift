import Audit
import Database
import Foundation
import HTML
import Identity
import Jobs
import Notifications
import Web

/// A new password for whoever holds the link of a mail.
struct Resets {
    let tx: Tx

    struct Asked: Record, Sendable {
        let link: UUID
        let member: UUID
        let name: String
        let email: String

        init(row: Row) throws {
            link = try row["link"]
            member = try row["member_id"]
            name = try row["name"]
            email = try row["email"]
        }

        /// As long as the link works and its member may sign in.
        static func find(_ token: SessionToken, _ tenant: Int32, now: Date, lock: Bool = false) -> Query<Asked?> {
            let lock: SQL = lock ? "for update of l" : SQL.empty
            return .first(
                """
                select l.id as link, l.member_id, m.name, m.email
                  from app.mailed_link l join app.member m on m.tenant_id = l.tenant_id and m.id = l.member_id
                 where l.tenant_id = \(tenant) and l.token_hash = \(token.hash) and l.used_at is null and l.expires_at > \(now)
                   and m.disabled_at is null \(lock)
                """)
        }
    }

    /// Sets the password, ends every sign-in of the member, and tells them by mail. A second factor stays as it is.
    ///
    /// - Throws: 410 when the link works no longer.
    func end(_ token: SessionToken, _ hash: String) async throws -> UUID {
        let tenant = tx.facts.tenant
        guard let asked = try await tx.query(Asked.find(token, tenant, now: tx.facts.now, lock: true)) else {
            throw Failure.linkExpired
        }
        // The other links of this member go too: what was asked for has been done.
        try await tx.execute(
            """
            update app.mailed_link set used_at = \(tx.facts.now)
             where tenant_id = \(tenant) and member_id = \(asked.member) and used_at is null
            """)
        try await PasswordChange(tx: tx).set(hash, of: asked.member, but: nil)
        try tx.audit("member.password_reset", "member", asked.member, actor: asked.member)
        return asked.member
    }
}

/// What every new password entails.
struct PasswordChange {
    let tx: Tx

    /// - Parameter session: stays open; every other sign-in of the member ends.
    func set(_ hash: String, of member: UUID, but session: UUID?) async throws {
        try await tx.execute(
            """
            update app.member set password_hash = \(hash), version = version + 1
             where tenant_id = \(tx.facts.tenant) and id = \(member)
            """)
        try await Sessions.closeAll(of: member, but: session, tx)
        try await Challenge.forgetAll(of: member, tx)
        try tx.publish(PasswordChanged(member: member))
        try await tx.mail(
            to: member, Letter(.passwordChanged, path: "/password/forgot", dedupeKey: "password-changed:\(UUID.v7().text)"))
    }
}

extension Failure {
    static let linkExpired = Failure(.gone, "link_expired", "This link works no longer; ask for a new one")
}
