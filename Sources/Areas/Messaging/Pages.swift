import HTML
import UI

/// `/messages`: the conversations, the last one that somebody wrote in first.
package struct ConversationsPage: Sendable {
    var tabs: [Tab]
    var action: WebPath
    /// The tab stays when the list is narrowed down.
    var shelf: [HiddenValue]
    var words: Field
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath
    /// What was said with the words that are looked for.
    var found: [FoundMessage]
    var rows: [ConversationRow]
    var pager: Pager?
    /// Looks after reports.
    var reports: WebPath?
    var emptyTitle: String
    var emptyText: String
}

package struct ConversationRow: Sendable {
    var path: WebPath
    var initials: String
    var title: String
    /// "Anna: See you then".
    var preview: String
    var moment: Moment
    /// "3 unread"; empty when there are none.
    var unread: String
    var badges: [Badge]
}

package struct FoundMessage: Sendable {
    var path: WebPath
    var text: String
    var author: String
    var moment: Moment
}

/// `/messages/new`.
package struct NewConversationPage: Sendable {
    var action: WebPath
    var back: WebPath
    var crumbs: [Crumb]
    var errors: [FieldError]
    /// Looks for people; nil where everybody fits the page.
    var search: PeopleSearch?
    var people: Field
    var choices: [Choice]
    var ticked: Set<String>
    /// "About F-2026-0412".
    var about: String?
    /// Under which the browser keeps what is typed: by what it is about and to whom, so that it is offered to nobody else.
    var draft: String
    var hidden: [HiddenValue]
    var subject: Field
    var content: Field
    var attachments: Field
}

/// The box above a list of people.
package struct PeopleSearch: Sendable {
    var action: WebPath
    var words: Field
    /// What the address carries on.
    var hidden: [HiddenValue]
    /// The name of the boxes whose ticks go along as `to`.
    var ticks: String
}

/// `/messages/{conversation}`.
package struct ConversationPage: Sendable {
    var id: String
    var title: String
    var crumbs: [Crumb]
    /// Who takes part, and who is here.
    var people: [Badge]
    var about: Fact?
    var peoplePath: WebPath
    /// Older ones; nil at the beginning.
    var older: WebPath?
    /// The end of the conversation; nil where that stands here.
    var newer: WebPath?
    var rows: [MessageRow]
    /// "Read by Anna"; nil until somebody has read the last one of one's own.
    var readBy: String?
    var topic: String
    /// Topics, of who comes and goes.
    var presence: String
    /// Nil where nobody would hear it.
    var form: MessageForm?
    var errors: [FieldError]
}

package struct MessageRow: Sendable {
    /// Number in the conversation.
    var seq: Int
    /// Where another day begins.
    var day: String?
    /// Where what is new begins.
    var isFirstUnread: Bool
    var isOwn: Bool
    var author: String
    var moment: Moment
    /// Nil where it was taken back, or is pictures alone.
    var body: SafeHTML?
    var isDeleted: Bool
    /// "edited"; nil as it was sent.
    var edited: String?
    var pictures: [Picture]
    /// Changing one's own; nil when it is too late.
    var edit: WebPath?
    /// Telling of somebody else's.
    var report: WebPath?
}

package struct MessageForm: Sendable {
    var action: WebPath
    var conversation: String
    var content: Field
    var attachments: Field
    /// Enter sends, Shift with Enter begins a line; otherwise the other way round.
    var enterSends: Bool
}

/// `/messages/{conversation}/people`: who takes part, and how one has it.
package struct ConversationPeoplePage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var errors: [FieldError]
    var rows: [ParticipantRow]
    var topic: String
    var search: PeopleSearch?
    /// POST; nil where there is nobody to add.
    var add: WebPath?
    var addField: Field
    var choices: [Choice]
    var ticked: Set<String>
    var leave: WebPath
    var settings: WebPath
    var mute: Field
    var mutes: [Choice]
    /// "Muted until …".
    var muted: String?
    var isArchived: Bool
    var hidesPreview: Bool
}

package struct ParticipantRow: Sendable {
    var name: String
    var initials: String
    var sub: String
    var badge: Badge?
    /// POST, both; nil for oneself and for those who may not.
    var remove: WebPath?
    var block: WebPath?
}

/// `/messages/{conversation}/items/{message}`: changing what one said, and what it was before.
package struct EditMessagePage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var back: WebPath
    var errors: [FieldError]
    /// Nil when it is too late, or another one's.
    var action: WebPath?
    var delete: WebPath?
    var content: Field
    var now: SafeHTML
    var versions: [MessageWording]
}

package struct MessageWording: Sendable {
    var moment: Moment
    var body: SafeHTML
}

/// `/messages/{conversation}/items/{message}/report`.
package struct ReportMessagePage: Sendable {
    var action: WebPath
    var back: WebPath
    var crumbs: [Crumb]
    var errors: [FieldError]
    var author: String
    var body: SafeHTML
    var reason: Field
}

/// `/messages/settings`.
package struct MessageSettingsPage: Sendable {
    var action: WebPath
    var crumbs: [Crumb]
    var enterSends: Bool
    var hidesPresence: Bool
    var blocked: [BlockedRow]
}

package struct BlockedRow: Sendable {
    var name: String
    var since: Moment
    var unblock: WebPath
}

/// `/admin/message-reports`.
package struct MessageReportsPage: Sendable {
    var tabs: [Tab]
    var summary: String
    var csv: WebPath
    var rows: [MessageReportRow]
    var pager: Pager?
    var emptyTitle: String
    var emptyText: String
}

package struct MessageReportRow: Sendable {
    var path: WebPath
    var title: String
    var reporter: String
    var state: Badge
    var moment: Moment
}

/// `/admin/message-reports/{report}`.
package struct MessageReportPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var state: Badge
    var facts: [Fact]
    var rows: [MessageRow]
    /// Number of the one that was reported.
    var seq: Int
    var versions: [MessageWording]
    var errors: [FieldError]
    /// POST; nil when it is closed.
    var close: WebPath?
    var outcome: Field
}
