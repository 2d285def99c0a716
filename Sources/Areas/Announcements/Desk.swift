import Database
import Documents
import Forms
import Foundation
import HTML
import Markdown
import UI
import Web

/// News with what their page shows.
struct AnnouncementRecord: Sendable {
    let announcement: Announcement
    let files: [AnnouncementFile]
    let comments: KeysetPage<NewsComment>
    let commentCount: Int
    let tally: ReceiptTally?
}

/// One request's view of the news: who reads, in which words. Builds the pages.
struct NewsDesk: Sendable {
    let context: MemberContext
    let reader: NewsReader
    let t: AnnouncementsMessages

    init(_ context: MemberContext) {
        self.context = context
        reader = NewsReader(context)
        t = AnnouncementsMessages(context.language)
    }

    var format: Format { context.format }
    var home: Crumb { Crumb(t.list.title, "/announcements") }

    func announcements(_ tx: Tx) -> Announcements { Announcements(tx: tx, reader: reader) }

    func errors(_ problems: [FieldProblem]) -> [FieldError] {
        ProblemText.errors(problems, context.language) { t.problem(code: $0) }
    }

    /// Before a form is looked at: whoever may not read it is told nothing else.
    /// - Throws: 404.
    func requireReader(_ id: UUID) async throws {
        guard try await context.read(Announcement.mayRead(id, reader)) else { throw Failure.notFound }
    }

    // MARK: Parts

    /// "For everybody", "For Lindenstraße 12, Am Markt 7".
    func audience(_ one: Announcement) -> String {
        switch one.audience {
        case .company: return t.list.everybody
        case .role:
            return t.list.forSome(whom: one.roles.map { role($0) }.joined(separator: ", "))
        default:
            let shown = one.places.prefix(3).joined(separator: "; ")
            return one.places.count > 3 ? t.list.forMany(whom: shown, count: one.places.count - 3) : t.list.forSome(whom: shown)
        }
    }

    func role(_ key: String) -> String { context.tenant.titles(of: [key], language: context.language.rawValue) }

    func badges(_ one: Announcement) -> [Badge] {
        var badges: [Badge] = []
        switch one.state {
        case .draft: badges.append(Badge(t.list.state(state: "draft"), mark: .ring))
        case .scheduled: badges.append(Badge(t.list.state(state: "scheduled"), tone: .info, mark: .half))
        case .withdrawn: badges.append(Badge(t.list.state(state: "withdrawn"), tone: .warn, mark: .strike))
        case .published:
            if let last = one.expiresOn, last < reader.today { badges.append(Badge(t.list.state(state: "over"))) }
        }
        if one.isImportant { badges.append(Badge(t.list.important, tone: .warn, mark: .triangle)) }
        if one.isPinned, one.state != .withdrawn { badges.append(Badge(t.list.pinned)) }
        return badges
    }

    func day(_ date: CalendarDate) -> String { format.date(date.noon(in: context.tenant.timeZone)) }

    func attached(_ files: [AnnouncementFile]) -> [AttachedFile] {
        files.filter { $0.thumbKey == nil }.map {
            AttachedFile(
                path: "/announcement-files/\($0.id.text)", name: $0.filename, size: format.fileSize(bytes: $0.bytes))
        }
    }

    func pictures(_ files: [AnnouncementFile]) -> [Picture] {
        files.filter { $0.thumbKey != nil }.map { file in
            let path: WebPath = "/announcement-files/\(file.id.text)"
            let (width, height) = (file.width ?? 1, file.height ?? 1)
            // The thumbnail's longer side is 400 pixels (Kit/Images).
            let scale = min(1, 400 / Double(max(width, height, 1)))
            return Picture(
                thumbnail: "\(path)/thumbnail", page: path, alt: t.show.picture(name: file.filename),
                width: max(1, Int(Double(width) * scale)), height: max(1, Int(Double(height) * scale)))
        }
    }

    // MARK: The list

