import Database
import Documents
import Forms
import Foundation
import HTML
import UI
import Web

/// Reading news, and what readers do with them.
extension AnnouncementRoutes {
    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let (desk, shelf) = (NewsDesk(context), NewsShelf(incoming, context))
        let (lines, total) = try await context.read(
            Announcement.page(shelf, desk.reader, cursor, size: size), Announcement.count(shelf, desk.reader))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            desk.list(page, total, shelf),
            json: ListJSON(
                items: page.lines.map { AnnouncementJSON($0, desk.reader) }, nextCursor: page.next?.text, total: total))
    }

    /// Whoever opens what is for them has read it.
    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        let record = try await desk.record(id, context.face == .page ? incoming.cursor() : .first)
        let one = record.announcement
        if one.isMeant, one.state == .published, one.readAt == nil, desk.reader.isInPerson {
            try await context.write { tx in try await Announcements.read(id, by: desk.reader, tx) }
        }
        return .show(desk.show(record), json: AnnouncementDetailJSON(record, desk.reader))
    }

    @Sendable func acknowledge(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        let one = try await context.write { tx in try await desk.announcements(tx).acknowledge(id) }
        return try .done(AnnouncementJSON(one, desk.reader), at: one.path, flash: Flash(desk.t.show.thanks))
    }

    /// Only ever as a download, but for pictures, which this house has made anew.
    func file(_ incoming: Incoming, _ context: MemberContext, thumbnail: Bool) async throws -> Reply {
        let (reader, id) = (NewsReader(context), try incoming.id("file"))
        let (file, waiting) = try await context.read(
            AnnouncementFile.find(id, reader), AnnouncementFile.waiting(id, reader.tenant, thumbnail: thumbnail))
        let etag = "\"\(file.id.text)\""
        guard !thumbnail else {
            guard let key = file.thumbKey else { throw Failure.notFound }
            return .file(
                FileReply(.bytes(try await files.read(key, waiting: waiting)), type: "image/jpeg", etag: etag))
        }
        let bytes = try await files.read(file.objectKey, waiting: waiting)
        // A picture was made anew by this house.
        if context.face == .page, file.thumbKey != nil {
            return .file(FileReply(.bytes(bytes), type: "image/jpeg", etag: etag))
        }
        return .file(FileReply(.bytes(bytes), type: "application/octet-stream", etag: etag, filename: file.filename))
    }

    // MARK: Comments

    @Sendable func comments(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (reader, id) = (NewsReader(context), try incoming.id("announcement"))
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let (isThere, lines, total) = try await context.read(
            Announcement.mayRead(id, reader), NewsComment.page(id, reader, cursor, size: size),
            NewsComment.count(id, reader))
        guard isThere else { throw Failure.notFound }
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            page: { throw Failure.notFound },
            json: {
                try JSON.encode(
                    ListJSON(items: page.lines.map { NewsCommentJSON($0) }, nextCursor: page.next?.text, total: total))
            })
    }

    @Sendable func comment(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        try await desk.requireReader(id)
        do {
            let draft = try incoming.submission.read { NewsCommentDraft(&$0) }
            try await Self.commenting.spend(context.memberID.text, context.proved(), now: context.now)
            return try await context.once(incoming) { tx in
                let comment = try await desk.announcements(tx).comment(id, draft)
                return try Effect(
                    NewsCommentJSON(comment), at: "/announcements/\(id.text)", flash: Flash(desk.t.show.commented))
            }
        } catch let errors as FormErrors {
            let record = try await desk.record(id, .first)
            return .refused(
                page: { desk.show(record, FormErrors(errors.problems, values: incoming.values)) }, errors.problems)
        } catch let failure as Failure
            where context.face == .page && (failure.code == Failure.commentsOff.code || failure.status == .tooManyRequests)
        {
            let record = try await desk.record(id, .first)
            let errors = FormErrors([FieldProblem("body", .own(failure.code))], values: incoming.values)
            return .failed(page: { desk.show(record, errors) }, failure)
        }
    }

    @Sendable func removeComment(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        let comment = try incoming.id("comment")
        try await context.write { tx in try await desk.announcements(tx).remove(comment, of: id) }
        return .gone(at: "/announcements/\(id.text)", flash: Flash(desk.t.show.commentRemoved))
    }
}

extension NewsDesk {
    static let commentsOfPage = 50

    /// One round trip; 404 for what is not for the reader.
    func record(_ id: UUID, _ cursor: Cursor) async throws -> AnnouncementRecord {
        let size = Self.commentsOfPage
        let (announcement, files, comments, count, tally) = try await context.read(
            Announcement.find(id, reader), AnnouncementFile.of(id, reader.tenant),
            NewsComment.page(id, reader, cursor, size: size), NewsComment.count(id, reader),
            reader.writes ? NewsReceipt.tally(id, reader).map { $0 as ReceiptTally? } : .known(nil))
        return AnnouncementRecord(
            announcement: announcement, files: announcement.state == .withdrawn && !reader.writes ? [] : files,
            comments: KeysetPage(comments, size: size, cursor: cursor) { $0.id }, commentCount: count, tally: tally)
    }
}

extension NewsShelf {
    /// What readers may ask for: drafts and what is scheduled are for those who write.
    init(_ incoming: Incoming, _ context: MemberContext) {
        let asked = incoming.query.single("show").flatMap(NewsShelf.init(rawValue:)) ?? .current
        self = context.may(.writeAnnouncements) || asked == .archive ? asked : .current
    }
}
