import HTML
import UI

/// `/faults`: the list, narrowed down by its address.
package struct FaultsPage: Sendable {
    var filter: FaultFilterFields
    /// "312 faults".
    var summary: String
    var chips: [Chip]
    /// The list without any filter; nil when none is in force.
    var clear: WebPath?
    var csv: WebPath
    var rows: [FaultRow]
    var pager: Pager
    /// Nil for those who may not report.
    var report: WebPath?
    /// The same filter as a board; nil for those who only report.
    var board: WebPath?
    /// Who can do what, for managers.
    var technicians: WebPath?
    /// Sheets whose codes let people report without an account, for managers.
    var codes: WebPath?
    /// Saved views; empty when there are none.
    var views: [Tab] = []
    var save: SaveViewForm?
    /// Why that was refused.
    var errors: [FieldError] = []
    /// POST that removes the open view.
    var ownView: WebPath?
    /// For managers: what to do with ticked rows.
    var bulk: BulkBar?
}

/// Saves the filter that is in force under a name.
package struct SaveViewForm: Sendable {
    var action: WebPath
    var name: Field
    var mayShare: Bool
    var open: Bool
}

/// The bar under the table that takes ticked rows, or everything that the filter finds, to the confirm page.
package struct BulkBar: Sendable {
    var action: WebPath
    var hidden: [HiddenValue]
    /// "All 57 faults of this filter".
    var all: String
    /// "Print all 57 sheets", as many as fit one pile.
    var print: String
}

/// The fields of the filter bar; a nil field is not offered to this viewer.
package struct FaultFilterFields: Sendable {
    var action: WebPath
    var words: Field
    var state: Field
    var states: [Choice]
    var category: Field
    var categories: [Choice]
    var building: Field?
    var buildings: [Choice]
    var assignee: Field?
    var assignees: [Choice]
    /// When it was reported, and when it is due.
    var month: Field
    var months: [Choice]
    var due: Field
    var days: [Choice]
    /// Only when the list came from a chart; carried along without being shown.
    var age: Field?
}

package struct FaultRow: Sendable {
    /// For ticking.
    var id = ""
    var path: WebPath
    var number: String
    var title: String
    var place: String
    /// State first, then overdue and priority where they matter.
    var badges: [Badge]
    var category: String
    /// Empty when nobody has it.
    var assignee: String
    /// Nil when nothing is due any more.
    var due: Moment?
    var reported: Moment
}

/// `/faults/mine`: the technician's list, by urgency.
package struct MyFaultsPage: Sendable {
    var summary: String
    var groups: [FaultGroup]
}

package struct FaultGroup: Sendable {
    var title: String
    var rows: [FaultRow]
}

/// `/faults/new`.
package struct ReportFaultPage: Sendable {
    var action: WebPath
    var back: WebPath
    /// The place that it was opened for, whichever is chosen by now: what was typed for another one is not restored here.
    var draft = "new"
    var errors: [FieldError]
    var place: Field
    /// One group per building: common parts first, then units.
    var places: [ChoiceGroup]
    var locationNote: Field
    var category: Field
    var categories: [Choice]
    var title: Field
    var description: Field
    var photos: Field
    /// Chosen before, when the form came back.
    var held = HeldChoices.none
    /// Open faults at the same place that may be the same.
    var similar: [FaultRow]
    /// Outages there that are known already; the form then remembers that they were shown.
    var outages: [KnownOutage] = []
}

/// An outage that somebody might be about to report.
package struct KnownOutage: Sendable {
    var row: IncidentRow
    /// When it is expected to be over.
    var end: String?
    /// POST: "me too"; nil for those who said so.
    var join: WebPath?
}
