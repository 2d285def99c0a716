import Database
import Foundation
import Web

/// Sign-ins of operators: 15 minutes idle, 8 hours in all.
package enum OperatorSessions {
    static let idle: TimeInterval = 15 * 60
    static let total: TimeInterval = 8 * 3600

    /// The open session of a token hash, whose idle limit moves on.
    @Sendable package static func find(_ hash: [UInt8], _ now: Date, _ tx: Tx) async throws -> OperatorSession? {
        try await tx.first(
            """
            update platform.session s set seen_at = \(now), idle_until = least(s.expires_at, \(now.addingTimeInterval(idle)))
              from platform.operator o
             where s.token_hash = \(hash) and s.idle_until > \(now) and s.expires_at > \(now) and o.id = s.operator_id
               and o.disabled_at is null
            returning s.id, s.operator_id, o.name, o.email
            """, OperatorSession.self)
    }

    /// Opens a session; the one that this browser had before ends, so a cookie set before sign-in is worth nothing.
    static func open(
        _ operatorID: UUID, replacing old: SessionToken?, agent: String?, _ arrival: Arrival, now: Date, _ tx: Tx
    ) async throws -> SessionToken {
        let token = SessionToken()
        try await tx.execute("delete from platform.session where token_hash = \(old?.hash) or expires_at < \(now)")
        // Counts of days that are over; nobody else clears them away.
        try await tx.execute("delete from platform.rate_limit where starts_at < \(now.addingTimeInterval(-2 * 86_400))")
        try await tx.execute(
            """
            insert into platform.session(token_hash, id, operator_id, made_at, seen_at, idle_until, expires_at, address, agent)
            values (\(token.hash), \(UUID.v7(now: now)), \(operatorID), \(now), \(now), \(now.addingTimeInterval(idle)),
                    \(now.addingTimeInterval(total)), \(arrival.address), \(agent.map { String($0.prefix(400)) }))
            """)
        return token
    }

    static func close(_ id: UUID, _ tx: Tx) async throws {
        try await tx.execute("delete from platform.session where id = \(id)")
    }
}
