import Database
import Documents
import Forms
import Foundation
import HTML
import UI
import Web

/// Writing news, up to the draft.
extension AnnouncementRoutes {
    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (reader, shelf) = (NewsReader(context), NewsShelf(incoming, context))
        var csv = CSV(head: Announcement.head)
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(Announcement.page(shelf, reader, cursor, size: 500))
            for line in lines.prefix(500) { csv.append(line.cells) }
            cursor = lines.count > 500 ? .after(lines[499].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "announcements.csv"))
    }

    @Sendable func compose(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = NewsDesk(context)
        let seed = try await desk.seed(nil)
        return .page(desk.form(seed))
    }

    @Sendable func editor(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = NewsDesk(context)
        let seed = try await desk.seed(try incoming.id("announcement"))
        guard seed.announcement?.state != .withdrawn else { throw Failure.notFound }
        return .page(desk.form(seed))
    }

    /// A draft is looked at before it goes out.
    @Sendable func draft(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await write(incoming, NewsDesk(context), nil) { announcements, draft, files in
            try await announcements.draft(draft, files)
        }
    }

    @Sendable func edit(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        try await desk.requireReader(id)
        return try await write(incoming, desk, id) { announcements, draft, files in
            try await announcements.edit(id, draft, files)
        }
    }

    private func write(
        _ incoming: Incoming, _ desk: NewsDesk, _ id: UUID?,
        _ body: (Announcements, AnnouncementDraft, [StoredFile]) async throws -> Announcement
    ) async throws -> Reply {
        let context = desk.context
        do {
            let draft = try incoming.submission.read { AnnouncementDraft(&$0, roles: context.tenant.roles.map(\.key)) }
            try await Self.writing.spend(context.memberID.text, context.proved(), now: context.now)
            let stored = try await files.take(draft.files, tenant: context.tenant.id)
            do {
                guard id != nil else {
                    return try await context.once(incoming) { tx in
                        let one = try await body(desk.announcements(tx), draft, stored)
                        let next: WebPath = context.face == .page ? "\(one.path)/preview" : one.path
                        return try Effect(AnnouncementJSON(one, desk.reader), at: next, flash: Flash(desk.t.form.saved))
                    }
                }
                let one = try await context.write { tx in try await body(desk.announcements(tx), draft, stored) }
                let isOut = one.state == .published
                return try .done(
                    AnnouncementJSON(one, desk.reader), at: isOut ? one.path : "\(one.path)/preview",
                    flash: Flash(isOut ? desk.t.form.changed : desk.t.form.saved))
            } catch {
                await files.discard(stored, after: error)
                throw error
            }
        } catch let errors as FormErrors {
            let seed = try await desk.seed(id)
            let refused = FormErrors(errors.problems, values: incoming.values)
            return .refused(page: { desk.form(seed, refused) }, errors.problems)
        } catch let error as FileRefused {
            let seed = try await desk.seed(id)
            let refused = FormErrors([error.problem(in: "files")], values: incoming.values)
            return error.reply(in: "files") { desk.form(seed, refused) }
        } catch let failure as Failure where context.face == .page && failure.code == Failure.staleVersion.code {
            let seed = try await desk.seed(id)
            return .conflict(page: { desk.form(seed, FormErrors([], values: incoming.values), stale: true) }, failure)
        } catch let failure as Failure
            where context.face == .page
            && (failure.code == Failure.alreadyWithdrawn.code || failure.status == .tooManyRequests)
        {
            let seed = try await desk.seed(id)
            let refused = FormErrors([FieldProblem("body", .own(failure.code))], values: incoming.values)
            return .failed(page: { desk.form(seed, refused) }, failure)
        }
    }

    @Sendable func delete(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (NewsDesk(context), try incoming.id("announcement"))
        try await context.write { tx in try await desk.announcements(tx).delete(id) }
        return .gone(
            at: ("/announcements" as WebPath).adding(query: [("show", NewsShelf.draft.rawValue)]),
            flash: Flash(desk.t.form.deleted))
    }
}

extension Announcement {
    static let head = [
        "id", "title", "audience", "whom", "state", "important", "pinned", "published_at", "publish_at", "expires_on",
        "withdrawn_at",
        "author", "comments"
    ]

    var cells: [String] {
        [
            id.text, title, audience.rawValue, (roles + places).joined(separator: "; "), state.rawValue,
            isImportant ? "yes" : "no",
            isPinned ? "yes" : "no", publishedAt?.formatted(.iso8601) ?? "", publishAt?.formatted(.iso8601) ?? "",
            expiresOn?.description ?? "", withdrawnAt?.formatted(.iso8601) ?? "", author, String(comments)
        ]
    }
}
