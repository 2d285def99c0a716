import Database
import Forms
import Foundation
import HTML
import Markdown
import UI
import Web

/// One request's view of messages: who looks, by which rules, in which words. Builds the pages.
struct MessageDesk: Sendable {
    let context: MemberContext
    let viewer: MessageViewer
    let t: MessagingMessages

    init(_ context: MemberContext) {
        self.context = context
        viewer = MessageViewer(context)
        t = MessagingMessages(context.language)
    }

    var format: Format { context.format }
    var home: Crumb { Crumb(t.list.title, "/messages") }

    /// Before a form is looked at: whoever does not take part is told nothing else.
    /// - Throws: 404.
    func requirePart(_ conversation: UUID) async throws {
        guard try await context.read(Conversation.takesPart(conversation, viewer)) else { throw Failure.notFound }
    }

    func conversations(_ tx: Tx) -> Conversations { Conversations(tx: tx, viewer: viewer) }

    func errors(_ problems: [FieldProblem]) -> [FieldError] {
        ProblemText.errors(problems, context.language) { t.problem(code: $0) }
    }

    /// The subject, or else who takes part.
    func title(_ conversation: Conversation) -> String {
        guard conversation.subject.isEmpty else { return conversation.subject }
        guard let first = conversation.others.first else { return t.list.alone }
        return conversation.others.count > 3
            ? t.list.andOthers(name: first, count: conversation.others.count - 1) : conversation.others.joined(separator: ", ")
    }

    func preview(_ line: ConversationLine) -> String {
        guard let author = line.lastAuthorName else { return t.list.silent }
        let name = line.lastAuthor == viewer.member ? t.list.you : author
        guard !line.lastIsDeleted else { return t.list.said(name: name, text: t.thread.deleted) }
        let words = Markdown.excerpt(line.lastBody, length: 120)
        return t.list.said(name: name, text: words.isEmpty ? t.list.picture : words)
    }

    func about(_ conversation: Conversation) -> Fact? {
        if let fault = conversation.fault { return Fact(t.thread.about, fault, path: "/faults/\(fault)") }
        if let unit = conversation.unit, let id = conversation.unitID {
            return Fact(t.thread.about, unit, path: context.may(Permission("property:see")) ? "/units/\(id.text)" : nil)
        }
        return nil
    }

    func row(_ message: Message, _ files: [MessageFile], day: String? = nil, isFirstUnread: Bool = false, acts: Bool = true)
        -> MessageRow
    {
        let path: WebPath = "/messages/\(message.conversation.text)/items/\(message.id.text)"
        let isOwn = message.authorID == viewer.member
        let isThere = message.deletedAt == nil
        return MessageRow(
            seq: message.seq, day: day, isFirstUnread: isFirstUnread, isOwn: isOwn, author: message.author,
            moment: Moment(text: format.time(message.sentAt), iso: format.iso(message.sentAt)),
            body: isThere && !message.body.isEmpty ? Markdown.html(message.body) : nil, isDeleted: !isThere,
            edited: message.editedAt == nil ? nil : t.thread.edited,
            pictures: files.filter { $0.message == message.id }.map { picture($0, by: message.author) },
            edit: acts && message.mayChange(viewer, context.now) ? path : nil,
            report: acts && !isOwn && isThere ? "\(path)/report" : nil)
    }

    private func picture(_ file: MessageFile, by author: String) -> Picture {
        let path: WebPath = "/message-files/\(file.id.text)"
        // The thumbnail's longer side is 320 pixels (Kit/Images).
        let scale = min(1, 320 / Double(max(file.width, file.height, 1)))
        return Picture(
            thumbnail: "\(path)/thumbnail", page: path, alt: t.thread.picture(name: author),
            width: max(1, Int(Double(file.width) * scale)), height: max(1, Int(Double(file.height) * scale)))
    }

    /// Rows with the days between them.
    func rows(_ messages: [Message], _ files: [MessageFile], readSeq: Int? = nil, acts: Bool = true) -> [MessageRow] {
        var (day, found): (CalendarDate?, Bool) = (nil, false)
        return messages.map { message in
            let that = CalendarDate(message.sentAt, in: context.outer.zone)
            let isNew = !found && readSeq.map { message.seq > $0 && message.authorID != viewer.member } ?? false
            if isNew { found = true }
            defer { day = that }
            return row(
                message, files, day: that == day ? nil : format.longDate(message.sentAt), isFirstUnread: isNew && message.seq > 1,
                acts: acts)
        }
    }
}
