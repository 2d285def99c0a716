import Forms
import Web

/// A passkey in place of mail address and password, for programs; browsers send it with the form of `/login`.
struct PasskeySignInRoutes: Sendable {
    let signIn: SignIn

    func add(to routes: Routes) {
        // Open: this is where people prove who they are.
        routes.openPost("auth/passkeys/options", on: .api, use: options)
            .tells("What a passkey signs in place of mail address and password, for `navigator.credentials.get`.")
            .gives(PasskeyOptionsJSON<PasskeyRequestOptions>.self)
        routes.openPost("auth/passkeys/verify", on: .api, use: verify)
            .tells("Signs in with a passkey: the token that came with the options, and the browser's answer.")
            .takes { _ = Self.answer(&$0) }.gives(TokenAnswer.shape).fails(401, 429)
    }

    /// Nothing is stored: whoever asks gets random text, and the token that it is bound to.
    @Sendable func options(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let token = SessionToken().text
        let options = PasskeyRequestOptions(PasskeyChallenge(.signIn, holder: token, context), context)
        return try .done(PasskeyOptionsJSON(publicKey: options, passkeyToken: token), at: "/login")
    }

    private static func answer(_ form: inout FormReader) -> (token: String, answer: PasskeyAnswer) {
        (form.text("passkey_token", .required, .max(100)), PasskeyAnswer(&form))
    }

    @Sendable func verify(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let (token, answer) = try incoming.submission.read { Self.answer(&$0) }
        let step = try await signIn.passkey(answer, holder: token, context)
        return try .done(
            try await signIn.program(step.candidate.id, by: step, agent: incoming.headers[.userAgent], context), at: "/dashboard")
    }
}
