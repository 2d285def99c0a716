import Audit
import Database
import Faults
import Forms
import Foundation
import Jobs
import Live
import Notifications
import Operations
import Web

/// Beginning to talk, and talking. Each function is one transaction's worth.
///
/// What is said has no line of its own in the audit log: the message is its own record, with author, time and all its wordings. What
/// changes about it afterwards has.
struct Conversations {
    let tx: Tx
    let viewer: MessageViewer

    var now: Date { tx.facts.now }
    var tenant: Int32 { viewer.tenant }

    // MARK: Beginning

    /// Begins a conversation, or goes on with the one that the two have already about nothing in particular.
    ///
    /// - Throws: `FormErrors` for somebody whom the viewer may not write to, 403 for somebody who does not want to hear from them.
    func start(_ draft: ConversationDraft, _ photos: [StoredPhoto]) async throws -> UUID {
        let (people, isBlocked) = try await tx.batch(
            Recipient.those(draft.participants, viewer), Recipient.blocks(draft.participants, viewer))
        guard people.count == draft.participants.count else {
            throw FormErrors([FieldProblem("participant_ids", .own("not_a_recipient"))])
        }
        guard !isBlocked else { throw Failure.recipientBlocked }
        var known = try await existing(draft)
        if known == nil { known = try await insert(draft) }
        guard let id = known else { throw Failure.notFound }
        guard !draft.body.isEmpty || !photos.isEmpty else { return id }
        _ = try await send(draft.body, photos, key: id.text + ":" + UUID.v7(now: now).text, to: id)
        return id
    }

    /// Of two people alone, without subject and cause; two that begin at once are made one after the other.
    private func existing(_ draft: ConversationDraft) async throws -> UUID? {
        guard draft.subject.isEmpty, draft.unit == nil, draft.fault == nil, draft.participants.count == 1,
            let other = draft.participants.first
        else { return nil }
        let pair = [viewer.member.text, other.text].sorted().joined(separator: ":")
        try await tx.execute("select pg_advisory_xact_lock(hashtextextended(\(pair), \(Int(tenant))))")
        return try await tx.firstValue(
            """
            select c.id from app.conversation_member p
              join app.conversation c on c.tenant_id = p.tenant_id and c.id = p.conversation_id
             where \(viewer.takesPart) and c.subject = '' and c.unit_id is null and c.fault_id is null
               and (select array_agg(o.member_id) from app.conversation_member o
                     where o.tenant_id = c.tenant_id and o.conversation_id = c.id and o.member_id <> \(viewer.member)
                       and o.left_at is null) = array[\(other)]
             order by c.last_at desc limit 1
            """, UUID.self)
    }

    private func insert(_ draft: ConversationDraft) async throws -> UUID {
        let id = UUID.v7(now: now)
        let people = [viewer.member] + draft.participants.filter { $0 != viewer.member }
        try await tx.execute(
            """
            insert into app.conversation(tenant_id, id, subject, unit_id, fault_id, last_at, made_by, made_at)
            values (\(tenant), \(id), \(draft.subject), \(draft.unit), \(draft.fault), \(now), \(viewer.member), \(now))
            """)
        try await tx.execute(
            """
            insert into app.conversation_member(tenant_id, conversation_id, member_id, joined_at, added_by)
            select \(tenant), \(id), m, \(now), \(viewer.member) from unnest(\(people)) as m
            """)
        try tx.publish(ConversationStarted(conversation: id, by: viewer.member))
        try tx.audit("conversation.started", "conversation", id, AuditChange(after: ["people": String(people.count)]))
        for person in people { tx.signal(.conversations(person)) }
        return id
    }

    // MARK: Talking

    /// The next number, taken: the conversation's row is held until COMMIT, which is what makes the order total. And who hears of it.
    private struct Turn: Record {
        let seq: Int
        let at: Date
        let hearers: [UUID]
        /// How many of the hearers have blocked the speaker.
        let deaf: Int
        /// Whether a device of theirs can be told.
        let isReached: Bool

        init(row: Row) throws {
            seq = Int(try row["last_seq"] as Int32)
            at = try row["last_at"]
            hearers = try row["hearers"]
            deaf = try row["deaf"]
            isReached = try row["reached"]
        }
    }

    /// Says something.
    ///
    /// - Throws: 404 for whoever does not take part, 403 where everybody else has blocked them, 429 beyond the limit. With COMMIT a
    ///   violation of `Message.keyConstraint` under a key that was used before: then nothing has changed.
    func send(
        _ body: String, _ photos: [StoredPhoto], key: String, to id: UUID, within limit: RateLimit? = nil
    ) async throws -> Message {
        let (turn, _) = try await tx.batch(
            Query.first(
                """
                update app.conversation c set last_seq = c.last_seq + 1, last_at = greatest(c.last_at, \(now))
                  from (select bool_or(o.member_id = \(viewer.member)) as here,
                               array_agg(o.member_id) filter (where o.member_id <> \(viewer.member)) as hearers,
                               count(*) filter (where o.member_id <> \(viewer.member) and exists (select from app.message_block k
                                 where k.tenant_id = o.tenant_id and k.member_id = o.member_id and k.blocked_id = \(viewer.member))) as deaf,
                               bool_or(o.member_id <> \(viewer.member) and \(PushReach.ofMessages("o.member_id", tenant))) as reached
                          from app.conversation_member o
                         where o.tenant_id = \(tenant) and o.conversation_id = \(id) and o.left_at is null) p
                 where c.tenant_id = \(tenant) and c.id = \(id) and p.here
                returning c.last_seq, c.last_at, coalesce(p.hearers, '{}') as hearers, p.deaf, p.reached
                """, Turn.self),
            limit?.spending(viewer.member.text, tenant, now: now) ?? .known(()))
        guard let turn else { throw Failure.notFound }
        guard turn.hearers.isEmpty || turn.deaf < turn.hearers.count else { throw Failure.recipientBlocked }
        // Also in the order of time, whichever request came in first.
        let message = Message(UUID.v7(now: now), in: id, seq: turn.seq, by: viewer, body, at: turn.at)
        insert(message, key)
        try insert(photos, message)
        try tx.publish(MessageSent(message: message.id, conversation: id, seq: message.seq, author: viewer.member))
        // Most people have no device to be told on: a job for each message would be for nothing.
        if turn.isReached {
            let job = PushMessage(message: message.id, conversation: id, seq: message.seq)
            try tx.enqueue(job, at: now.addingTimeInterval(PushMessage.patience))
        }
        tx.signal(.conversation(id), .conversations(viewer.member))
        for hearer in turn.hearers { tx.signal(.conversations(hearer)) }
        return message
    }

