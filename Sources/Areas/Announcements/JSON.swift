import Foundation
import Web

/// News as programs see them.
struct AnnouncementJSON: Codable, Sendable {
    let announcementId: String
    let title: String
    /// Markdown; empty where it was withdrawn, for all but those who write.
    let body: String
    let audience: String
    let roles: [String]
    /// Names of the places that they are for.
    let places: [String]
    let important: Bool
    let pinned: Bool
    let comments: Bool
    let state: String
    let publishAt: Date?
    let publishedAt: Date?
    let expiresOn: String?
    let withdrawnAt: Date?
    let reason: String?
    let author: String
    let editedAt: Date?
    let version: Int
    /// None where it was withdrawn, for all but those who write.
    let commentCount: Int
    /// What the asker has done with them.
    let readAt: Date?
    let acknowledgedAt: Date?

    init(_ one: Announcement, _ reader: NewsReader) {
        (announcementId, title, author, version) = (one.id.text, one.title, one.author, one.version)
        let isShown = one.state != .withdrawn || reader.writes
        (body, commentCount) = isShown ? (one.body, one.comments) : ("", 0)
        (audience, roles, places, state) = (one.audience.rawValue, one.roles, one.places, one.state.rawValue)
        (important, pinned, comments) = (one.isImportant, one.isPinned, one.takesComments)
        (publishAt, publishedAt, withdrawnAt, editedAt) = (one.publishAt, one.publishedAt, one.withdrawnAt, one.editedAt)
        (expiresOn, reason) = (one.expiresOn?.description, one.reason)
        (readAt, acknowledgedAt) = (one.readAt, one.acknowledgedAt)
    }
}

struct AnnouncementFileJSON: Codable, Sendable {
    let id: String
    let filename: String
    let contentType: String
    let bytes: Int
    let url: String
    /// Pictures alone have one.
    let thumbnailUrl: String?

    init(_ file: AnnouncementFile) {
        (id, filename, contentType, bytes) = (file.id.text, file.filename, file.type, file.bytes)
        url = "/api/v1/announcement-files/\(file.id.text)"
        thumbnailUrl = file.thumbKey == nil ? nil : url + "/thumbnail"
    }
}

struct AnnouncementDetailJSON: Codable, Sendable {
    let announcement: AnnouncementJSON
    let files: [AnnouncementFileJSON]

    init(_ record: AnnouncementRecord, _ reader: NewsReader) {
        announcement = AnnouncementJSON(record.announcement, reader)
        files = record.files.map { AnnouncementFileJSON($0) }
    }
}

struct NewsCommentJSON: Codable, Sendable {
    let commentId: String
    let author: String
    /// Markdown; empty once it was removed.
    let body: String
    let at: Date
    let removedAt: Date?

    init(_ comment: NewsComment) {
        (commentId, author, body) = (comment.id.text, comment.author, comment.body)
        (at, removedAt) = (comment.at, comment.removedAt)
    }
}

/// How many people would read it if it were published now.
struct ReachJSON: Codable, Sendable {
    let people: Int
}

struct NewsReceiptJSON: Codable, Sendable {
    let memberId: String
    let name: String
    let readAt: Date?
    let acknowledgedAt: Date?
    /// Is one of those today whom it is for.
    let meant: Bool

    init(_ receipt: NewsReceipt) {
        (memberId, name, readAt) = (receipt.id.text, receipt.name, receipt.readAt)
        (acknowledgedAt, meant) = (receipt.acknowledgedAt, receipt.isMeant)
    }
}
