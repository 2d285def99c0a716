import HTML
import UI

/// `/votes/{vote}/paper`.
package struct PaperPage: Sendable {
    var action: WebPath
    var back: WebPath
    var crumbs: [Crumb]
    var errors: [FieldError]
    var voter: Field
    var voters: [Choice]
    var questions: [QuestionFields]
    var scan: Field
    var hidden: [HiddenValue]
}

/// `/votes/{vote}/extension`, `/votes/{vote}/cancellation`.
package struct VoteActPage: Sendable {
    var title: String
    var lead: String
    var action: WebPath
    var back: WebPath
    var crumbs: [Crumb]
    var errors: [FieldError]
    var until: Field?
    var reason: Field
    var label: String
    var isDanger: Bool
}

/// `/votes/{vote}/minutes`: for paper.
package struct MinutesPage: Sendable {
    /// POST, gives the PDF.
    var paper: WebPath
    var title: String
    var crumbs: [Crumb]
    var lead: String
    var facts: [Fact]
    var description: SafeHTML?
    var turnout: [Fact]
    var questions: [MinutesQuestion]
    var decisions: [String]
    var seal: [Fact]
}

package struct MinutesQuestion: Sendable {
    var title: String
    var rule: String
    var outcome: String
    var rows: [MinutesRow]
}

package struct MinutesRow: Sendable {
    var option: String
    var ballots: String
    var heads: String
    var weight: String
    var percent: String
    var isChosen: Bool
}

/// `/votes/new`.
package struct NewVotePage: Sendable {
    var action: WebPath
    var back: WebPath
    var crumbs: [Crumb]
    var errors: [FieldError]
    var title: Field
    var description: Field
    var audience: Field
    var audiences: [Choice]
    var starts: Field
    var ends: Field
    var questions: [NewQuestion]
    var hidden: [HiddenValue]
    var weighting: Field
    var weightings: [Choice]
    var owners: Field
    var ownerRules: [Choice]
    var record: Field
    var records: [Choice]
    var quorum: Field
    var quorumHeads: Field
    var results: Field
    var visibilities: [Choice]
    var flags: [FlagField]
    var shares: WebPath
    var mayRemove: Bool
}

package struct NewQuestion: Sendable {
    var number: String
    var title: Field
    var kind: Field
    var kinds: [Choice]
    var majority: Field
    var majorities: [Choice]
    var options: Field
    var least: Field
    var most: Field
}

package struct FlagField: Sendable {
    var name: String
    var label: String
    var hint: String
    var isOn: Bool
}

/// `/votes/shares`.
package struct SharesPage: Sendable {
    var crumbs: [Crumb]
    var errors: [FieldError]
    var action: WebPath
    var building: Field
    var buildings: [Choice]
    var hidden: [HiddenValue]
    var shares: Field
    var sum: String
    var isEmpty: Bool
}
