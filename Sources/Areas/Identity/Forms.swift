import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// Mail address and password, or a passkey in their place; programs may call the address `username`.
struct LoginForm: Sendable {
    let email: String
    let password: String
    let passkey: PasskeyAnswer?

    init(_ form: inout FormReader) {
        guard !PasskeyAnswer.isIn(&form) else {
            (email, password, passkey) = ("", "", PasskeyAnswer(&form))
            return
        }
        passkey = nil
        // An address that is none cannot sign in, but it is told so like any other wrong one.
        email =
            form.has("username") && !form.has("email")
            ? form.text("username", .required, .max(254)) : form.text("email", .required, .max(254))
        password = form.password("password")
    }
}

/// A refresh token, in either spelling of its name.
struct RefreshForm: Sendable {
    let token: String

    init(_ form: inout FormReader) {
        token = form.text("refresh_token", .required, .max(8192))
    }
}

/// The second step of signing in: six digits or a recovery code, in the one field or the other, or a passkey.
struct CodeForm: Sendable {
    let code: String
    /// The field that it was typed into.
    let field: String
    let passkey: PasskeyAnswer?

    init(_ form: inout FormReader) {
        guard !PasskeyAnswer.isIn(&form) else {
            (code, field, passkey) = ("", "passkey", PasskeyAnswer(&form))
            return
        }
        passkey = nil
        let recovery = form.optionalText("recovery_code", .max(40))
        field = recovery == nil ? "code" : "recovery_code"
        code = recovery ?? form.text("code", .required, .max(40))
    }
}

/// Password, code or passkey; one of them is enough.
struct ProofForm: Sendable {
    let password: String
    let code: String?
    let passkey: PasskeyAnswer?

    init(_ form: inout FormReader) {
        guard !PasskeyAnswer.isIn(&form) else {
            (password, code, passkey) = ("", nil, PasskeyAnswer(&form))
            return
        }
        passkey = nil
        code = form.optionalText("code", .max(40))
        password = code == nil ? form.password("password") : ""
    }
}

/// Password and code: for giving up what guards the account.
struct RemovalForm: Sendable {
    let password: String
    let code: String

    init(_ form: inout FormReader) {
        password = form.password("password")
        code = form.text("code", .required, .max(40))
    }
}

/// What members choose for themselves.
struct AccountForm: Sendable {
    /// Nil: as it is.
    let name: String?
    let locale: String
    let timeZone: String
    let theme: Theme
    /// Nil: as it is.
    let density: Density?

    init(_ form: inout FormReader, _ tenant: Tenant) {
        name = form.has("name") ? form.text("name", .required, .max(120)) : nil
        locale = form.choice("locale", among: tenant.locales)
        timeZone = form.text("time_zone", .required, .max(64))
        theme = form.choice("theme", Theme.self)
        density = form.has("density") ? form.choice("density", Density.self) : nil
        if form.isValid, TimeZone(identifier: timeZone) == nil { form.fail("time_zone", .notAllowed) }
    }
}
