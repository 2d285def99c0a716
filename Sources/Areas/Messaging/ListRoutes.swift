import Database
import Faults
import Forms
import Foundation
import HTML
import UI
import Web

/// The conversations of a member, and beginning one.
extension MessageRoutes {
    static let mostFound = 50

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let (desk, filter) = (MessageDesk(context), ConversationFilter(incoming))
        let isSearch = !filter.words.isEmpty && cursor == .first && context.face == .page
        let (lines, total, found) = try await context.read(
            ConversationLine.page(desk.viewer, filter, cursor, size: size), ConversationLine.count(desk.viewer, filter),
            isSearch ? Message.found(filter.words, desk.viewer, most: Self.mostFound) : .known([]))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.conversation.id }
        return .show(
            desk.list(page, total, found, filter),
            json: ListJSON(
                items: page.lines.map { ConversationLineJSON($0, desk.preview($0)) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func search(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, words) = (MessageDesk(context), incoming.words)
        let found = try await context.read(
            words.isEmpty ? .known([]) : Message.found(words, desk.viewer, most: Self.mostFound))
        let files = try await context.read(MessageFile.of(found.map(\.id), context.tenant.id))
        return try .data(ListJSON(items: found.map { MessageJSON($0, files) }, nextCursor: nil, total: found.count))
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (viewer, filter) = (MessageViewer(context), ConversationFilter(incoming))
        var csv = CSV(head: ConversationLine.head)
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(ConversationLine.page(viewer, filter, cursor, size: 500))
            for line in lines.prefix(500) { csv.append(line.cells(at: context.now)) }
            cursor = lines.count > 500 ? .after(lines[499].conversation.id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "messages.csv"))
    }

    // MARK: Beginning

    @Sendable func recipients(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let found = try await context.read(Recipient.all(MessageViewer(context), named: incoming.words))
        return try .data(ListJSON(items: found.map { RecipientJSON($0) }, nextCursor: nil, total: found.count))
    }

    @Sendable func compose(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = MessageDesk(context)
        let named = incoming.ticked
        let cause = try await desk.cause(unit: incoming.uuid("unit"), fault: incoming.uuid("fault"))
        // Whoever looks for more people has chosen already, also if it is nobody.
        let isSearch = incoming.query.single("draft") != nil
        let ticked = named.isEmpty && !isSearch ? cause.people : named
        let place = [cause.unit, cause.fault, named.first].compactMap { $0?.text }.joined(separator: "-")
        let draft = incoming.query.single("draft") ?? (place.isEmpty ? "new" : place)
        let found = try await context.read(Recipient.all(desk.viewer, named: incoming.words, besides: ticked))
        var values = FormValues()
        for id in ticked { values.add("participant_ids", id.text) }
        let page = desk.compose(values, [], found, cause, words: incoming.words, draft: draft)
        return .page(page)
    }

    @Sendable func start(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = MessageDesk(context)
        do {
            let draft = try incoming.submission.read { ConversationDraft(&$0, speaks: context.face == .page) }
            _ = try await desk.cause(unit: draft.unit, fault: draft.fault)
            try await Self.starting.spend(context.memberID.text, context.proved(), now: context.now)
            let stored = try await photos.develop(draft.files, tenant: context.tenant.id)
            do {
                return try await context.once(incoming) { tx in
                    let id = try await desk.conversations(tx).start(draft, stored)
                    return try Effect(StartedJSON(conversationId: id.text), at: "/messages/\(id.text)")
                }
            } catch {
                await photos.discard(stored, after: error)
                throw error
            }
        } catch let errors as FormErrors {
            let page = try await composeAgain(incoming, errors.problems, desk)
            return .refused(page: { page }, errors.problems)
        } catch let error as PhotoRefused {
            let page = try await composeAgain(incoming, [error.problem(in: "attachments")], desk)
            return .failed(page: { page }, error.failure(in: "attachments"))
        } catch let failure as Failure
            where context.face == .page && (failure.code == Failure.recipientBlocked.code || failure.status == .tooManyRequests)
        {
            let page = try await composeAgain(incoming, [FieldProblem("participant_ids", .own(failure.code))], desk)
            return .failed(page: { page }, failure)
        }
    }

    private func composeAgain(_ incoming: Incoming, _ problems: [FieldProblem], _ desk: MessageDesk) async throws
        -> NewConversationPage
    {
        let values = incoming.values
        let ticked = values.ticked("participant_ids")
        // What cannot be seen was refused before; here it is only not named.
        let cause = try? await desk.cause(unit: UUID(uuidString: values["unit_id"]), fault: UUID(uuidString: values["fault_id"]))
        let found = try await desk.context.read(Recipient.all(desk.viewer, named: "", besides: ticked))
        return desk.compose(values, problems, found, cause ?? ConversationCause(), words: "", draft: values["draft"])
    }
}

extension Reply {
    /// For programs alone; its route answers on `.api` only.
    static func data(_ value: some Encodable) throws -> Reply {
        let bytes = try JSON.encode(value)
        return .show(page: { throw Failure.notFound }, json: { bytes })
    }
}

extension FormValues {
    /// The people that were ticked, as far as they are any.
    func ticked(_ name: String) -> [UUID] { all(name).prefix(MessagingSettings.mostMembers).compactMap { UUID(uuidString: $0) } }
}

extension Incoming {
    /// What somebody looks for among people.
    var words: String { String((query.single("q") ?? "").trimmingCharacters(in: .whitespacesAndNewlines).prefix(100)) }

    /// Whom somebody has ticked before they looked for others.
    var ticked: [UUID] { query.all("to").prefix(MessagingSettings.mostMembers).compactMap { UUID(uuidString: $0.value) } }

    /// An id in the address; one that cannot be is not there.
    func uuid(_ name: String) throws -> UUID? {
        guard let text = query.single(name), !text.isEmpty else { return nil }
        guard let id = UUID(uuidString: text) else { throw Failure.notFound }
        return id
    }

    /// A number of a message in the address.
    func seq(_ name: String) throws -> Int? {
        guard let text = query.single(name), !text.isEmpty else { return nil }
        guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
            throw Failure.malformed("\(name) must be the number of a message")
        }
        return number
    }
}