    /// Whoever speaks has read what was said before; a conversation that was put away comes back to those who want to hear of it.
    private func insert(_ message: Message, _ key: String) {
        let seq = Int32(clamping: message.seq)
        tx.atCommit(
            """
            with said as (
              insert into app.message(tenant_id, id, conversation_id, seq, author_id, body, client_key, sent_at)
              values (\(tenant), \(message.id), \(message.conversation), \(seq), \(viewer.member), \(message.body), \(key),
                      \(message.sentAt)))
            update app.conversation_member
               set read_seq = case when member_id = \(viewer.member) then \(seq) else read_seq end,
                   archived_at = case when member_id = \(viewer.member) or coalesce(muted_until <= \(now), true) then null else archived_at end
             where tenant_id = \(tenant) and conversation_id = \(message.conversation)
               and (member_id = \(viewer.member) or archived_at is not null)
            """)
    }

    private func insert(_ photos: [StoredPhoto], _ message: Message) throws {
        for photo in photos {
            tx.atCommit(
                """
                insert into app.message_file(tenant_id, id, message_id, filename, object_key, thumb_key, width, height, bytes)
                values (\(tenant), \(photo.id), \(message.id), '', \(photo.full.key), \(photo.thumb.key), \(Int32(clamping: photo.width)),
                        \(Int32(clamping: photo.height)), \(Int32(clamping: photo.bytes)))
                """)
            try tx.keep(photo.full)
            try tx.keep(photo.thumb)
        }
    }

    // MARK: Second thoughts

    /// - Throws: 404, 403 for somebody else's, 409 when it is too late or taken back.
    func edit(_ id: UUID, in conversation: UUID, _ draft: EditDraft) async throws -> Message {
        let before = try await changeable(id, conversation)
        guard before.body != draft.body else { return before }
        keep(before)
        try await tx.execute(
            "update app.message set body = \(draft.body), edited_at = \(now) where tenant_id = \(tenant) and id = \(id)")
        try tx.audit("message.edited", "message", id)
        try await signal(conversation)
        return try await tx.query(Message.find(id, in: conversation, viewer))
    }

    /// Leaves a mark. What it said is kept with its other wordings, its pictures only where somebody has reported it.
    func delete(_ id: UUID, in conversation: UUID) async throws {
        let before = try await changeable(id, conversation)
        keep(before)
        tx.atCommit("update app.message set body = '', deleted_at = \(now) where tenant_id = \(tenant) and id = \(id)")
        tx.atCommit(
            """
            delete from app.message_file a where a.tenant_id = \(tenant) and a.message_id = \(id)
               and not exists (select from app.message_report r where r.tenant_id = a.tenant_id and r.message_id = a.message_id)
            """)
        try tx.audit("message.deleted", "message", id)
        try await signal(conversation)
    }

    /// Also those who have a list open, which shows what was said last and counts what is unread.
    private func signal(_ conversation: UUID) async throws {
        let people = try await tx.values(
            "select member_id from app.conversation_member where tenant_id = \(tenant) and conversation_id = \(conversation) and left_at is null",
            UUID.self)
        tx.signal(.conversation(conversation))
        for person in people { tx.signal(.conversations(person)) }
    }

    private func keep(_ before: Message) {
        tx.atCommit(
            """
            insert into app.message_edit(tenant_id, id, message_id, body, at)
            values (\(tenant), \(UUID.v7(now: now)), \(before.id), \(before.body), \(now))
            """)
    }

    private func changeable(_ id: UUID, _ conversation: UUID) async throws -> Message {
        _ = try await tx.firstValue("select id from app.message where tenant_id = \(tenant) and id = \(id) for update", UUID.self)
        let message = try await tx.query(Message.find(id, in: conversation, viewer))
        guard message.authorID == viewer.member else { throw Failure.forbidden }
        guard message.deletedAt == nil else { throw Failure.takenBack }
        guard message.mayChange(viewer, now) else { throw Failure.tooLateToChange }
        return message
    }
}

extension Message {
    func mayChange(_ viewer: MessageViewer, _ now: Date) -> Bool {
        authorID == viewer.member && deletedAt == nil
            && now.timeIntervalSince(sentAt) < Double(viewer.settings.editMinutes) * 60
    }
}
