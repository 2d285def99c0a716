import Audit
import Database
import Foundation
import HTML
import Tenancy
import UI
import Web

/// One sign-in of a member: a browser's session, or a program's pair of tokens however often it was renewed.
struct SignInLine: Record, Sendable {
    let id: UUID
    let isBrowser: Bool
    let isCurrent: Bool
    let agent: String?
    let address: String?
    let signedInAt: Date
    let seenAt: Date
    let endsAt: Date

    init(row: Row) throws {
        id = try row["family"]
        isBrowser = try row["is_browser"]
        isCurrent = try row["is_current"]
        agent = try row["agent"]
        address = try row["address"]
        signedInAt = try row["signed_in_at"]
        seenAt = try row["seen_at"]
        endsAt = try row["ends_at"]
    }

    /// The newest sign-in first; one more than `size`.
    static func page(of member: UUID, current: UUID, _ cursor: Cursor, size: Int, _ tenant: Int32, now: Date) -> Query<
        [SignInLine]
    > {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and family < \(id)", "desc")
            case .before(let id): ("and family > \(id)", "asc")
            }
        return .many(
            """
            select family, bool_or(kind = 'browser') as is_browser, bool_or(id = \(current)) as is_current,
                   (array_agg(agent order by seen_at desc))[1] as agent, (array_agg(address order by seen_at desc))[1] as address,
                   min(coalesce(signed_in_at, created_at)) as signed_in_at, max(seen_at) as seen_at,
                   max(least(expires_at, idle_until)) as ends_at
              from app.session where \(open(member, tenant, now)) \(seek)
             group by family order by family \(order) limit \(size + 1)
            """)
    }

    static func count(of member: UUID, _ tenant: Int32, now: Date) -> Query<Int> {
        .value("select count(distinct family) from app.session where \(open(member, tenant, now))", Int.self)
    }

    private static func open(_ member: UUID, _ tenant: Int32, _ now: Date) -> SQL {
        """
        tenant_id = \(tenant) and member_id = \(member) and expires_at > \(now) and idle_until > \(now) and spent_at is null
        """
    }
}

/// How somebody is signed in, for those who may end it.
package struct SignInSummary: Record, Sendable {
    package let signIns: Int
    package let tokens: Int
    package let seenAt: Date?

    package init(row: Row) throws {
        signIns = try row["sign_ins"]
        tokens = try row["tokens"]
        seenAt = try row["seen_at"]
    }

    package static func of(_ member: UUID, _ tenant: Int32, now: Date) -> Query<SignInSummary?> {
        .first(
            """
            select count(distinct family) as sign_ins, max(seen_at) as seen_at,
                   (select count(*) from app.personal_token where tenant_id = \(tenant) and member_id = \(member)
                       and revoked_at is null and expires_at > \(now)) as tokens
              from app.session where tenant_id = \(tenant) and member_id = \(member) and expires_at > \(now) and idle_until > \(now)
                and spent_at is null
            """)
    }
}

/// Ending sign-ins. Each function is one transaction's worth.
struct SignIns {
    let tx: Tx

    /// Ends one of the member's own.
    /// - Throws: 404 when there is none, also when it is somebody else's.
    func end(_ id: UUID, of member: UUID) async throws {
        guard try await Sessions.end(id, of: member, tx) else { throw Failure.notFound }
        try tx.audit("session.ended", "session", id)
    }

    /// Ends all of the member's own but this one.
    func endOthers(than session: UUID, of member: UUID) async throws {
        try await Sessions.closeAll(of: member, but: session, tx)
        try tx.audit("member.sessions_ended", "member", member)
    }

    /// Ends everything that somebody is signed in with, their tokens too; the admin's own present session stays.
    func endAll(of member: UUID, by admin: Session) async throws {
        let isThere = try await tx.firstValue(
            "select true from app.member where tenant_id = \(tx.facts.tenant) and id = \(member) for share", Bool.self)
        guard isThere == true else { throw Failure.notFound }
        try await Sessions.closeAll(of: member, but: member == admin.memberID ? admin.id : nil, tx)
        try await PersonalTokens(tx: tx).revokeAll(of: member)
        try tx.audit("member.sessions_ended", "member", member)
        try tx.publish(SignInsEnded(member: member, by: admin.memberID, occasion: UUID.v7(now: tx.facts.now)))
    }
}

struct SignInJSON: Codable, Sendable {
    let id: String
    let kind: String
    let device: String
    let userAgent: String?
    let address: String?
    let signedInAt: Date
    let lastUsedAt: Date
    let expiresAt: Date
    let current: Bool

    init(_ line: SignInLine, _ language: Language) {
        id = line.id.text
        kind = line.isBrowser ? "browser" : "program"
        device = line.device(language)
        userAgent = line.agent.map { String($0.prefix(400)) }
        address = line.address
        signedInAt = line.signedInAt
        lastUsedAt = line.seenAt
        expiresAt = line.endsAt
        current = line.isCurrent
    }
}
