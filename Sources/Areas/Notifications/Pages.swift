import HTML
import UI

/// `/notifications`: the inbox.
package struct InboxPage: Sendable {
    var tabs: [Tab]
    /// "3 unread".
    var summary: String
    var rows: [NoticeRow]
    /// POST: everything read; nil when nothing is unread.
    var readAll: WebPath?
    var pager: Pager?
}

package struct NoticeRow: Sendable {
    var path: WebPath
    /// The whole sentence.
    var text: String
    var moment: Moment
    var icon: Icon
    var tone: Tone
    /// POST: this one read; nil when it is.
    var read: WebPath?
}
