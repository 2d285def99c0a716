import HTML
import UI

/// `/incidents`: outages, those that are open first when asked so.
package struct IncidentsPage: Sendable {
    var tabs: [Tab]
    var summary: String
    var rows: [IncidentRow]
    var pager: Pager
    /// For managers.
    var csv: WebPath?
    var declare: WebPath?
}

package struct IncidentRow: Sendable {
    var path: WebPath
    var number: String
    var title: String
    var place: String
    var badge: Badge
    var category: String
    var since: Moment
    /// "4 reports, 12 people joined".
    var affected: String
}

/// `/incidents/new` and `/incidents/{number}/edit`.
package struct IncidentFormPage: Sendable {
    var heading: String
    var crumbs: [Crumb]
    var action: WebPath
    var back: WebPath
    var errors: [FieldError]
    var hidden: [HiddenValue]
    var title: Field
    var category: Field
    var categories: [Choice]
    /// Nil when the place stands already.
    var place: Field?
    var places: [ChoiceGroup] = []
    var since: Field
    var expectedEnd: Field
    /// Open faults that fit; none offered when empty.
    var faults: Field
    var offered: [Choice] = []
    var ticked: Set<String> = []
    var submit: String
}

/// `/incidents/{number}`.
package struct IncidentPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var badge: Badge
    var errors: [FieldError]
    var facts: [Fact]
    var timeline: [TimelineEntry]
    /// POST: "me too"; nil for those who did, or may not.
    var join: WebPath?
    var hasJoined: Bool
    /// For managers.
    var manage: IncidentManagement?
}

package struct IncidentManagement: Sendable {
    var notice: WebPath
    var edit: WebPath
    var gathered: [FaultRow]
    var release: WebPath
    /// Open faults of the place that no outage has; none when the outage is over.
    var fitting: [FaultRow]
    var gather: WebPath
    var resolve: IncidentEndForm?
    var reopen: ReasonForm?
    var version: Int
}

package struct IncidentEndForm: Sendable {
    var action: WebPath
    var resolution: Field
    var faults: Field
    var choices: [Choice]
    var ticked: Set<String>
    var open: Bool
}

/// `/incidents/{number}/notices`: what everybody there is told.
package struct IncidentNoticePage: Sendable {
    var crumbs: [Crumb]
    /// "43 people will be told".
    var summary: String
    var action: WebPath
    var back: WebPath
    var errors: [FieldError]
    /// One per language.
    var texts: [Field]
    var isUrgent: Bool
    /// How it will look; empty before somebody asked to see it.
    var previews: [IncidentPreview]
}

package struct IncidentPreview: Sendable {
    var language: String
    var code: String
    var subject: String
    var paragraphs: [String]
}
