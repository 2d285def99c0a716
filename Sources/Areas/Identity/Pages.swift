import HTML
import UI

/// `/login`.
package struct SignInPage: Sendable {
    var action: WebPath
    var errors: [FieldError]
    var email: Field
    var password: Field
    /// False where everybody comes in by a provider.
    var takesPassword = true
    var providers: [ProviderLink] = []
    /// Where to go afterwards; empty for the start page.
    var next: String
    /// That what was typed before waits.
    var note: String?
    /// Nil where the browser brought no visit.
    var passkey: PasskeyPrompt?
    var forgotten: WebPath
    /// Nil where people come in by invitation only.
    var register: WebPath?
    /// One click each, only in development.
    var demo: [DemoSignInRow]
}

package struct DemoSignInRow: Sendable {
    var name: String
    var initials: String
    var role: String
    var email: String
    var password: String
}

/// `/account`: what members choose for themselves.
package struct AccountPage: Sendable {
    var action: WebPath
    var errors: [FieldError]
    var facts: [Fact]
    var name: Field
    var language: Field
    var languages: [Choice]
    var theme: Field
    var themes: [Choice]
    var density: Field
    var densities: [Choice]
    var timeZone: Field
    var timeZones: [Choice]
    /// Where the password is changed.
    var password: WebPath
    /// Where the second factor is set up.
    var security: WebPath = "/account/security"
    var version: Int
}

/// `/account/sessions`: where somebody is signed in.
package struct SessionsPage: Sendable {
    var crumbs: [Crumb]
    var summary: String
    /// Nil where this is the only one.
    var endOthers: WebPath?
    var rows: [SessionRow]
    var pager: Pager
}

package struct SessionRow: Sendable {
    var device: String
    var kind: String
    var address: String
    var used: Moment
    var began: Moment
    var isCurrent: Bool
    /// Nil for this very session, which the account menu ends.
    var end: WebPath?
}

/// `/account/tokens`: what a member's own programs come in with.
package struct TokensPage: Sendable {
    var crumbs: [Crumb]
    var summary: String
    var action: WebPath
    var errors: [FieldError]
    /// The token that was just made, shown this once.
    var made: MadeToken?
    var name: Field
    var expires: Field
    var scopes: Field
    var choices: [Choice]
    var ticked: Set<String>
    var rows: [TokenRow]
    var pager: Pager
}

package struct MadeToken: Sendable {
    var name: String
    var secret: String
}

package struct TokenRow: Sendable {
    var name: String
    var scopes: String
    var state: Badge
    var expires: Moment
    /// Nil until it is used.
    var used: Moment?
    var address: String
    var revoke: WebPath?
}
