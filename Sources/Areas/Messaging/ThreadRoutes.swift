import Database
import Faults
import Forms
import Foundation
import HTML
import UI
import Web

/// One conversation: reading it and saying something.
extension MessageRoutes {
    /// Whoever opens the end of a conversation has read it; to look at older ones says nothing.
    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (MessageDesk(context), try incoming.id("conversation"))
        let before = try incoming.seq("before")
        let record = try await ThreadRecord.find(id, before: before, desk)
        if before == nil, record.conversation.readSeq < record.conversation.lastSeq {
            try await context.write { tx in try await desk.conversations(tx).read(id, upTo: record.conversation.lastSeq) }
        } else if before == nil, context.session.unread > 0 {
            // Whoever answered has read it, too.
            try await context.write { tx in try await desk.conversations(tx).settle(id) }
        }
        return .page(desk.thread(record, before: before))
    }

    @Sendable func detail(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (MessageDesk(context), try incoming.id("conversation"))
        let (conversation, people) = try await context.read(
            Conversation.find(id, desk.viewer), Participant.of(id, desk.viewer, now: context.now))
        return try .data(ConversationDetailJSON(conversation, people))
    }

    @Sendable func messages(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id, size) = (MessageDesk(context), try incoming.id("conversation"), try incoming.limit())
        let (after, before) = (try incoming.seq("after"), try incoming.seq("before"))
        let part = after.map { Message.Part.after($0) } ?? before.map { .before($0) } ?? .latest
        let (conversation, found, files) = try await context.read(
            Conversation.find(id, desk.viewer), Message.page(id, part, desk.viewer, size: size),
            MessageFile.page(id, part, desk.viewer, size: size))
        let shown = found.prefix(size)
        let items = (after == nil ? shown.reversed() : Array(shown)).map { MessageJSON($0, files) }
        return try .data(MessagesJSON(items: items, hasMore: found.count > size, lastSeq: conversation.lastSeq))
    }

    @Sendable func read(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (MessageDesk(context), try incoming.id("conversation"))
        try await desk.requirePart(id)
        let draft = try incoming.submission.read { ReadDraft(&$0) }
        try await context.write { tx in try await desk.conversations(tx).read(id, upTo: draft.seq) }
        return .gone(at: "/messages/\(id.text)", flash: nil)
    }

    @Sendable func set(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (MessageDesk(context), try incoming.id("conversation"))
        try await desk.requirePart(id)
        let draft = try incoming.submission.read { StandingDraft(&$0, wholeForm: context.face == .page) }
        try await context.write { tx in try await desk.conversations(tx).set(id, draft) }
        let conversation = try await context.read(Conversation.find(id, desk.viewer))
        let back: WebPath = draft.isArchived == nil ? "\(conversation.path)/people" : "/messages"
        return try .done(ConversationJSON(conversation), at: back, flash: Flash(desk.t.people.saved))
    }

    // MARK: Saying something

    @Sendable func send(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (MessageDesk(context), try incoming.id("conversation"))
        do {
            let draft = try incoming.submission.read { MessageDraft(&$0) }
            // Nobody's upload is looked at before it is clear that they take part and may say more; without one, sending says so.
            if !draft.files.isEmpty {
                try await desk.requirePart(id)
                try await Self.sending.requireRest(context.memberID.text, context.proved(), now: context.now)
            }
            let message = try await say(draft, incoming, id, desk)
            await hub.hush(MessageTopics.typing, about: id, context)
            return message
        } catch let errors as FormErrors {
            try await desk.requirePart(id)
            return try await refused(errors.problems, incoming, id, desk)
        } catch let error as PhotoRefused {
            return try await refused([error.problem(in: "attachments")], incoming, id, desk, error.failure(in: "attachments"))
        } catch let failure as Failure
            where context.face == .page
            && ([Failure.recipientBlocked.code, Failure.idempotencyMismatch.code].contains(failure.code)
                || failure.status == .tooManyRequests)
        {
            return try await refused([FieldProblem("content", .own(failure.code))], incoming, id, desk, failure)
        }
    }

    private func say(_ draft: MessageDraft, _ incoming: Incoming, _ id: UUID, _ desk: MessageDesk) async throws -> Reply {
        let stored = try await photos.develop(draft.files, tenant: desk.viewer.tenant)
        let key = draft.key ?? incoming.formKey.map { String($0.prefix(200)) } ?? UUID.v7().text
        let message: Message
        do {
            message = try await desk.context.write { tx in
                try await desk.conversations(tx).send(draft.body, stored, key: key, to: id, within: Self.sending)
            }
        } catch let error as DatabaseError where error.isUniqueViolation(of: Message.keyConstraint) {
            await photos.discard(stored)
            return try await again(draft, stored, key, id, desk)
        } catch {
            await photos.discard(stored, after: error)
            throw error
        }
        var files: [MessageFile] = []
        if !stored.isEmpty { files = try await desk.context.read(MessageFile.of([message.id], desk.viewer.tenant)) }
        return try .created(MessageJSON(message, files), at: "/messages/\(id.text)")
    }

    /// A key that was used: the same message sent twice is answered as the first time, whatever its author made it say since. Of pictures
    /// the size is on record, which is the same when they are re-encoded again, and nothing once they were taken back.
    ///
    /// - Throws: 422 for another message, which was not said.
    private func again(
        _ draft: MessageDraft, _ stored: [StoredPhoto], _ key: String, _ id: UUID, _ desk: MessageDesk
    ) async throws -> Reply {
        let said = try await desk.context.read(Message.said(under: key, in: id, desk.viewer))
        guard let said else { throw Failure.idempotencyMismatch }
        let (versions, files) = try await desk.context.read(
            MessageVersion.of(said.id, desk.viewer.tenant), MessageFile.of([said.id], desk.viewer.tenant))
        guard (versions.first?.body ?? said.body) == draft.body, files.map(\.bytes).sorted() == stored.map(\.bytes).sorted()
        else { throw Failure.idempotencyMismatch }
        return try .created(MessageJSON(said, files), at: "/messages/\(id.text)")
    }

    private func refused(
        _ problems: [FieldProblem], _ incoming: Incoming, _ id: UUID, _ desk: MessageDesk, _ failure: Failure? = nil
    ) async throws -> Reply {
        let record = try await ThreadRecord.find(id, before: nil, desk)
        let page = desk.thread(record, refused: FormErrors(problems, values: incoming.values))
        if let failure { return .failed(page: { page }, failure) }
        return .refused(page: { page }, problems)
    }

    // MARK: Pictures

    func file(_ incoming: Incoming, _ context: MemberContext, thumbnail: Bool) async throws -> Reply {
        let (viewer, id) = (MessageViewer(context), try incoming.id("file"))
        let (file, waiting) = try await context.read(
            MessageFile.find(id, viewer, moderates: context.may(.moderateMessages)),
            MessageFile.waiting(id, viewer.tenant, thumbnail: thumbnail))
        let bytes = try await photos.read(thumbnail ? file.thumbKey : file.objectKey, waiting: waiting)
        return .file(FileReply(.bytes(bytes), type: "image/jpeg", etag: "\"\(file.id.text)\"", maxAge: 3600))
    }
}
