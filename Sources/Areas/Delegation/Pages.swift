import HTML
import UI

/// `/delegations`: given, received, over; for managers everybody's.
package struct DelegationsPage: Sendable {
    var tabs: [Tab]
    var action: WebPath
    /// The tab stays when the list is narrowed down.
    var shelf: [HiddenValue]
    var words: Field
    var state: Field
    var states: [Choice]
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath
    var rows: [DelegationRow]
    var pager: Pager?
    /// Nil for those who own nothing.
    var new: WebPath?
    var emptyTitle: String
    var emptyText: String
}

package struct DelegationRow: Sendable {
    var path: WebPath
    var place: String
    /// "Maria Kern to jan@mail.example".
    var sides: String
    var rights: String
    var state: Badge
    var until: String
    var offered: Moment
}

/// `/delegations/{id}`.
package struct DelegationPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var badge: Badge
    var facts: [Fact]
    /// What is lent, one line each.
    var rights: [Badge]
    /// What it means for whoever looks.
    var note: String
    /// Where the offer is answered; nil for all but whoever has it.
    var answer: WebPath?
    /// Reporting a fault with it.
    var report: WebPath?
    /// POST; nil for those who may not, and when there is nothing to do any more.
    var resend: WebPath?
    var revoke: WebPath?
    /// "Revoke", or "Give back".
    var revokeLabel: String
}

/// `/delegations/{id}/accept`.
package struct AnswerDelegationPage: Sendable {
    var title: String
    var lead: String
    var crumbs: [Crumb]
    var facts: [Fact]
    var rights: [Badge]
    /// POST, both.
    var accept: WebPath
    var decline: WebPath
    var hidden: [HiddenValue]
}

/// `/delegations/new`.
package struct NewDelegationPage: Sendable {
    var action: WebPath
    var back: WebPath
    var crumbs: [Crumb]
    var errors: [FieldError]
    /// Without one there is nothing to lend.
    var ownsAny: Bool
    var email: Field
    var unit: Field
    var units: [Choice]
    var rights: Field
    var choices: [Choice]
    var ticked: Set<String>
    var until: Field
}
