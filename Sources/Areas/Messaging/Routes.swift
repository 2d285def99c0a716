import Faults
import Forms
import HTML
import Live
import Web

/// Conversations. Every member may take part in some, so no role opens them: whom one may write to, `MessageViewer.reachable` says. They
/// are for the member alone, so nobody who looks at a member's pages sees them.
package struct MessageRoutes: Sendable {
    let photos: PhotoStudio
    let hub: LiveHub
    /// Messages of one member, and conversations that they begin.
    static let sending = RateLimit("message", 60, per: 60)
    static let starting = RateLimit("conversation", 30, per: 3600)

    package init(photos: PhotoStudio, hub: LiveHub) {
        self.photos = photos
        self.hub = hub
    }

    package func add(to routes: Routes) {
        routes.chapter("Messages")
        addLists(to: routes)
        addOwn(to: routes)
        addThread(to: routes)
        addMessages(to: routes)
        addPeople(to: routes)
        addFiles(to: routes)
        addReports(to: routes)
    }

    private func addLists(to routes: Routes) {
        routes.memberGet("messages", on: .page, use: list)
        routes.memberGet("conversations", on: .api, use: list)
            .tells("Lists your conversations, the last one that somebody wrote in first.")
            .asks(.text("q", max: 100), .choice("show", ConversationShelf.self)).lists(ConversationLineJSON.self)
        routes.memberGet("messages.csv", on: .page, use: export)
        routes.memberGet("conversations.csv", on: .api, use: export)
            .tells("The same as CSV.").asks(.text("q", max: 100), .choice("show", ConversationShelf.self)).gives(file: "text/csv")
        routes.memberGet("conversations/search", on: .api, use: search)
            .tells("Finds messages in your conversations, the newest first; at most 50.").asks(.text("q", max: 100))
            .listsAll(MessageJSON.self)
        routes.memberGet("messages/new", on: .page, use: compose)
        routes.memberPost("messages", on: .page, body: .uploads, use: start)
        routes.memberPost("conversations", on: .api, body: .uploads, use: start)
            .tells("Begins a conversation, with a first message or without.")
            .takes { _ = ConversationDraft(&$0, speaks: false) }.creates(StartedJSON.self).fails(413, 415, 429)
        routes.memberGet("conversations/recipients", on: .api, use: recipients)
            .tells("People whom you may write to, by name; at most 60.").asks(.text("q", max: 100)).listsAll(RecipientJSON.self)
    }

    private func addOwn(to routes: Routes) {
        routes.memberGet("messages/settings", on: .page, use: settings)
        routes.memberPost("messages/settings", on: .page, use: choose)
        routes.memberGet("conversations/settings", on: .api, use: settings)
            .tells("How you write and are seen.").gives(MessageHabitJSON.self)
        routes.memberPost("conversations/settings", on: .api, use: choose)
            .tells("Chooses how you write and are seen.").takes { _ = HabitDraft(&$0) }.gives(MessageHabitJSON.self)
        routes.memberGet("conversations/blocks", on: .api, use: blocks)
            .tells("People whom you do not want to hear from.").listsAll(BlockedJSON.self)
        routes.memberPost("messages/blocks/{member}", on: .page, use: block)
        routes.memberPost("conversations/blocks/{member}", on: .api, use: block)
            .tells("Takes no more messages from somebody.").givesNothing()
        routes.memberPost("messages/blocks/{member}/revocation", on: .page, use: unblock)
        routes.memberDelete("conversations/blocks/{member}", use: unblock)
            .tells("Takes messages from them again.").givesNothing()
    }

    private func addThread(to routes: Routes) {
        routes.memberGet("messages/{conversation}", on: .page, use: show)
        routes.memberGet("conversations/{conversation}", on: .api, use: detail)
            .tells("One conversation, and who takes part.").gives(ConversationDetailJSON.self)
        routes.memberPost("messages/{conversation}/settings", on: .page, use: set)
        routes.memberPatch("conversations/{conversation}", use: set)
            .tells("Mutes a conversation for hours, archives it, or hides what is said from previews.")
            .takes { _ = StandingDraft(&$0) }.gives(ConversationJSON.self)
        routes.memberPost("messages/{conversation}/read", on: .page, use: read)
        routes.memberPost("conversations/{conversation}/read", on: .api, use: read)
            .tells("Says how far you have read; all of it unless told.").takes { _ = ReadDraft(&$0) }.givesNothing()
        routes.memberGet("conversations/{conversation}/messages", on: .api, use: messages)
            .tells("Messages, oldest first: the latest, or those after or before a number.")
            .asks(
                FieldShape("after", .int(0...Int(Int32.max))), FieldShape("before", .int(0...Int(Int32.max))),
                FieldShape("limit", .int(1...100))
            ).gives(MessagesJSON.self)
            .notes(
                """
                The topic "conversation:<id>" of the socket says when to ask again; "conversations" says it of any of them. Through the same \
                socket {"type": "typing_start", "conversationId": "..."}, at most every two seconds, and "typing_stop" tell the others that you \
                are typing: they hear "typing_indicator" and "typing_stopped" with userId, conversationId and name.
                """)
        routes.memberPost("messages/{conversation}", on: .page, body: .uploads, recalls: true, use: send)
        routes.memberPost("conversations/{conversation}/messages", on: .api, body: .uploads, recalls: true, use: send)
            .tells("Says something. The same `clientId` or `Idempotency-Key` again is the same message; another one is 422.")
            .takes { _ = MessageDraft(&$0) }.creates(MessageJSON.self).fails(413, 415, 429)
    }

    private func addMessages(to routes: Routes) {
        routes.memberGet("messages/{conversation}/items/{message}", on: .page, use: editor)
        routes.memberPost("messages/{conversation}/items/{message}", on: .page, use: edit)
        routes.memberPatch("conversations/{conversation}/messages/{message}", use: edit)
            .tells("Changes what you said, for a while after it.").takes { _ = EditDraft(&$0) }.gives(MessageJSON.self)
        routes.memberPost("messages/{conversation}/items/{message}/deletion", on: .page, use: delete)
        routes.memberDelete("conversations/{conversation}/messages/{message}", use: delete)
            .tells("Takes back what you said, for a while after it; a mark stays.").givesNothing()
        routes.memberGet("messages/{conversation}/items/{message}/report", on: .page, use: composeReport)
        routes.memberPost("messages/{conversation}/items/{message}/report", on: .page, use: report)
        routes.memberPost("conversations/{conversation}/messages/{message}/report", on: .api, use: report)
            .tells("Tells those who look after it of abuse. They see the message and what stands around it.")
            .takes { _ = ReportDraft(&$0) }.creates(ReportedJSON.self, once: false)
    }

    private func addPeople(to routes: Routes) {
        routes.memberGet("messages/{conversation}/people", on: .page, use: people)
        routes.memberPost("messages/{conversation}/people", on: .page, use: addPeople)
        routes.memberPost("conversations/{conversation}/members", on: .api, use: addPeople)
            .tells("Adds people, who read from here on.")
            .takes { _ = $0.uuids("member_ids", min: 1, max: MessagingSettings.mostMembers) }.gives(ConversationDetailJSON.self)
        routes.memberPost("messages/{conversation}/people/{member}/removal", on: .page, use: remove)
        routes.memberDelete("conversations/{conversation}/members/{member}", use: remove)
            .tells("Removes somebody, or yourself.").givesNothing()
        routes.memberPost("messages/{conversation}/departure", on: .page, use: leave)
    }

    private func addFiles(to routes: Routes) {
        routes.memberGet("message-files/{file}") { try await file($0, $1, thumbnail: false) }
            .tells("A picture of a message.").gives(file: "image/jpeg")
        routes.memberGet("message-files/{file}/thumbnail") { try await file($0, $1, thumbnail: true) }
            .tells("The same, small.").gives(file: "image/jpeg")
    }

    private func addReports(to routes: Routes) {
        routes.get("admin/message-reports", may: .moderateMessages, use: reports)
            .tells("Lists messages that were reported.").asks(.choice("show", ReportShelf.self)).lists(MessageReportJSON.self)
        routes.get("admin/message-reports.csv", may: .moderateMessages, use: exportReports)
            .tells("The same as CSV.").asks(.choice("show", ReportShelf.self)).gives(file: "text/csv")
        routes.get("admin/message-reports/{report}", may: .moderateMessages, use: showReport)
            .tells("A reported message with what stands around it. That you looked is on record.")
            .gives(MessageReportDetailJSON.self)
        routes.post("admin/message-reports/{report}/closing", may: .moderateMessages, use: closeReport)
            .tells("Closes a report, and says what became of it.").takes { _ = OutcomeDraft(&$0) }.gives(MessageReportJSON.self)
    }
}

enum ReportShelf: String, CaseIterable, Sendable {
    case open, closed
}
