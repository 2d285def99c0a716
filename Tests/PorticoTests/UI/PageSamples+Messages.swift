import HTML
import Markdown
import UI

@testable import Messaging

extension PageSamples {
    static let messages: [PageSample] =
        [
            PageSample(name: "messages", page: conversations(3)),
            PageSample(name: "messages-none", page: conversations(0)),
            PageSample(name: "messages-no-match", page: conversations(0, words: "zzz")),
            PageSample(name: "messages-found", page: conversations(1, words: "key", found: 2)),
            PageSample(name: "message-new", page: newConversation([])),
            PageSample(name: "message-new-about", page: newConversation([], about: "About F-2026-0412", search: "")),
            PageSample(
                name: "message-new-refused",
                page: newConversation([
                    FieldError(
                        field: "participant_ids", code: "recipient_blocked", message: "This person does not want to hear from you"
                    ),
                    FieldError(field: "content", code: "required", message: "Fill this in")
                ]), problem: true)
        ] + threads + ownMessages + reportedMessages

    private static let threads = [
        PageSample(name: "conversation", page: thread(messageRows, readBy: "Read by Maria Sommer")),
        PageSample(name: "conversation-empty", page: thread([])),
        PageSample(name: "conversation-older", page: thread(messageRows, newer: "/messages/1")),
        PageSample(
            name: "conversation-refused",
            page: thread(
                messageRows,
                errors: [
                    FieldError(field: "content", code: "too_long", message: "Use at most 10,000 characters", label: "Message")
                ]),
            problem: true),
        PageSample(name: "conversation-alone", page: thread(messageRows, alone: true)),
        PageSample(name: "conversation-people", page: participants(mine: true)),
        PageSample(name: "conversation-people-muted", page: participants(mine: false))
    ]

    private static let ownMessages = [
        PageSample(name: "message-edit", page: editMessage(open: true)),
        PageSample(name: "message-edit-too-late", page: editMessage(open: false)),
        PageSample(
            name: "message-report",
            page: ReportMessagePage(
                action: "/messages/1/items/2/report", back: "/messages/1", crumbs: talkCrumbs + [Crumb("Report a message")],
                errors: [],
                author: "Ben Roth", body: Markdown.html("You will *regret* this."),
                reason: Field(
                    "reason", label: "What is wrong with it?", hint: "For example an insult.", required: true, maxLength: 1000))),
        PageSample(name: "message-settings", page: settings(blocked: true)),
        PageSample(name: "message-settings-nobody", page: settings(blocked: false))
    ]

    private static let reportedMessages = [
        PageSample(name: "message-reports", page: reports(2)),
        PageSample(name: "message-reports-none", page: reports(0)),
        PageSample(name: "message-report-open", page: report(open: true)),
        PageSample(name: "message-report-closed", page: report(open: false))
    ]

    private static let talkCrumbs = [Crumb("Messages", "/messages"), Crumb("Heating", "/messages/1")]
    private static let here = Badge("Maria Sommer, online", tone: .ok, mark: .dot)

    private static func conversations(_ count: Int, words: String = "", found: Int = 0) -> ConversationsPage {
        ConversationsPage(
            tabs: [Tab("Conversations", "/messages", current: true), Tab("Archived", "/messages?show=archived")],
            action: "/messages", shelf: [], words: Field("q", label: "Search messages and people", value: words),
            summary: "\(count) conversations",
            chips: words.isEmpty ? [] : [Chip(label: "Search messages and people", value: words, remove: "/messages")],
            clear: words.isEmpty ? nil : "/messages", csv: "/messages.csv",
            found: (0..<found).map {
                FoundMessage(
                    path: "/messages/1?before=\($0 + 11)", text: "The key is with the neighbour \($0)", author: "Ben Roth",
                    moment: moment)
            },
            rows: (0..<count).map {
                ConversationRow(
                    path: "/messages/\($0)", initials: "MS", title: $0 == 1 ? long : "Heating",
                    preview: $0 == 2 ? "Ben Roth: \(long) \(long)" : "You: See you then", moment: moment,
                    unread: $0 == 0 ? "3 unread" : "", badges: $0 == 0 ? [Badge("F-2026-0412")] : $0 == 2 ? [Badge("Muted")] : [])
            }, pager: nil, reports: count == 3 ? "/admin/message-reports" : nil, emptyTitle: "No conversations yet",
            emptyText: "Write to the people who look after your house; the answer arrives here.")
    }

