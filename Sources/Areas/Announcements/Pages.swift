import HTML
import UI

/// `/announcements`.
package struct AnnouncementsPage: Sendable {
    var tabs: [Tab]
    var summary: String
    var rows: [AnnouncementRow]
    var pager: Pager?
    /// For those who write.
    var write: WebPath?
    var csv: WebPath?
    var emptyTitle: String
    var emptyText: String
}

package struct AnnouncementRow: Sendable {
    var path: WebPath
    var title: String
    var excerpt: String
    /// "Maria Sommer, for Lindenstraße 12".
    var detail: String
    var moment: Moment
    var badges: [Badge]
    var isUnread: Bool
}

/// `/announcements/{announcement}`.
package struct AnnouncementPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var badges: [Badge]
    var detail: String
    var moment: Moment
    /// "Withdrawn on …: reason"; nil while it holds.
    var withdrawn: String?
    /// Nil for readers of what was withdrawn.
    var body: SafeHTML?
    var files: [AttachedFile]
    var pictures: [Picture]
    /// "I have read this"; nil where nothing is asked, or it was said.
    var acknowledge: WebPath?
    var acknowledged: String?
    var comments: NewsComments?
    /// For those who write.
    var manage: AnnouncementManagement?
    var topic: String
    var errors: [FieldError]
}

package struct AttachedFile: Sendable {
    var path: WebPath
    var name: String
    var size: String
}

package struct NewsComments: Sendable {
    var rows: [NewsCommentRow]
    var count: Int
    var older: WebPath?
    var newer: WebPath?
    /// Nil where nobody can comment any more.
    var action: WebPath?
    var field: Field
}

package struct NewsCommentRow: Sendable {
    var author: String
    var moment: Moment
    /// Nil once it was removed.
    var body: SafeHTML?
    var remove: WebPath?
}

package struct AnnouncementManagement: Sendable {
    var facts: [Fact]
    var edit: WebPath?
    /// Looking at it before it goes out, with when.
    var preview: WebPath?
    var unschedule: WebPath?
    var readers: WebPath?
    var readersText: String
    var readersTopic: String
    var withdraw: WebPath?
    var reason: Field
    var opensWithdraw: Bool
    var delete: WebPath?
}

/// `/announcements/new`, `/announcements/{announcement}/edit`.
package struct AnnouncementFormPage: Sendable {
    var heading: String
    var crumbs: [Crumb]
    var errors: [FieldError]
    var action: WebPath
    var back: WebPath
    var hidden: [HiddenValue]
    var title: Field
    var body: Field
    /// Empty where it is settled for whom.
    var targets: [TargetField]
    var audience: Field
    var audiences: [Choice]
    var options: Field
    var important: Bool
    var pinned: Bool
    var comments: Bool
    var expiresOn: Field
    var files: Field
    var accept: String
    var attached: Field
    var attachedChoices: [Choice]
    var removed: Set<String>

    /// Names this entry as it stood, so that what was typed into another one, or before others changed it, is not restored here.
    var draft: String { hidden.first { $0.name == "version" }.map { "\(action)-\($0.value)" } ?? "new" }
}

package struct TargetField: Sendable {
    var field: Field
    var choices: [Choice]
    var ticked: Set<String>
    var isOpen: Bool
}

/// `/announcements/{announcement}/preview`: as it will look, for how many, and when.
package struct AnnouncementPreviewPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var errors: [FieldError]
    /// "142 people will see this".
    var reach: String
    var audience: String
    var body: SafeHTML
    var files: [AttachedFile]
    var pictures: [Picture]
    var publish: WebPath
    var hidden: [HiddenValue]
    var publishAt: Field
    var edit: WebPath
}

/// `/announcements/{announcement}/readers`.
package struct NewsReceiptsPage: Sendable {
    var crumbs: [Crumb]
    var stats: [Stat]
    var tabs: [Tab]
    var summary: String
    var csv: WebPath
    var rows: [NewsReceiptRow]
    var pager: Pager?
    var topic: String
}

package struct NewsReceiptRow: Sendable {
    var name: String
    var note: String
    var read: Moment?
    var acknowledged: Moment?
}
