import Foundation
import Web

/// A conversation as programs see it.
struct ConversationJSON: Codable, Sendable {
    let conversationId: String
    let subject: String
    let unitId: String?
    let faultId: String?
    /// The others who take part, by name.
    let people: [String]
    let lastSeq: Int
    let lastAt: Date
    let readSeq: Int
    let mutedUntil: Date?
    let archived: Bool
    let hidesPreview: Bool

    init(_ conversation: Conversation) {
        conversationId = conversation.id.text
        subject = conversation.subject
        unitId = conversation.unitID?.text
        faultId = conversation.faultID?.text
        people = conversation.others
        lastSeq = conversation.lastSeq
        lastAt = conversation.lastAt
        readSeq = conversation.readSeq
        mutedUntil = conversation.mutedUntil
        archived = conversation.archivedAt != nil
        hidesPreview = conversation.hidesPreview
    }
}

/// A conversation in the list.
struct ConversationLineJSON: Codable, Sendable {
    let conversation: ConversationJSON
    /// At most 100.
    let unread: Int
    let lastAuthor: String?
    let preview: String

    init(_ line: ConversationLine, _ preview: String) {
        conversation = ConversationJSON(line.conversation)
        (unread, lastAuthor, self.preview) = (line.unread, line.lastAuthorName, preview)
    }
}

struct ParticipantJSON: Codable, Sendable {
    let id: String
    let name: String
    let joinedAt: Date
    let readSeq: Int
    /// Here just now; false for whoever hides that.
    let online: Bool

    init(_ person: Participant) {
        (id, name, joinedAt, readSeq, online) = (person.id.text, person.name, person.joinedAt, person.readSeq, person.isHere)
    }
}

struct ConversationDetailJSON: Codable, Sendable {
    let conversation: ConversationJSON
    let participants: [ParticipantJSON]

    init(_ conversation: Conversation, _ people: [Participant]) {
        self.conversation = ConversationJSON(conversation)
        participants = people.map { ParticipantJSON($0) }
    }
}

struct MessageJSON: Codable, Sendable {
    struct Attachment: Codable, Sendable {
        let id: String
        let width: Int
        let height: Int
        let bytes: Int
        let url: String
        let thumbnailUrl: String

        init(_ file: MessageFile) {
            (id, width, height, bytes) = (file.id.text, file.width, file.height, file.bytes)
            url = "/api/v1/message-files/\(file.id.text)"
            thumbnailUrl = url + "/thumbnail"
        }
    }

    let messageId: String
    let conversationId: String
    let seq: Int
    let senderId: String
    let sender: String
    /// Markdown; empty where it was taken back.
    let content: String
    let attachments: [Attachment]
    let sentAt: Date
    let editedAt: Date?
    let deletedAt: Date?

    init(_ message: Message, _ files: [MessageFile] = []) {
        messageId = message.id.text
        conversationId = message.conversation.text
        seq = message.seq
        senderId = message.authorID.text
        sender = message.author
        content = message.body
        attachments = files.filter { $0.message == message.id }.map { Attachment($0) }
        sentAt = message.sentAt
        editedAt = message.editedAt
        deletedAt = message.deletedAt
    }
}

/// A part of a conversation, oldest first.
struct MessagesJSON: Codable, Sendable {
    let items: [MessageJSON]
    /// There are more in the direction that was asked for.
    let hasMore: Bool
    let lastSeq: Int
}

struct RecipientJSON: Codable, Sendable {
    let id: String
    let name: String

    init(_ recipient: Recipient) { (id, name) = (recipient.id.text, recipient.name) }
}

struct BlockedJSON: Codable, Sendable {
    let id: String
    let name: String
    let since: Date

    init(_ blocked: Blocked) { (id, name, since) = (blocked.id.text, blocked.name, blocked.at) }
}

struct MessageHabitJSON: Codable, Sendable {
    let hidesPresence: Bool
    let enterSends: Bool

    init(_ habit: MessageHabit) { (hidesPresence, enterSends) = (habit.hidesPresence, habit.enterSends) }
}

struct MessageReportJSON: Codable, Sendable {
    let reportId: String
    let messageId: String
    let author: String
    let reporter: String
    let reason: String
    let reportedAt: Date
    let closedAt: Date?
    let closedBy: String?
    let outcome: String?

    init(_ report: MessageReport) {
        (reportId, messageId, author, reporter) = (report.id.text, report.message.id.text, report.message.author, report.reporter)
        (reason, reportedAt, closedAt) = (report.reason, report.reportedAt, report.closedAt)
        (closedBy, outcome) = (report.closedBy, report.outcome)
    }
}

struct MessageReportDetailJSON: Codable, Sendable {
    let report: MessageReportJSON
    /// The message, and what was said before and after it.
    let surroundings: [MessageJSON]
    /// What it said before.
    let versions: [String]

    init(_ record: ReportRecord) {
        report = MessageReportJSON(record.report)
        surroundings = record.around.map { MessageJSON($0, record.files) }
        versions = record.versions.map(\.body)
    }
}

struct ReportedJSON: Codable, Sendable {
    let reportId: String
}

struct StartedJSON: Codable, Sendable {
    let conversationId: String
}
