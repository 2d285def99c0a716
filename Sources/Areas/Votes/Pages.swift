import HTML
import UI

/// `/votes`.
package struct VotesPage: Sendable {
    var tabs: [Tab]
    var action: WebPath
    /// The tab stays when the list is narrowed down.
    var shelf: [HiddenValue]
    var words: Field
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath
    var rows: [VoteRow]
    var pager: Pager?
    /// Nil for those who call none.
    var new: WebPath?
    var shares: WebPath?
    var emptyTitle: String
    var emptyText: String
}

package struct VoteRow: Sendable {
    var path: WebPath
    var title: String
    var place: String
    var badges: [Badge]
    /// "12 of 40 ballots".
    var turnout: String
    /// When it begins, ends or ended.
    var moment: Moment
}

/// `/votes/{vote}`.
package struct VotePage: Sendable {
    var title: String
    var crumbs: [Crumb]
    /// What its regions follow.
    var topic: String
    var badges: [Badge]
    var description: SafeHTML?
    /// What is to be known about it now: hidden until the end, cancelled and why.
    var notes: [String]
    var facts: [Fact]
    var turnout: [VoteBar]
    var quorum: String
    var questions: [QuestionCard]
    /// Own units, and whether they have voted.
    var places: [PlaceRow]
    var errors: [FieldError]
    /// Nil for whoever has no ballot now.
    var ballot: BallotForm?
    /// Where else to go.
    var links: [VoteLink]
}

package struct VoteLink: Sendable {
    var label: String
    var path: WebPath
    var icon: Icon
}

package struct QuestionCard: Sendable {
    var number: Int
    var title: String
    /// "Simple majority: more than half of what is cast".
    var rule: String
    var badge: Badge?
    var bars: [VoteBar]
    /// Where there are no bars: what may be chosen.
    var options: [String]
}

/// A number in words, and a bar for the eye.
package struct VoteBar: Sendable {
    var label: String
    /// "12 ballots, 5,210/10,000, 52.10 %".
    var value: String
    /// Hundredths of a percent.
    var part: Int
    var isChosen: Bool
}

package struct PlaceRow: Sendable {
    var place: String
    /// "271/10000", and in whose name.
    var text: String
    var badge: Badge
}

package struct BallotForm: Sendable {
    var action: WebPath
    var units: Field
    /// Empty where there is but one.
    var places: [Choice]
    var ticked: Set<String>
    var hidden: [HiddenValue]
    var questions: [QuestionFields]
    /// Of the ballot to be replaced, in a secret vote where all are cast.
    var earlier: Field?
    var note: String
    var label: String
}

package struct QuestionFields: Sendable {
    var field: Field
    var choices: [Choice]
    var ticked: Set<String>
    /// Several may be chosen.
    var isSeveral: Bool
    var id: HiddenValue
}

/// The answer to a ballot.
package struct ReceiptPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var lead: String
    var codes: [Fact]
    var back: WebPath
    var check: WebPath
    var isSecret: Bool
}

/// `/votes/{vote}/receipt`.
package struct CheckReceiptPage: Sendable {
    var action: WebPath
    var back: WebPath
    var crumbs: [Crumb]
    var errors: [FieldError]
    var code: Field
    var hidden: [HiddenValue]
    /// Nil before anything was asked.
    var result: Badge?
    var resultText: String
    var facts: [Fact]
}

/// `/votes/{vote}/register`.
package struct RegisterPage: Sendable {
    var crumbs: [Crumb]
    var topic: String
    var summary: String
    var sum: String
    var csv: WebPath
    var rows: [VoterRow]
    var pager: Pager?
}

package struct VoterRow: Sendable {
    var place: String
    var owners: String
    var weight: String
    var heads: String
    var badge: Badge
}

/// `/votes/{vote}/ledger`, also with what a recount came to.
package struct LedgerPage: Sendable {
    var crumbs: [Crumb]
    var summary: String
    var csv: WebPath
    var recount: WebPath
    /// Nil before a recount.
    var report: RecountCard?
    var note: String?
    var rows: [LedgerRow]
    var pager: Pager?
}

package struct RecountCard: Sendable {
    var badge: Badge
    var text: String
    var facts: [Fact]
    var questions: [QuestionCard]
}

package struct LedgerRow: Sendable {
    var seq: String
    var kind: String
    var content: String
    var hash: String
}