    private static func newConversation(_ errors: [FieldError], about: String? = nil, search: String? = nil)
        -> NewConversationPage
    {
        func field(_ name: String, _ label: String, required: Bool = false) -> Field {
            Field(name, label: label, error: errors.message(for: name), required: required)
        }
        return NewConversationPage(
            action: "/messages", back: "/messages", crumbs: [Crumb("Messages", "/messages"), Crumb("New message")],
            errors: errors,
            search: search.map {
                PeopleSearch(
                    action: "/messages/new", words: Field("q", label: "Find people by name", value: $0), hidden: [],
                    ticks: "participant_ids")
            },
            people: field("participant_ids", "To", required: true),
            choices: [Choice("1", "Maria Sommer", hint: "Manager"), Choice("2", long, hint: "Technician")], ticked: ["1"],
            about: about, draft: about == nil ? "" : "1",
            hidden: about == nil ? [] : [HiddenValue("fault_id", "1")], subject: field("subject", "Subject"),
            content: field("content", "Message", required: true), attachments: field("attachments", "Pictures"))
    }

    private static let messageRows = [
        row(1, "Maria Sommer", "Would **Tuesday** suit you?\n\n- 8 to 10\n- 14 to 16", day: "Friday, 20 November 2026"),
        row(2, "Anna Kern", "The morning, please: " + long, own: true, edited: true), deletedRow,
        row(4, "Maria Sommer", nil, day: "Saturday, 21 November 2026", unread: true, picture: true),
        row(5, "Anna Kern", "Thank you!", own: true)
    ]

    private static let deletedRow: MessageRow = {
        var taken = row(3, "Anna Kern", nil, own: true)
        (taken.isDeleted, taken.edit) = (true, nil)
        return taken
    }()

    private static func row(
        _ seq: Int, _ author: String, _ text: String?, own: Bool = false, day: String? = nil, unread: Bool = false,
        edited: Bool = false, picture: Bool = false
    ) -> MessageRow {
        MessageRow(
            seq: seq, day: day, isFirstUnread: unread, isOwn: own, author: author, moment: Moment(text: "14:05", iso: moment.iso),
            body: text.map { Markdown.html($0) }, isDeleted: false, edited: edited ? "edited" : nil,
            pictures: picture
                ? [
                    Picture(
                        thumbnail: "/message-files/1/thumbnail", page: "/message-files/1", alt: "Picture from \(author)",
                        width: 320,
                        height: 240)
                ] : [], edit: own ? "/messages/1/items/\(seq)" : nil, report: own ? nil : "/messages/1/items/\(seq)/report")
    }

    private static func thread(
        _ rows: [MessageRow], readBy: String? = nil, newer: WebPath? = nil, errors: [FieldError] = [], alone: Bool = false
    ) -> ConversationPage {
        ConversationPage(
            id: "1", title: rows.isEmpty ? "Maria Sommer" : "Heating", crumbs: [Crumb("Messages", "/messages"), Crumb("Heating")],
            people: alone ? [] : [here, Badge("Ben Roth")], about: Fact("About", "F-2026-0412", path: "/faults/F-2026-0412"),
            peoplePath: "/messages/1/people", older: newer == nil ? nil : "/messages/1?before=1", newer: newer, rows: rows,
            readBy: readBy,
            topic: "conversation:1", presence: "presence:2",
            form: alone
                ? nil
                : MessageForm(
                    action: "/messages/1", conversation: "1",
                    content: Field("content", label: "Write a message", error: errors.message(for: "content"), maxLength: 10_000),
                    attachments: Field("attachments", label: "Pictures"), enterSends: true), errors: errors)
    }

