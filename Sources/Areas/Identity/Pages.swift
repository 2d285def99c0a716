import HTML
import UI

/// `/login`.
package struct SignInPage: Sendable {
    var action: WebPath
    var errors: [FieldError]
    var email: Field
    var password: Field
    /// Where to go afterwards; empty for the start page.
    var next: String
    /// That what was typed before waits.
    var note: String?
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
