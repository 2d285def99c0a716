import HTML
import UI

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
    /// Writing to somebody about it; nil for those who only look at a member's pages.
    var write: WebPath?
    /// What makes the page out of date.
    var topic = "fault"
}

/// What rules or a model think, and the button that takes it over.
package struct SuggestionForm: Sendable {
    var action: WebPath
    /// Category, priority, how sure it is.
    var facts: [Fact]
    var tags: [Badge]
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