    private static func participants(mine: Bool) -> ConversationPeoplePage {
        ConversationPeoplePage(
            title: "People and settings", crumbs: talkCrumbs + [Crumb("People and settings")], errors: [],
            rows: [
                ParticipantRow(name: "Anna Kern (you)", initials: "AK", sub: "since 21 Nov 2026"),
                ParticipantRow(
                    name: "Maria Sommer", initials: "MS", sub: "since 21 Nov 2026", badge: Badge("online", tone: .ok, mark: .dot),
                    remove: mine ? "/messages/1/people/2/removal" : nil, block: "/messages/blocks/2")
            ], topic: "conversation:1", search: nil, add: mine ? "/messages/1/people" : nil,
            addField: Field("member_ids", label: "Who?", required: true), choices: [Choice("3", "Ben Roth", hint: "Resident")],
            ticked: [], leave: "/messages/1/departure", settings: "/messages/1/settings",
            mute: Field("muted_hours", label: "Mute", value: mine ? "0" : "", hint: "You still find it here."),
            mutes: (mine ? [] : [Choice("", "Muted until 28 Nov 2026, 14:05")]) + [
                Choice("0", "Not muted"), Choice("8", "For 8 hours")
            ],
            muted: mine ? nil : "Muted until 28 Nov 2026, 14:05", isArchived: !mine, hidesPreview: !mine)
    }

    private static func editMessage(open: Bool) -> EditMessagePage {
        EditMessagePage(
            title: "Change a message", crumbs: talkCrumbs + [Crumb("Change a message")], back: "/messages/1", errors: [],
            action: open ? "/messages/1/items/2" : nil, delete: open ? "/messages/1/items/2/deletion" : nil,
            content: Field(
                "content", label: "Message", value: "Tuesday", hint: "Within 15 minutes.", required: true, maxLength: 10_000),
            now: Markdown.html("Tuesday"), versions: [MessageWording(moment: moment, body: Markdown.html("Tusday"))])
    }

    private static func settings(blocked: Bool) -> MessageSettingsPage {
        MessageSettingsPage(
            action: "/messages/settings", crumbs: [Crumb("Messages", "/messages"), Crumb("Settings of messages")],
            enterSends: true,
            hidesPresence: blocked,
            blocked: blocked ? [BlockedRow(name: "Ben Roth", since: moment, unblock: "/messages/blocks/1/revocation")] : [])
    }

    private static func reports(_ count: Int) -> MessageReportsPage {
        MessageReportsPage(
            tabs: [Tab("Open", "/admin/message-reports", current: true), Tab("Closed", "/admin/message-reports?show=closed")],
            summary: "\(count) reports", csv: "/admin/message-reports.csv",
            rows: (0..<count).map {
                MessageReportRow(
                    path: "/admin/message-reports/\($0)", title: "Message from \($0 == 1 ? long : "Ben Roth")",
                    reporter: "Anna Kern",
                    state: Badge("open", tone: .warn, mark: .ring), moment: moment)
            }, pager: nil, emptyTitle: "Nothing here", emptyText: "When somebody reports a message, it stands here.")
    }

    private static func report(open: Bool) -> MessageReportPage {
        let rows = [
            row(1, "Anna Kern", "Please be quiet."), row(2, "Ben Roth", open ? "You will *regret* this." : nil),
            row(3, "Anna Kern", "What?")
        ]
        return MessageReportPage(
            title: "Message from Ben Roth",
            crumbs: [Crumb("Reported messages", "/admin/message-reports"), Crumb("Message from Ben Roth")],
            state: open ? Badge("open", tone: .warn, mark: .ring) : Badge("closed", mark: .check),
            facts: [Fact("Reported by", "Anna Kern"), Fact("Reason", long)],
            rows: rows.map { one in
                var one = one
                (one.edit, one.report, one.isDeleted) = (nil, nil, one.body == nil)
                return one
            }, seq: 2, versions: open ? [] : [MessageWording(moment: moment, body: Markdown.html("You will regret this."))],
            errors: [],
            close: open ? "/admin/message-reports/1/closing" : nil,
            outcome: Field(
                "outcome", label: "What became of it", hint: "Only those who look after reports read this.", required: true))
    }
}
