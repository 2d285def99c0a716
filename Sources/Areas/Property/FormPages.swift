import HTML
import UI

/// Every form of this area: something new, something changed, somebody who moves.
package struct PropertyFormPage: Sendable {
    var title: String
    var lead: String?
    var crumbs: [Crumb]
    var action: WebPath
    var back: WebPath
    var errors: [FieldError]
    var items: [FormItem]
    /// `version` and what each field held when the form was opened, for merging.
    var hidden: [HiddenValue] = []
    var submit: String
}

/// One field of such a form: a select when it has choices, else a line or a text.
package struct FormItem: Sendable {
    var field: Field
    var type = "text"
    var inputmode = ""
    var choices: [Choice] = []
    var prompt: String?
    var lines = false
}

/// 409: somebody changed the same fields in the meantime.
package struct PropertyMergePage: Sendable {
    var crumbs: [Crumb]
    var action: WebPath
    var back: WebPath
    /// "Jan Weber, 21 Nov 2026, 14:05".
    var theirs: String
    var lines: [MergeLine]
    var carried: [HiddenValue]
}
