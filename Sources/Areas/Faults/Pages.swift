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

/// `/faults/{number}`.
package struct FaultPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var badges: [Badge]
    var description: SafeHTML
    var photos: [Picture]
    /// What was done, and its photos; nil before that.
    var resolution: SafeHTML?
    var resolutionPhotos: [Picture]
    var facts: [Fact]
    /// Entries and comments, oldest first.
    var timeline: [TimelineEntry]
    /// Nil for those who may not say anything.
    var comment: CommentForm?
    /// What may be the same, for managers.
    var similar: [SimilarFault]
    /// Its work sheet, for those who work on it.
    var sheet: WebPath?
    /// POST that takes a merge back; nil when there is none, or it is too late.
    var merged: WebPath?
    /// Nil for those who may not change it.
    var edit: WebPath?
    var acts: FaultActs
    /// Nil when there is none, or nothing that this viewer could take over.
    var suggestion: SuggestionForm?
    var errors: [FieldError]
    var version: Int
    /// None for those who may not see its activity.
    var tabs: [Tab] = []
    /// An outage from it; nil for those who may not, and when it is part of one.
    var declare: WebPath?
}

/// What rules or a model think, and the button that takes it over.
package struct SuggestionForm: Sendable {
    var action: WebPath
    /// Category, priority, how sure it is.
    var facts: [Fact]
    var tags: [Badge]
}

/// The acts that this viewer may do now. Each is nil when it is not allowed.
package struct FaultActs: Sendable {
    var assign: AssignForm?
    var start: WebPath?
    var hold: ReasonForm?
    /// Goes with `hold`: the day on which it opens again.
    var holdUntil = Field("hold_until", label: "")
    var resolve: ResolveForm?
    var confirm: ConfirmForm?
    var reopen: ReasonForm?
    var cancel: ReasonForm?
    var merge: MergeForm?

    var isEmpty: Bool {
        assign == nil && start == nil && hold == nil && resolve == nil && confirm == nil && reopen == nil && cancel == nil
            && merge == nil
    }

    /// Every field of the forms.
    var fields: [Field] {
        [assign?.assignee, resolve?.resolution, resolve?.photos, hold?.reason, reopen?.reason, cancel?.reason].compactMap(\.self)
    }
}

package struct AssignForm: Sendable {
    var action: WebPath
    /// `assignee_id`.
    var assignee: Field
    /// Name and how many open faults they have.
    var people: [Choice]
    /// Unfolded: the form was refused, or it is the next step.
    var open: Bool
}

package struct ReasonForm: Sendable {
    var action: WebPath
    /// `reason`.
    var reason: Field
    var open: Bool
}

package struct ResolveForm: Sendable {
    var action: WebPath
    /// `resolution`.
    var resolution: Field
    /// As the reader's language writes numbers.
    var cost: Field
    var photos: Field
    var open: Bool
}

package struct ConfirmForm: Sendable {
    var action: WebPath
    /// Nil for those who did not report it: a rating is the reporter's word.
    var rating: Field?
    var ratings: [Choice]
    var note: Field
}

package struct MergeForm: Sendable {
    var action: WebPath
    /// Number of the fault that this one is the same as.
    var original: Field
    var open: Bool
}

/// An open fault at the same place.
package struct SimilarFault: Sendable {
    var row: FaultRow
    /// What the merging form sends.
    var number: String
}

package struct CommentForm: Sendable {
    var action: WebPath
    var comment: Field
    /// Only staff have notes of their own.
    var mayBeInternal: Bool
    var isInternal: Bool
}

/// `/faults/{number}/edit`.
package struct EditFaultPage: Sendable {
    var action: WebPath
    var back: WebPath
    var crumbs: [Crumb]
    var errors: [FieldError]
    var title: Field
    var description: Field
    var category: Field
    var categories: [Choice]
    /// Nil for those who may not set it.
    var priority: Field?
    var priorities: [Choice]
    /// `version` and what each field held when the form was opened, for merging.
    var opened: [HiddenValue]
}

/// 409: somebody changed the same fields in the meantime.
package struct MergeFaultPage: Sendable {
    var action: WebPath
    var back: WebPath
    var crumbs: [Crumb]
    /// "Jan Weber, 21 Nov 2026, 14:05".
    var theirs: String
    var lines: [MergeLine]
    /// The new version, what it holds, and the fields that merged by themselves.
    var carried: [HiddenValue]
}

/// `/faults/{number}/photos/{id}`: one photo, large.
package struct PhotoPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var image: WebPath
    var alt: String
    var caption: String
    /// What a machine read on it.
    var words: String?
    var width: Int
    var height: Int
    var previous: WebPath?
    var next: WebPath?
    var back: WebPath
}