    func list(_ page: KeysetPage<Announcement>, _ total: Int, _ shelf: NewsShelf) -> AnnouncementsPage {
        let path = { (shelf: NewsShelf) -> WebPath in
            shelf == .current ? "/announcements" : ("/announcements" as WebPath).adding(query: [("show", shelf.rawValue)])
        }
        let address = { (cursor: Cursor) in path(shelf).adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        let summary = t.list.summary(count: total)
        return AnnouncementsPage(
            tabs: NewsShelf.allCases.filter { reader.writes || $0 == .current || $0 == .archive }.map {
                Tab(t.list.shelf(shelf: $0.rawValue), path($0), current: $0 == shelf)
            }, summary: summary, rows: page.lines.map(row),
            pager: page.previous == nil && page.next == nil
                ? nil : Pager(previous: page.previous.map(address), next: page.next.map(address), summary: summary),
            write: reader.writes ? "/announcements/new" : nil,
            csv: reader.writes
                ? ("/announcements.csv" as WebPath).adding(query: shelf == .current ? [] : [("show", shelf.rawValue)]) : nil,
            emptyTitle: t.list.none(shelf: shelf.rawValue), emptyText: t.list.noneText(shelf: shelf.rawValue))
    }

    func row(_ one: Announcement) -> AnnouncementRow {
        let isUnread = one.isMeant && one.state == .published && (one.readAt == nil || one.waitsForReader)
        var badges = badges(one)
        if one.waitsForReader { badges.insert(Badge(t.list.toConfirm, tone: .bad, mark: .dot), at: 0) }
        if one.comments > 0, one.state == .published { badges.append(Badge(t.list.comments(count: one.comments))) }
        return AnnouncementRow(
            path: one.path, title: one.title,
            excerpt: one.state == .withdrawn && !reader.writes ? "" : Markdown.excerpt(one.body),
            detail: t.list.detail(name: one.author, audience: audience(one)),
            moment: format.moment(one.sortAt, now: context.now), badges: badges, isUnread: isUnread)
    }

    // MARK: One of them

    /// - Parameter refused: what was typed into a comment or a reason.
    func show(_ record: AnnouncementRecord, _ refused: FormErrors? = nil) -> AnnouncementPage {
        let one = record.announcement
        let errors = errors(refused?.problems ?? [])
        let isShown = one.state != .withdrawn || reader.writes
        return AnnouncementPage(
            title: one.title, crumbs: [home, Crumb(one.title)], badges: badges(one),
            detail: t.list.detail(name: one.author, audience: audience(one)),
            moment: format.moment(one.sortAt, now: context.now),
            withdrawn: one.withdrawnAt.map { t.show.withdrawn(moment: format.dateTime($0), reason: one.reason ?? "") },
            body: isShown ? Markdown.html(one.body) : nil, files: isShown ? attached(record.files) : [],
            pictures: isShown ? pictures(record.files) : [],
            acknowledge: one.waitsForReader && reader.isInPerson ? "\(one.path)/acknowledgement" : nil,
            acknowledged: one.acknowledgedAt.map { t.show.acknowledged(moment: format.dateTime($0)) },
            comments: comments(record, errors, refused), manage: reader.writes ? management(record, errors, refused) : nil,
            topic: "announcement:\(one.id.text)", errors: errors)
    }

    private func comments(_ record: AnnouncementRecord, _ errors: [FieldError], _ refused: FormErrors?) -> NewsComments? {
        let one = record.announcement
        guard one.takesComments || record.commentCount > 0, one.state == .published else { return nil }
        let address = { (cursor: Cursor) in one.path.adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        return NewsComments(
            rows: record.comments.lines.map { comment in
                NewsCommentRow(
                    author: comment.author, moment: format.moment(comment.at, now: context.now),
                    body: comment.removedAt == nil ? Markdown.html(comment.body) : nil,
                    remove: comment.removedAt == nil && reader.isInPerson && (reader.writes || comment.authorID == reader.member)
                        ? "\(one.path)/comments/\(comment.id.text)/removal" : nil)
            }, count: one.comments, older: record.comments.previous.map(address), newer: record.comments.next.map(address),
            action: one.takesComments && reader.isInPerson ? "\(one.path)/comments" : nil,
            field: Field(
                "body", label: t.show.comment, value: refused?.values["body"] ?? "", error: errors.message(for: "body"),
                required: true, maxLength: 5000))
    }

    private func management(_ record: AnnouncementRecord, _ errors: [FieldError], _ refused: FormErrors?)
        -> AnnouncementManagement
    {
        let one = record.announcement
        let isWaiting = one.state == .draft || one.state == .scheduled
        var facts = [Fact(t.show.audience, audience(one))]
        if let publishAt = one.publishAt, one.state == .scheduled {
            facts.append(Fact(t.show.publishAt, format.dateTime(publishAt)))
        }
        if let published = one.publishedAt { facts.append(Fact(t.show.published, format.dateTime(published))) }
        if let last = one.expiresOn { facts.append(Fact(t.show.expiresOn, day(last))) }
        if let edited = one.editedAt { facts.append(Fact(t.show.edited, format.dateTime(edited))) }
        let tally = record.tally
        return AnnouncementManagement(
            facts: facts, edit: one.state == .withdrawn ? nil : "\(one.path)/edit",
            preview: isWaiting ? "\(one.path)/preview" : nil,
            unschedule: one.state == .scheduled ? "\(one.path)/publication/revocation" : nil,
            readers: isWaiting ? nil : "\(one.path)/readers",
            readersText: tally.map {
                one.isImportant
                    ? t.show.readAndConfirmed(read: $0.read, confirmed: $0.acknowledged, people: $0.meant)
                    : t.show.readBy(read: $0.read, people: $0.meant)
            } ?? "", readersTopic: "announcement_readers:\(one.id.text)",
            withdraw: one.state == .published ? "\(one.path)/withdrawal" : nil,
            reason: Field(
                "reason", label: t.show.reason, value: refused?.values["reason"] ?? "", hint: t.show.reasonHint,
                error: errors.message(for: "reason"), required: true, maxLength: 1000),
            opensWithdraw: refused?.problems.contains { $0.field == "reason" } ?? false,
            delete: one.state == .draft ? "\(one.path)/deletion" : nil)
    }
}
