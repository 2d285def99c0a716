import Database
import Foundation

/// What the people of the demo have written to each other.
extension DemoWriter {
    /// - Returns: rows by table.
    func write(_ conversation: DemoRecords.Conversation, _ tx: Tx) async throws -> [String: Int] {
        guard let first = conversation.messages.first, let last = conversation.messages.last,
            let maker = conversation.people.first
        else { return [:] }
        let size = Int32(clamping: conversation.messages.count)
        try await tx.execute(
            """
            insert into app.conversation(tenant_id, id, subject, unit_id, fault_id, last_seq, last_at, made_by, made_at)
            values (\(tenant), \(conversation.id), \(conversation.script.subject), \(conversation.unit.map { records.units[$0].id }),
                    \(conversation.fault.map { records.faults[$0].id }), \(size), \(last.at), \(records.members[maker.member].id), \(first.at))
            """)
        try await tx.execute(insertPeople(conversation, from: first.at, maker.member, size))
        let count = try await tx.execute(insertMessages(conversation)) + insertThoughts(conversation, tx)
        var files = 0
        for (number, said) in conversation.messages.enumerated() where said.line.hasPicture {
            files += try await insertPicture(said, records.photos.dropFirst(number).first, tx)
        }
        return ["message": count, "message_file": files]
    }

    private func insertPicture(_ said: DemoRecords.Said, _ photo: DemoRecords.Photo?, _ tx: Tx) async throws -> Int {
        guard let photo, let print = prints[photo.sketch] else { return 0 }
        let (key, thumb) = (try await keep(print.full.bytes, tenant), try await keep(print.thumb.bytes, tenant))
        return try await tx.execute(
            """
            insert into app.message_file(tenant_id, id, message_id, filename, object_key, thumb_key, width, height, bytes)
            values (\(tenant), \(said.id), \(said.id), '', \(key), \(thumb), \(Int32(clamping: print.full.width)),
                    \(Int32(clamping: print.full.height)), \(Int32(clamping: print.full.bytes.count)))
            """)
    }

    private func insertPeople(_ conversation: DemoRecords.Conversation, from start: Date, _ maker: Int, _ count: Int32) -> SQL {
        let (people, script) = (conversation.people, conversation.script)
        // Whoever said the last word has read it.
        let read = people.map { person in
            script.unreadBy.contains(person.role) && conversation.messages.last?.author != person.member ? count - 1 : count
        }
        let end = start.addingTimeInterval(3650 * 86_400)
        return """
            insert into app.conversation_member(tenant_id, conversation_id, member_id, joined_at, added_by, read_seq, noted_seq,
                                                muted_until, archived_at)
            select \(tenant), \(conversation.id), p.member, \(start), \(records.members[maker].id), p.read, \(count), p.muted, p.archived
              from unnest(\(people.map { records.members[$0.member].id }), \(read),
                          \(people.map { script.mutedBy.contains($0.role) ? end : nil }),
                          \(people.map { script.archivedBy.contains($0.role) ? conversation.messages.last?.at : nil }))
                   as p(member, read, muted, archived)
            """
    }

    private func insertMessages(_ conversation: DemoRecords.Conversation) -> SQL {
        let said = conversation.messages
        return """
            insert into app.message(tenant_id, id, conversation_id, seq, author_id, body, client_key, sent_at, edited_at, deleted_at)
            select \(tenant), s.id, \(conversation.id), s.seq, s.author, s.body, s.id::text, s.at, s.edited, s.deleted
              from unnest(\(said.map(\.id)), \(said.indices.map { Int32(clamping: $0 + 1) }),
                          \(said.map { records.members[$0.author].id }), \(said.map { $0.line.isTakenBack ? "" : $0.line.text }),
                          \(said.map(\.at)), \(said.map { $0.line.before == nil ? nil : $0.at.addingTimeInterval(30) }),
                          \(said.map { $0.line.isTakenBack ? $0.at.addingTimeInterval(45) : nil }))
                   as s(id, seq, author, body, at, edited, deleted)
            """
    }

    /// Earlier wordings, and what was reported.
    private func insertThoughts(_ conversation: DemoRecords.Conversation, _ tx: Tx) async throws -> Int {
        var rows = 0
        for said in conversation.messages {
            if let before = said.line.isTakenBack ? said.line.text : said.line.before {
                rows += try await tx.execute(
                    """
                    insert into app.message_edit(tenant_id, id, message_id, body, at)
                    values (\(tenant), \(said.id), \(said.id), \(before), \(said.at.addingTimeInterval(30)))
                    """)
            }
            guard said.line.isReported, let reporter = conversation.people.last(where: { $0.member != said.author }) else {
                continue
            }
            rows += try await tx.execute(
                """
                insert into app.message_report(tenant_id, id, message_id, reporter_id, reason, reported_at)
                values (\(tenant), \(said.id), \(said.id), \(records.members[reporter.member].id),
                        \(records.language == "de" ? "Das ist eine Beleidigung." : "This is an insult."), \(said.at.addingTimeInterval(600)))
                """)
        }
        return rows
    }
}
