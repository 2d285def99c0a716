import HTML
import UI

/// `/admin/configuration`: what there is to set, how it stands, and what was published last.
package struct ConfigurationPage: Sendable {
    var tabs: [Tab]
    /// What is wrong with the files as they are.
    var problems: [ReviewProblem]
    var facts: [Fact]
    var forms: [FormLink]
    var files: [FileRow]
    var versions: [VersionRow]
    var history: WebPath
}

package struct FormLink: Sendable {
    var path: WebPath
    var title: String
    var text: String
    var icon: Icon
}

package struct FileRow: Sendable {
    var name: String
    /// Nil for those who may not change it.
    var path: WebPath?
    var size: String
}

/// A form over some values of the files.
package struct ConfigurationFormPage: Sendable {
    var title: String
    var lead: String
    var crumbs: [Crumb]
    var tabs: [Tab]
    var action: WebPath
    var errors: [FieldError]
    var groups: [FormGroup]
    var head: PublishPart
    var review: ReviewPart?
    var contrast: ContrastPart?
    var previews: [PreviewPart]
}

package struct FormGroup: Sendable {
    var title: String
    var hint: String
    var parts: [FormPart]
    var hidden: [HiddenValue] = []
}

package struct FormPart: Sendable {
    enum Kind { case text, choice, ticks, area }

    var kind: Kind
    var field: Field
    var choices: [Choice] = []
    var ticked: Set<String> = []
    var inputmode = ""
}

/// Where a form ends: why, and the two buttons.
package struct PublishPart: Sendable {
    var base: String
    var reason: Field
}

/// `/admin/configuration/roles`: who may do what, as a matrix.
package struct RolesPage: Sendable {
    var crumbs: [Crumb]
    var tabs: [Tab]
    var action: WebPath
    var errors: [FieldError]
    var roles: [String]
    var rows: [RightRow]
    /// As the file calls the roles.
    var keys: [String]
    var head: PublishPart
    var review: ReviewPart?
}

package struct RightRow: Sendable {
    /// In words, and as the file calls it.
    var title: String
    var name: String
    var cells: [RightCell]
}

package struct RightCell: Sendable {
    /// "Manager: See all faults".
    var label: String
    var role: String
    /// "manager faults:see_all".
    var value: String
    var isTicked: Bool
}

/// `/admin/configuration/text`: one file as it is.
package struct ConfigurationTextPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var tabs: [Tab]
    var files: [Tab]
    var action: WebPath
    var errors: [FieldError]
    var file: String
    var text: Field
    var head: PublishPart
    var review: ReviewPart?
}

/// 409, and what follows it: everybody's version, to be brought together by hand.
package struct ConfigurationMergePage: Sendable {
    var crumbs: [Crumb]
    var action: WebPath
    var errors: [FieldError]
    /// Who published last and why; nil when it was somebody at the server.
    var theirs: String
    var files: [MergeFile]
    var head: PublishPart
    var review: ReviewPart?
    var back: WebPath
}

package struct MergeFile: Sendable {
    var name: String
    var hidden: [HiddenValue]
    var text: Field
    /// What is to be done here.
    var note: String
    /// The file as it is now, where it differs from the text above.
    var now: String?
    var difference: DifferencePart?
}

/// What a check found.
package struct ReviewPart: Sendable {
    /// "2 mistakes: nothing can be published." or "Nothing is wrong."
    var summary: String
    var tone: Tone
    var problems: [ReviewProblem]
    var impacts: [String]
    var differences: [DifferencePart]
}

package struct ReviewProblem: Sendable {
    /// "tenant.yaml, line 12".
    var place: String
    var message: String
    /// The line itself.
    var excerpt: String?
}

package struct DifferencePart: Sendable {
    var file: String
    /// "3 lines added, 1 removed".
    var summary: String
    var lines: [DifferenceLine]
}

package struct DifferenceLine: Sendable {
    var isAdded = false
    var isRemoved = false
    var text: String
}

package struct ContrastPart: Sendable {
    /// Where a script fetches the figures of what is being typed.
    var source: WebPath
    var rows: [ContrastRow]
}

package struct ContrastRow: Sendable {
    var pair: String
    var ratio: String
    var verdict: Badge
    /// `#rrggbb`.
    var ink: String
    var paper: String
}

/// `/admin/configuration/brand/contrast`: the figures alone.
package struct BrandContrastPage: Sendable {
    var contrast: ContrastPart
}

package struct PreviewPart: Sendable {
    var title: String
    var code: String
    var subject: String
    var text: String
}

/// `/admin/configuration/history`.
package struct ConfigurationHistoryPage: Sendable {
    var tabs: [Tab]
    var crumbs: [Crumb]
    var summary: String
    var csv: WebPath
    var rows: [VersionRow]
    var pager: Pager?
}

package struct VersionRow: Sendable {
    var path: WebPath
    var title: String
    var reason: String
    var author: String
    var moment: Moment
    /// "tenant.yaml: 3 lines added, 1 removed".
    var size: String
    var badge: Badge?
}

/// `/admin/configuration/history/{number}`.
package struct ConfigurationVersionPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var tabs: [Tab]
    var errors: [FieldError]
    var badge: Badge?
    var facts: [Fact]
    var differences: [DifferencePart]
    /// POST: brings its files back; nil for those who may not, and where they are live.
    var revert: WebPath?
    /// What would be different then.
    var toNow: [DifferencePart]
    var review: ReviewPart?
    var head: PublishPart
}
