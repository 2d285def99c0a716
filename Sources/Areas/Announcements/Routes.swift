import Documents
import Forms
import HTML
import Web

/// News of the house. Every member reads those that are for them; what these are, `NewsReader` says.
package struct AnnouncementRoutes: Sendable {
    let files: FileStudio
    /// Comments of one member, and news that they write.
    static let commenting = RateLimit("news-comment", 30, per: 600)
    static let writing = RateLimit("announcement", 60, per: 3600)

    package init(files: FileStudio) {
        self.files = files
    }

    package func add(to routes: Routes) {
        routes.chapter("News")
        addReading(to: routes)
        addWriting(to: routes)
        addPublishing(to: routes)
        addComments(to: routes)
    }

    private func addReading(to routes: Routes) {
        routes.memberGet("announcements", seen: true, support: true, use: list)
            .tells("Lists news for you, those that are pinned first; who writes sees all of them.")
            .asks(.choice("show", NewsShelf.self)).lists(AnnouncementJSON.self)
        routes.memberGet("announcements/{announcement}", seen: true, support: true, use: show)
            .tells("One of them. Whoever they are for has read them then.").gives(AnnouncementDetailJSON.self)
        routes.memberPost("announcements/{announcement}/acknowledgement", use: acknowledge)
            .tells("Says that you have read what asks for it.").gives(AnnouncementJSON.self)
        routes.memberGet("announcement-files/{file}", seen: true) { try await file($0, $1, thumbnail: false) }
            .tells("A file that goes with news.").gives(file: "application/octet-stream").kept()
        routes.memberGet("announcement-files/{file}/thumbnail", seen: true) { try await file($0, $1, thumbnail: true) }
            .tells("A small picture of it, where it is one.").gives(file: "image/jpeg").kept()
    }

    private func addWriting(to routes: Routes) {
        routes.get("announcements.csv", may: .writeAnnouncements, use: export)
            .tells("The list as CSV.").asks(.choice("show", NewsShelf.self)).gives(file: "text/csv")
        routes.get("announcements/new", may: .writeAnnouncements, on: .page, use: compose)
        routes.post("announcements", may: .writeAnnouncements, body: .uploads, use: draft)
            .tells("Drafts news for the company, or for buildings, entrances, units or roles.")
            .takes { form, tenant in _ = AnnouncementDraft(&form, roles: tenant.roles.map(\.key)) }
            .creates(AnnouncementJSON.self).fails(413, 415, 429)
        routes.get("announcements/{announcement}/edit", may: .writeAnnouncements, on: .page, use: editor)
        routes.post("announcements/{announcement}", may: .writeAnnouncements, body: .uploads, use: edit)
            .tells("Changes news: all of them is given. For whom they are is settled once they are published.")
            .takes { form, tenant in _ = AnnouncementDraft(&form, roles: tenant.roles.map(\.key)) }
            .gives(AnnouncementJSON.self).fails(413, 415, 429)
        routes.post("announcements/{announcement}/deletion", may: .writeAnnouncements, on: .page, use: delete)
        routes.delete("announcements/{announcement}", may: .writeAnnouncements, use: delete)
            .tells("Deletes a draft.").givesNothing()
    }

    private func addPublishing(to routes: Routes) {
        routes.get("announcements/{announcement}/preview", may: .writeAnnouncements, use: preview)
            .tells("How many people would read it if it were published now.").gives(ReachJSON.self)
        routes.post("announcements/{announcement}/publication", may: .writeAnnouncements, use: publish)
            .tells("Publishes a draft: now, or at a time to come.").takes { _ = PublicationDraft(&$0, zone: $1.timeZone) }
            .gives(AnnouncementJSON.self)
        routes.post("announcements/{announcement}/publication/revocation", may: .writeAnnouncements, on: .page, use: unschedule)
        routes.delete("announcements/{announcement}/publication", may: .writeAnnouncements, use: unschedule)
            .tells("Takes news off the schedule: a draft again.").givesNothing()
        routes.post("announcements/{announcement}/withdrawal", may: .writeAnnouncements, use: withdraw)
            .tells("Takes news back, with a reason that their readers see.").takes { _ = WithdrawalDraft(&$0) }
            .gives(AnnouncementJSON.self)
        routes.get("announcements/{announcement}/readers", may: .writeAnnouncements, use: receipts)
            .tells("Who has read it and who has not, by name.").asks(.choice("show", ReceiptShelf.self))
            .lists(NewsReceiptJSON.self)
        routes.get("announcements/{announcement}/readers.csv", may: .writeAnnouncements, use: exportReceipts)
            .tells("The same as CSV.").asks(.choice("show", ReceiptShelf.self)).gives(file: "text/csv")
    }

    private func addComments(to routes: Routes) {
        routes.memberGet("announcements/{announcement}/comments", on: .api, seen: true, use: comments)
            .tells("What was said about it, oldest first.").lists(NewsCommentJSON.self)
        routes.memberPost("announcements/{announcement}/comments", use: comment)
            .tells("Says something about it, where that is allowed.").takes { _ = NewsCommentDraft(&$0) }
            .creates(NewsCommentJSON.self).fails(429)
        routes.memberPost("announcements/{announcement}/comments/{comment}/removal", on: .page, use: removeComment)
        routes.memberDelete("announcements/{announcement}/comments/{comment}", use: removeComment)
            .tells("Removes what you said, or as one who writes news what anybody said; a mark stays.").givesNothing()
    }
}
