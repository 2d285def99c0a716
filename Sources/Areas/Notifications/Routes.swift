import Database
import Forms
import Foundation
import HTML
import Mail
import UI
import Web

/// Everybody's inbox and choices, and for admins what was sent and in which words.
package struct NotificationRoutes: Sendable {
    /// Icon and tone of a notice by its kind.
    let face: @Sendable (_ kind: String) -> (icon: Icon, tone: Tone)

    /// By which browsers know this platform; nil where push is not set up.
    let pushKey: String?

    /// Where mails end during development; nil where they leave the house.
    let folder: MailFolder?

    package init(
        face: @escaping @Sendable (_ kind: String) -> (icon: Icon, tone: Tone), pushKey: String? = nil, folder: MailFolder? = nil
    ) {
        self.face = face
        self.pushKey = pushKey
        self.folder = folder
    }

    package func add(to routes: Routes) {
        routes.chapter("Notifications")
        routes.memberGet("notifications", seen: true, support: true, use: inbox)
            .tells("Lists what you were told, newest first.")
            .asks(FieldShape("show", .choice(["unread"]))).lists(NoticeJSON.self)
        routes.memberGet("notifications.csv", use: export)
            .tells("The same as CSV.")
            .asks(FieldShape("show", .choice(["unread"]))).gives(file: "text/csv")
        routes.memberPost("notifications/read") { try await read($0, $1, all: true) }
            .tells("Marks everything as read.").givesNothing()
        routes.memberPost("notifications/{id}/read") { try await read($0, $1, all: false) }
            .tells("Marks one as read.").givesNothing()
        routes.memberGet("account/notifications", use: preferences)
            .tells("How you want to be told what.").gives(PreferencesJSON.self)
        routes.memberPost("account/notifications", use: choose)
            .tells("Chooses how you want to be told what: only what is given.")
            .takes(Self.chosen).gives(PreferencesJSON.self)
        routes.memberGet("me/notification-preferences", on: .api, use: preferences)
            .tells("How you want to be told what.").gives(PreferencesJSON.self)
        routes.memberPost("me/notification-preferences", on: .api, use: choose)
            .tells("Chooses how you want to be told what: only what is given.")
            .takes(Self.chosen).gives(PreferencesJSON.self)
        // Open: whoever has a mail may end its kind; the signed address proves it.
        routes.openGet("unsubscribe/{member}/{kind}/{signature}", on: .page, use: Unsubscribe.show)
        routes.openPost("unsubscribe/{member}/{kind}/{signature}", on: .page, body: .oneClick, use: Unsubscribe.perform)
        PushRoutes(key: pushKey).add(to: routes)
        DeliveryRoutes().add(to: routes)
        TextRoutes().add(to: routes)
        if let folder { DevelopmentMail(folder: folder).add(to: routes) }
    }

    @Sendable func inbox(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let unreadOnly = incoming.query.single("show") == "unread"
        let size = try incoming.limit()
        let cursor = try incoming.cursor()
        let (lines, total) = try await context.read(
            InboxLine.page(context.tenant.id, context.memberID, cursor, unreadOnly: unreadOnly, size: size),
            InboxLine.count(context.tenant.id, context.memberID, unreadOnly: unreadOnly))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        let t = NotificationsMessages(context.language)
        return .show(
            InboxPage(page, total, unreadOnly: unreadOnly, context, face),
            json: ListJSON(items: page.lines.map { NoticeJSON($0, t) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let t = NotificationsMessages(context.language)
        let unreadOnly = incoming.query.single("show") == "unread"
        var csv = CSV(head: ["created_at", "kind", "text", "path", "read_at"])
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(
                InboxLine.page(context.tenant.id, context.memberID, cursor, unreadOnly: unreadOnly, size: 1000))
            for line in lines.prefix(1000) {
                csv.append([
                    line.createdAt.formatted(.iso8601), line.kind, line.sentence(t), line.path,
                    line.readAt?.formatted(.iso8601) ?? ""
                ])
            }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "notifications.csv"))
    }

    func read(_ incoming: Incoming, _ context: MemberContext, all: Bool) async throws -> Reply {
        let id = all ? nil : try incoming.id()
        let touched = try await context.write { tx in
            tx.signal(.notices(context.memberID))
            return try await tx.execute(InboxLine.markRead(context.tenant.id, context.memberID, only: id, now: context.now))
        }
        if !all, touched == 0 {
            // Already read is fine; somebody else's is not there.
            let own = try await context.read(InboxLine.exists(id, context.tenant.id, context.memberID))
            guard own else { throw Failure.notFound }
        }
        return .gone(at: "/notifications", flash: all ? Flash(NotificationsMessages(context.language).inbox.allRead) : nil)
    }
}

extension NotificationRoutes {
    @Sendable private static func chosen(_ form: inout FormReader) {
        var preferences = Preferences()
        preferences.read(&form, NoticeKind.all)
    }

    @Sendable private func preferences(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let preferences = try await Preferences.find(context.memberID, context)
        return .show(
            PreferencesPage(preferences, PushPart(preferences.devices, pushKey, incoming, context), context),
            json: PreferencesJSON(preferences, context))
    }

    @Sendable private func choose(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let old = try await Preferences.find(context.memberID, context)
        let kinds = Preferences.kinds(context)
        do {
            let chosen = try incoming.submission.read { form in
                var chosen = old
                chosen.read(&form, kinds)
                return chosen
            }
            try await context.write { tx in try await chosen.save(context.memberID, kinds, over: old, tx) }
            return try .done(
                PreferencesJSON(chosen, context), at: "/account/notifications",
                flash: Flash(NotificationsMessages(context.language).preferences.saved))
        } catch let errors as FormErrors {
            return .refused(
                page: {
                    PreferencesPage(
                        old, PushPart(old.devices, pushKey, incoming, context), context, typed: errors.values, errors.problems)
                }, errors.problems)
        }
    }
}

struct NoticeJSON: Codable, Sendable {
    let id: String
    let kind: String
    let text: String
    let path: String
    let createdAt: Date
    let readAt: Date?

    init(_ line: InboxLine, _ t: NotificationsMessages) {
        id = line.id.text
        kind = line.kind
        text = line.sentence(t)
        path = line.path
        createdAt = line.createdAt
        readAt = line.readAt
    }
}

extension NotificationsMessages {
    /// What a notice says.
    func sentence(_ kind: String, _ facts: [String: String]) -> String {
        switch kind {
        case "job.parked": return self.jobParked(kind: facts["kind"] ?? "")
        case "delivery.parked": return self.deliveryParked
        case "invitation.accepted": return self.invitationAccepted(name: facts["name"] ?? "")
        case "role.requested": return self.roleRequested(name: facts["name"] ?? "")
        case "role.granted": return self.roleGranted
        case "role.refused": return self.roleRefused
        case "data.ready": return self.dataReady
        case "data.ready_of": return self.dataReadyOf(name: facts["name"] ?? "")
        case "role.changed": return self.roleChanged(name: facts["name"] ?? "")
        case _ where kind.hasPrefix("delegation."):
            return delegation(
                kind: String(kind.dropFirst("delegation.".count)), name: facts["name"] ?? "", place: facts["place"] ?? "")
        case "message.unread": return self.messageUnread(count: Int(facts["count"] ?? "") ?? 1, name: facts["name"] ?? "")
        case "message.reported": return self.messageReported
        case _ where kind.hasPrefix("vote."):
            return vote(
                kind: String(kind.dropFirst("vote.".count)), title: facts["title"] ?? "", place: facts["place"] ?? "",
                name: facts["name"] ?? "")
        case "announcement.published": return self.announcementPublished(title: facts["title"] ?? "")
        case "support.asked": return self.supportAsked(name: facts["name"] ?? "", reason: facts["reason"] ?? "")
        case "session.reused": return self.sessionReused
        case "session.ended": return self.sessionEnded(name: facts["name"] ?? "")
        case _ where kind.hasPrefix("incident."):
            return incident(
                kind: String(kind.dropFirst("incident.".count)), title: facts["title"] ?? "", place: facts["place"] ?? "")
        default:
            let parts = kind.split(separator: ".", maxSplits: 1)
            return fault(kind: parts.last.map(String.init) ?? kind, number: facts["number"] ?? "", title: facts["title"] ?? "")
        }
    }
}

extension InboxLine {
    /// The sentence in the reader's language.
    func sentence(_ t: NotificationsMessages) -> String { t.sentence(kind, facts) }
}

extension InboxPage {
    init(
        _ page: KeysetPage<InboxLine>, _ total: Int, unreadOnly: Bool, _ context: MemberContext,
        _ face: (String) -> (icon: Icon, tone: Tone)
    ) {
        let t = NotificationsMessages(context.language)
        let unread = context.session.unread
        let path = { (cursor: Cursor?) in
            ("/notifications" as WebPath).adding(
                query: (unreadOnly ? [("show", "unread")] : []) + (cursor?.text.map { [("cursor", $0)] } ?? []))
        }
        self.init(
            tabs: [
                Tab(t.inbox.all, "/notifications", current: !unreadOnly),
                Tab(t.inbox.unreadTab, "/notifications?show=unread", current: unreadOnly, count: unread)
            ],
            summary: t.inbox.summary(count: unread),
            rows: page.lines.map { line in
                let (icon, tone) = face(line.kind)
                return NoticeRow(
                    path: WebPath(line.path) ?? "/notifications", text: line.sentence(t),
                    moment: context.format.moment(line.createdAt, now: context.now), icon: icon,
                    tone: tone, read: line.readAt == nil ? "/notifications/\(line.id.text)/read" : nil)
            },
            readAll: unread > 0 ? "/notifications/read" : nil,
            pager: page.previous == nil && page.next == nil
                ? nil : Pager(previous: page.previous.map { path($0) }, next: page.next.map { path($0) }, summary: ""))
    }
}
