import HTML
import UI

/// `/imports`: upload, and who imported what.
package struct ImportsPage: Sendable {
    var action: WebPath
    var errors: [FieldError]
    var file: Field
    var summary: String
    var rows: [ImportLine]
    var pager: Pager
}

package struct ImportLine: Sendable {
    var path: WebPath
    var name: String
    var state: Badge
    /// "10,000 rows".
    var rows: String
    var addedBy: String
    var added: Moment
    /// What came of it; empty before that.
    var result: String
}

/// `/imports/{id}`: columns, dry run, result.
package struct ImportPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var state: Badge
    var facts: [Fact]
    /// While it is at work the page loads itself again.
    var progress: ImportProgress?
    /// Why it failed.
    var problem: String?
    /// That its rows are gone; the page then offers another upload.
    var expired: String?
    var mapping: ImportMapping?
    /// The first rows as they came.
    var head: [String]
    var sample: [[String]]
    /// What it would do, or did.
    var counts: [ImportCountRow]
    var countsTitle: String
    /// "12 rows have errors".
    var errorSummary: String
    var errors: [ImportErrorRow]
    var errorsCSV: WebPath?
    var run: ImportRunForm?
}

package struct ImportProgress: Sendable {
    var text: String
    var value: Int
    var most: Int
    var again: WebPath
}

package struct ImportMapping: Sendable {
    var action: WebPath
    var errors: [FieldError]
    var items: [FormItem]
    /// Unfolded: it is the next step, or was refused.
    var open: Bool
}

package struct ImportCountRow: Sendable {
    var name: String
    var new: String
    var changed: String
    var same: String
}

package struct ImportErrorRow: Sendable {
    var number: String
    var column: String
    var value: String
    var text: String

    var cells: [String] { [number, column, value, text] }
}

package struct ImportRunForm: Sendable {
    var action: WebPath
    /// Leaving out the rows with errors has to be said.
    var mustSkip: Bool
    var problem: String?
}
