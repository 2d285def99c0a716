import Audit
import Database
import Foundation
import Web

/// Somebody whom a member does not want to hear from.
struct Blocked: Record, Sendable {
    let id: UUID
    let name: String
    let at: Date

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        at = try row["at"]
    }

    static func all(_ viewer: MessageViewer) -> Query<[Blocked]> {
        .many(
            """
            select m.id, m.name, k.at from app.message_block k join app.member m on m.tenant_id = k.tenant_id and m.id = k.blocked_id
             where k.tenant_id = \(viewer.tenant) and k.member_id = \(viewer.member) order by m.name, m.id
            """)
    }
}

/// How a member wants to write and be seen.
struct MessageHabit: Record, Sendable {
    var hidesPresence = false
    var enterSends = true

    init() {}

    init(row: Row) throws {
        hidesPresence = try row["hides_presence"]
        enterSends = try row["enter_sends"]
    }

    static func of(_ viewer: MessageViewer) -> Query<MessageHabit?> {
        .first(
            "select hides_presence, enter_sends from app.message_habit where tenant_id = \(viewer.tenant) and member_id = \(viewer.member)"
        )
    }
}

extension Conversations {
    /// - Throws: 404 for somebody with whom the viewer never talked and may not.
    func block(_ person: UUID) async throws {
        let isKnown = try await tx.value(
            """
            select exists (select from app.member m where \(viewer.reachable) and m.id = \(person))
                or exists (select from app.conversation_member p join app.conversation_member o
                             on o.tenant_id = p.tenant_id and o.conversation_id = p.conversation_id
                            where p.tenant_id = \(tenant) and p.member_id = \(viewer.member) and o.member_id = \(person)
                              and o.member_id <> p.member_id)
            """, Bool.self)
        guard isKnown else { throw Failure.notFound }
        try await tx.execute(
            """
            insert into app.message_block(tenant_id, member_id, blocked_id, at) values (\(tenant), \(viewer.member), \(person), \(now))
            on conflict do nothing
            """)
        try tx.audit("member.blocked", "member", person)
    }

    func unblock(_ person: UUID) async throws {
        let touched = try await tx.execute(
            "delete from app.message_block where tenant_id = \(tenant) and member_id = \(viewer.member) and blocked_id = \(person)"
        )
        guard touched == 1 else { throw Failure.notFound }
        try tx.audit("member.unblocked", "member", person)
    }

    func set(_ draft: HabitDraft) async throws {
        try await tx.execute(
            """
            insert into app.message_habit(tenant_id, member_id, hides_presence, enter_sends, changed_at)
            values (\(tenant), \(viewer.member), \(draft.hidesPresence), \(draft.enterSends), \(now))
            on conflict (tenant_id, member_id) do update
               set hides_presence = excluded.hides_presence, enter_sends = excluded.enter_sends, changed_at = excluded.changed_at
            """)
        try tx.audit("member.messaging_chosen", "member", viewer.member)
    }
}
