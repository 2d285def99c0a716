import Audit
import Database
import Forms
import Foundation
import Web

/// Who takes part, and how each of them has it.
extension Conversations {
    /// - Throws: 404 for whoever does not take part.
    func read(_ id: UUID, upTo seq: Int?) async throws {
        let limit = seq.map { Int32(clamping: $0) } ?? .max
        let isAll = try await tx.firstValue(
            """
            update app.conversation_member p set read_seq = greatest(p.read_seq, least(\(limit), c.last_seq))
              from app.conversation c
             where \(viewer.takesPart) and p.conversation_id = \(id) and c.tenant_id = p.tenant_id and c.id = p.conversation_id
            returning p.read_seq >= c.last_seq
            """, Bool.self)
        guard let isAll else { throw Failure.notFound }
        if isAll { try await settle(id) }
        tx.signal(.conversation(id), .conversations(viewer.member))
    }

    /// Notices that told of this conversation, or of several when none of them has anything unread, are read with it.
    func settle(_ id: UUID) async throws {
        try await tx.markRead(
            TellOfUnread.notice, of: viewer.member,
            where: """
                (n.path = \("/messages/\(id.text)") or n.path = '/messages' and not exists (
                   select from app.conversation_member p join app.conversation c on c.tenant_id = p.tenant_id and c.id = p.conversation_id
                    where p.tenant_id = n.tenant_id and p.member_id = n.member_id and p.left_at is null and c.last_seq > p.read_seq))
                """)
    }

    /// Mute, archive, hide the preview.
    func set(_ id: UUID, _ draft: StandingDraft) async throws {
        let muted: SQL =
            switch draft.mute {
            case nil: "p.muted_until"
            case 0?: "null"
            case let hours?: "\(now.addingTimeInterval(Double(hours) * 3600))"
            }
        let archived: SQL =
            switch draft.isArchived {
            case nil: "p.archived_at"
            case true?: "coalesce(p.archived_at, \(now))"
            case false?: "null"
            }
        let touched = try await tx.execute(
            """
            update app.conversation_member p
               set muted_until = \(muted)::timestamptz, archived_at = \(archived)::timestamptz,
                   hides_preview = coalesce(\(draft.hidesPreview), p.hides_preview)
             where \(viewer.takesPart) and p.conversation_id = \(id)
            """)
        guard touched == 1 else { throw Failure.notFound }
        tx.signal(.conversations(viewer.member))
    }

    /// Adds people, who read from here on. Whoever had left comes back.
    ///
    /// - Throws: 404; `FormErrors` for somebody whom the viewer may not write to, or too many; 403 for somebody who blocks them.
    func add(_ people: [UUID], to id: UUID) async throws {
        let (isMine, found, isBlocked, present) = try await tx.batch(
            Conversation.takesPart(id, viewer), Recipient.those(people, viewer), Recipient.blocks(people, viewer),
            Query.value(
                "select count(*) from app.conversation_member where tenant_id = \(tenant) and conversation_id = \(id) and left_at is null",
                Int.self))
        guard isMine else { throw Failure.notFound }
        guard found.count == people.count else { throw FormErrors([FieldProblem("member_ids", .own("not_a_recipient"))]) }
        guard !isBlocked else { throw Failure.recipientBlocked }
        guard present + people.count <= MessagingSettings.mostMembers else {
            throw FormErrors([FieldProblem("member_ids", .tooMany(max: MessagingSettings.mostMembers))])
        }
        let added = try await tx.values(
            """
            insert into app.conversation_member as p (tenant_id, conversation_id, member_id, joined_at, added_by, from_seq, read_seq, noted_seq)
            select \(tenant), c.id, m, \(now), \(viewer.member), c.last_seq, c.last_seq, c.last_seq
              from unnest(\(people)) as m join app.conversation c on c.tenant_id = \(tenant) and c.id = \(id)
            on conflict (tenant_id, conversation_id, member_id) do update
               set joined_at = excluded.joined_at, added_by = excluded.added_by, from_seq = excluded.from_seq, read_seq = excluded.read_seq,
                   noted_seq = excluded.noted_seq, left_at = null, removed_by = null, archived_at = null
             where p.left_at is not null
            returning p.member_id
            """, UUID.self)
        for person in added {
            try tx.audit("conversation.joined", "conversation", id, AuditChange(after: ["member": person.text]))
            tx.signal(.conversations(person), LiveTopic("member", person))
        }
        tx.signal(.conversation(id))
    }

    /// - Throws: 404, 403 for all but whoever began it and those who work for the company.
    func remove(_ person: UUID, from id: UUID) async throws {
        guard person != viewer.member else { return try await leave(id) }
        let conversation = try await tx.query(Conversation.find(id, viewer))
        guard conversation.madeBy == viewer.member || viewer.isStaff else { throw Failure.forbidden }
        try await end(person, id, by: viewer.member)
    }

    func leave(_ id: UUID) async throws { try await end(viewer.member, id, by: nil) }

    private func end(_ person: UUID, _ id: UUID, by remover: UUID?) async throws {
        let touched = try await tx.execute(
            """
            update app.conversation_member set left_at = \(now), removed_by = \(remover)
             where tenant_id = \(tenant) and conversation_id = \(id) and member_id = \(person) and left_at is null
            """)
        guard touched == 1 else { throw Failure.notFound }
        try tx.audit(
            remover == nil ? "conversation.left" : "conversation.removed", "conversation", id,
            AuditChange(after: ["member": person.text]))
        // Their sockets look anew at what they may watch.
        tx.signal(.conversation(id), .conversations(person), LiveTopic("member", person))
    }
}
