import HTML
import UI

/// `/admin/audit`.
package struct AuditPage: Sendable {
    var tabs: [Tab]
    var action: WebPath
    var words: Field
    var actor: Field
    var entity: Field
    var entities: [Choice]
    var act: Field
    var acts: [Choice]
    var from: Field
    var to: Field
    /// The record that the list is narrowed down to; no field of its own.
    var record: String?
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath?
    /// POST: the same with a signature.
    var export: WebPath?
    var rows: [AuditRow]
    var pager: Pager?
}

/// One line, on the company's page and on a record's.
package struct AuditRow: Sendable {
    var moment: Moment
    var actor: String
    /// "on behalf of Nora Blum".
    var behalf: String?
    var action: String
    /// What it was done to; the path is nil when there is no page for it.
    var entity: String
    var path: WebPath?
    var changes: [AuditFieldChange]
    var address: String
    var requestID: String
    /// "Seal 1,204".
    var seal: String
}

/// One field's difference in its own words; a nil side was not there.
package struct AuditFieldChange: Sendable, Hashable {
    var field: String
    var before: String?
    var after: String?
}

/// The tab "Activity" of a record: what happened to it, from → to, who, in whose name, when.
package struct ActivityPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var tabs: [Tab]
    var summary: String
    var csv: WebPath?
    var rows: [AuditRow]
    var pager: Pager?
}

/// `/admin/audit/seals`: how the chain stands, and the check.
package struct SealsPage: Sendable {
    var tabs: [Tab]
    var facts: [Fact]
    /// POST.
    var check: WebPath
    /// Those that exports were signed with; nil before the first.
    var certificates: WebPath?
    /// The last check's result; nil before the first.
    var result: Flash?
    /// The line that it found.
    var found: WebPath?
}
