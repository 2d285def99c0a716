import HTML
import UI

/// Every form that people see before they sign in.
package struct EntryPage: Sendable {
    var title: String
    var lead: String
    /// Identity providers that do instead of the form.
    var ways: [EntryLink] = []
    /// False where the form would lead nowhere, because passwords open nothing.
    var takesPassword = true
    var action: WebPath
    var errors: [FieldError]
    var items: [EntryItem]
    var hidden: [HiddenValue] = []
    var submit: String
    var links: [EntryLink] = []
}

/// Where such a form has led to, or that a link works no longer.
package struct EntryEndPage: Sendable {
    var title: String
    var text: String
    var links: [EntryLink]
}

package struct EntryLink: Sendable {
    var label: String
    var path: WebPath

    init(_ label: String, _ path: WebPath) {
        self.label = label
        self.path = path
    }
}

/// One field of a form.
package struct EntryItem: Sendable {
    package enum Kind: Sendable {
        case line, email, password, select, tick, date, lines, file
    }

    var field: Field
    var kind = Kind.line
    var choices: [Choice] = []
    var prompt: String?
    /// For a tick: what is agreed to.
    var page: SafeURL?

    init(_ field: Field, _ kind: Kind = .line, choices: [Choice] = [], prompt: String? = nil, page: SafeURL? = nil) {
        self.field = field
        self.kind = kind
        self.choices = choices
        self.prompt = prompt
        self.page = page
    }

    /// The type of an `<input>`, for those that are one.
    var type: String {
        switch kind {
        case .email: "email"
        case .password: "password"
        case .date: "date"
        case .file: "file"
        case .line, .select, .tick, .lines: "text"
        }
    }
}

/// Every form of this area for people who are signed in.
package struct OfficePage: Sendable {
    var title: String
    var lead: String
    var crumbs: [Crumb]
    var action: WebPath
    var back: WebPath
    var errors: [FieldError]
    var items: [EntryItem]
    var uploads = false
    var submit: String
}

/// `/admin/invitations`.
package struct InvitationsPage: Sendable {
    var action: WebPath
    var words: Field
    var role: Field
    var roles: [Choice]
    var state: Field
    var states: [Choice]
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath
    var rows: [InvitationRow]
    var pager: Pager?
}

package struct InvitationRow: Sendable {
    var email: String
    var role: String
    var place: String
    var state: Badge
    /// "expires 9 Dec 2026".
    var detail: String
    var inviter: String
    var moment: Moment
    /// POST; nil when it is settled.
    var resend: WebPath?
    var revoke: WebPath?
}

/// `/admin/invitations/bulk` after the check: what would go out, and what is wrong in which row.
package struct BulkPage: Sendable {
    var crumbs: [Crumb]
    var action: WebPath
    var back: WebPath
    var summary: String
    var problem: String?
    /// The list itself, for sending it.
    var csv: String
    var mustSkip: Bool
    /// Nil when there is nobody to invite.
    var send: String?
    var rows: [BulkRow]
}

package struct BulkRow: Sendable {
    var number: String
    var email: String
    var role: String
    var place: String
    /// What to do about it; empty when nothing is wrong.
    var problems: [String]
}

/// `/admin/users`: people who registered by themselves.
package struct ApplicantsPage: Sendable {
    var action: WebPath
    var words: Field
    var state: Field
    var states: [Choice]
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath
    var rows: [ApplicantRow]
    var pager: Pager?
}

package struct ApplicantRow: Sendable {
    var name: String
    var email: String
    var phone: String
    var role: String
    var state: Badge
    var moment: Moment
    /// POST; nil when there is nothing to decide, or it is not the viewer's to give.
    var approve: WebPath?
    var refuse: WebPath?
}
