import Forms
import Foundation
import HTML
import HTTPTypes
import Web

/// Signing in with a company's identity provider, for programs on people's own devices: they keep no secret, so each sign-in has one of
/// its own (RFC 8252, RFC 7636).
///
/// The provider answers to the same address as for browsers, one for each provider (`ProviderSignIn.callback`): of one for all of them
/// nobody could tell which provider answers (RFC 9700, 4.4). So there is no `auth/oauth/callback`.
struct ProgramRoutes: Sendable {
    let signIn: SignIn

    private var providers: ProviderSignIn { signIn.providers }

    func add(to routes: Routes) {
        // Open: this is where people prove who they are. A program has a browser open it, and to the visit that begins there the
        // provider's answer must come back.
        routes.openGet("auth/oauth/{provider}", on: .api, visits: true, use: start)
            .tells("Begins a sign-in with an identity provider; a program opens this in the person's browser.")
            .notes(
                "It ends at `redirect_uri` with `login_code`, or with `error` and one of our codes; `state` comes back as sent."
            )
            .asks(
                .text(
                    "redirect_uri", max: 500, required: true, "One that the company has listed; of 127.0.0.1 and [::1] any port"),
                .text("code_challenge", max: 43, required: true, "RFC 7636"),
                .text("code_challenge_method", max: 4, required: true, "S256"),
                .text("state", max: 500, "The program's own")
            )
            .leaves()
        routes.openPost("auth/oauth/exchange", on: .api, use: exchange)
            .tells("Exchanges a login code for tokens, once and within a minute.")
            .notes("Whoever has a second factor gets a challenge instead of tokens, to be answered at `/auth/mfa/verify`.")
            .takes { _ = Self.draft(&$0) }.gives(TokenAnswer.shape).gives(SecondStepRoutes.ChallengeJSON.self).fails(401, 429)
    }

    @Sendable func start(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let provider = try providers.provider(incoming, context.tenant)
        let program = try ProgramReturn(incoming, context.tenant)
        guard let visit = context.visitHash else { throw Failure.stateInvalid }
        if let here = WebPath(context.arrival.target), let elsewhere = providers.onFirstHost(here, context) {
            return .leave(elsewhere)
        }
        do {
            let state = SignInState(.signIn, next: nil, program: program, now: context.arrival.now)
            return .leave(try await providers.authorization(provider, state, .visit(visit), context))
        } catch let failure as ProviderFailure {
            return .leave(try program.back([("error", failure.failure.code)]))
        }
    }

    @Sendable private static func draft(_ form: inout FormReader) -> (code: String, verifier: String) {
        (form.text("login_code", .required, .max(2048)), form.text("code_verifier", .required, .max(128)))
    }

    @Sendable func exchange(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let (text, verifier) = try incoming.submission.read { Self.draft(&$0) }
        let (walled, now, from) = (context.walled, context.arrival.now, context.arrival.address ?? "unknown")
        try await ProviderSignIn.failures.requireRest(from, walled, now: now)
        guard let code = LoginCode.open(text, context), code.isFor(verifier), let candidate = try await code.take(walled) else {
            try? await ProviderSignIn.failures.spend(from, walled, now: now)
            throw Failure.loginCodeInvalid
        }
        if candidate.hasFactor, !code.isVouched {
            return try await SecondStepRoutes.challenge(candidate, from: code.provider, context)
        }
        let word = ProviderWord(provider: code.provider, isVouched: code.isVouched)
        let answer = try await signIn.program(candidate.id, word: word, agent: incoming.headers[.userAgent], context)
        return try .done(answer, at: "/dashboard")
    }
}
