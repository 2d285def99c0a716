import Database
import Forms
import Foundation
import HTML
import Markdown
import UI
import Web

/// A part of a conversation with everything that its page shows.
struct ThreadRecord: Sendable {
    let conversation: Conversation
    let people: [Participant]
    /// Oldest first.
    let messages: [Message]
    let files: [MessageFile]
    let habit: MessageHabit
    let hasOlder: Bool

    /// Messages of one page.
    static let size = 50

    /// One round trip; 404 for whoever does not take part.
    static func find(_ id: UUID, before: Int?, _ desk: MessageDesk) async throws -> ThreadRecord {
        let part = before.map { Message.Part.before($0) } ?? .latest
        let (conversation, people, messages, files, habit) = try await desk.context.read(
            Conversation.find(id, desk.viewer), Participant.of(id, desk.viewer, now: desk.context.now),
            Message.page(id, part, desk.viewer, size: size), MessageFile.page(id, part, desk.viewer, size: size),
            MessageHabit.of(desk.viewer))
        return ThreadRecord(
            conversation: conversation, people: people, messages: messages.prefix(size).reversed(), files: files,
            habit: habit ?? MessageHabit(), hasOlder: messages.count > size)
    }
}

extension MessageDesk {
    /// - Parameters:
    ///   - before: the number that the page ends before; nil at the end of the conversation.
    ///   - refused: what was typed into a message that was refused.
    func thread(_ record: ThreadRecord, before: Int? = nil, refused: FormErrors? = nil) -> ConversationPage {
        let conversation = record.conversation
        let isEnd = before.map { $0 > conversation.lastSeq } ?? true
        let errors = errors(refused?.problems ?? [])
        return ConversationPage(
            id: conversation.id.text, title: title(conversation), crumbs: [home, Crumb(title(conversation))],
            people: badges(record),
            about: about(conversation), peoplePath: "\(conversation.path)/people",
            older: record.hasOlder
                ? record.messages.first.map { conversation.path.adding(query: [("before", String($0.seq))]) } : nil,
            newer: isEnd ? nil : conversation.path,
            rows: rows(record.messages, record.files, readSeq: isEnd ? conversation.readSeq : nil), readBy: readBy(record),
            topic: LiveTopic.conversation(conversation.id).text, presence: presence(record.people),
            form: form(record, errors, refused?.values), errors: errors)
    }

    /// Who else takes part; where they are the title already, only who is here.
    private func badges(_ record: ThreadRecord) -> [Badge] {
        let others = record.people.filter { $0.id != viewer.member }
        return others.filter { $0.isHere || !record.conversation.subject.isEmpty }.map {
            $0.isHere ? Badge(t.thread.here(name: $0.name), tone: .ok, mark: .dot) : Badge($0.name)
        }
    }

    /// Topics of who comes and goes; of a crowd, the first ones.
    func presence(_ people: [Participant]) -> String {
        people.filter { $0.id != viewer.member && $0.showsPresence }.prefix(20).map { LiveTopic.presence($0.id).text }
            .joined(separator: " ")
    }

    private func readBy(_ record: ThreadRecord) -> String? {
        guard let last = record.messages.last, last.authorID == viewer.member else { return nil }
        let others = record.people.filter { $0.id != viewer.member }
        let readers = others.filter { $0.readSeq >= last.seq }
        guard !readers.isEmpty else { return nil }
        return readers.count == others.count && others.count > 1
            ? t.thread.readByAll : t.thread.readBy(names: readers.map(\.name).joined(separator: ", "))
    }

    private func form(_ record: ThreadRecord, _ errors: [FieldError], _ values: FormValues?) -> MessageForm? {
        guard record.people.count > 1 else { return nil }
        return MessageForm(
            action: record.conversation.path, conversation: record.conversation.id.text,
            content: Field(
                "content", label: t.thread.write, value: values?["content"] ?? "", error: errors.message(for: "content"),
                required: true, maxLength: MessagingSettings.mostCharacters),
            attachments: Field("attachments", label: t.thread.attach, error: errors.message(for: "attachments")),
            enterSends: record.habit.enterSends)
    }

    // MARK: One message

    func edit(_ message: Message, _ versions: [MessageVersion], _ conversation: Conversation, _ refused: FormErrors? = nil)
        -> EditMessagePage
    {
        let errors = errors(refused?.problems ?? [])
        let mayChange = message.mayChange(viewer, context.now)
        let path: WebPath = "\(conversation.path)/items/\(message.id.text)"
        return EditMessagePage(
            title: t.edit.title, crumbs: [home, Crumb(title(conversation), conversation.path), Crumb(t.edit.title)],
            back: conversation.path, errors: errors, action: mayChange ? path : nil, delete: mayChange ? "\(path)/deletion" : nil,
            content: Field(
                "content", label: t.edit.content, value: refused?.values["content"] ?? message.body,
                hint: t.edit.hint(minutes: String(viewer.settings.editMinutes)), error: errors.message(for: "content"),
                required: true,
                maxLength: MessagingSettings.mostCharacters),
            now: Markdown.html(message.body), versions: versions.map(wording))
    }

    func wording(_ version: MessageVersion) -> MessageWording {
        MessageWording(moment: format.moment(version.at, now: context.now), body: Markdown.html(version.body))
    }

    func report(_ message: Message, _ conversation: Conversation, _ refused: FormErrors? = nil) -> ReportMessagePage {
        let errors = errors(refused?.problems ?? [])
        return ReportMessagePage(
            action: "\(conversation.path)/items/\(message.id.text)/report", back: conversation.path,
            crumbs: [home, Crumb(title(conversation), conversation.path), Crumb(t.report.title)], errors: errors,
            author: message.author,
            body: Markdown.html(message.body),
            reason: Field(
                "reason", label: t.report.reason, value: refused?.values["reason"] ?? "", hint: t.report.hint,
                error: errors.message(for: "reason"), required: true, maxLength: 1000))
    }
}
