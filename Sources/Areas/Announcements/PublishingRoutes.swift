import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// From the draft to the readers, and back.
extension AnnouncementRoutes {
    @Sendable func preview(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        let (one, files, people) = try await desk.draft(id)
        return .show(desk.preview(one, files, people), json: ReachJSON(people: people))
    }

    @Sendable func publish(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        try await desk.requireReader(id)
        do {
            let draft = try incoming.submission.read { PublicationDraft(&$0, zone: context.outer.zone) }
            let one = try await context.write { tx in
                try await desk.announcements(tx).publish(id, at: draft.at, version: draft.version)
            }
            let words = one.state == .scheduled ? desk.t.preview.scheduled : desk.t.preview.published
            return try .done(AnnouncementJSON(one, desk.reader), at: one.path, flash: Flash(words))
        } catch let errors as FormErrors {
            let (one, files, people) = try await desk.draft(id)
            let refused = FormErrors(errors.problems, values: incoming.values)
            return .refused(page: { desk.preview(one, files, people, refused) }, errors.problems)
        } catch let failure as Failure where context.face == .page && failure.code == Failure.staleVersion.code {
            let (one, files, people) = try await desk.draft(id)
            let refused = FormErrors([], values: incoming.values)
            return .conflict(page: { desk.preview(one, files, people, refused, stale: true) }, failure)
        }
    }

    @Sendable func unschedule(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        let one = try await context.write { tx in try await desk.announcements(tx).unschedule(id) }
        return .gone(at: one.path, flash: Flash(desk.t.preview.unscheduled))
    }

    @Sendable func withdraw(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        try await desk.requireReader(id)
        do {
            let draft = try incoming.submission.read { WithdrawalDraft(&$0) }
            let one = try await context.write { tx in try await desk.announcements(tx).withdraw(id, draft) }
            return try .done(AnnouncementJSON(one, desk.reader), at: one.path, flash: Flash(desk.t.show.isWithdrawn))
        } catch let errors as FormErrors {
            let record = try await desk.record(id, .first)
            return .refused(
                page: { desk.show(record, FormErrors(errors.problems, values: incoming.values)) }, errors.problems)
        }
    }

    // MARK: Who has read it

    @Sendable func receipts(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        let (size, cursor, shelf) = (try incoming.limit(), try incoming.cursor(), ReceiptShelf(incoming))
        let (one, lines, tally) = try await context.read(
            Announcement.find(id, desk.reader), NewsReceipt.page(id, desk.reader, shelf, cursor, size: size),
            NewsReceipt.tally(id, desk.reader))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            desk.receipts(one, page, tally, shelf),
            json: ListJSON(
                items: page.lines.map { NewsReceiptJSON($0) }, nextCursor: page.next?.text, total: tally.count(shelf)))
    }

    @Sendable func exportReceipts(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (reader, id) = (NewsReader(context), try incoming.id("announcement"))
        guard try await context.read(Announcement.mayRead(id, reader)) else { throw Failure.notFound }
        var csv = CSV(head: ["id", "name", "read_at", "acknowledged_at", "meant"])
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(NewsReceipt.page(id, reader, ReceiptShelf(incoming), cursor, size: 500))
            for line in lines.prefix(500) { csv.append(line.cells) }
            cursor = lines.count > 500 ? .after(lines[499].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "readers.csv"))
    }
}

extension NewsDesk {
    /// A draft with what its preview shows; 404 once it is out.
    fileprivate func draft(_ id: UUID) async throws -> (Announcement, [AnnouncementFile], Int) {
        let (one, files, people) = try await context.read(
            Announcement.find(id, reader), AnnouncementFile.of(id, reader.tenant), Reach.count(id, reader))
        guard one.state == .draft || one.state == .scheduled else { throw Failure.notFound }
        return (one, files, people)
    }
}

extension NewsReceipt {
    fileprivate var cells: [String] {
        [
            id.text, name, readAt?.formatted(.iso8601) ?? "", acknowledgedAt?.formatted(.iso8601) ?? "", isMeant ? "yes" : "no"
        ]
    }
}

extension ReceiptShelf {
    init(_ incoming: Incoming) {
        self = incoming.query.single("show").flatMap(ReceiptShelf.init(rawValue:)) ?? .all
    }
}
