import Forms
import Foundation
import HTML
import UI
import Web

/// Between password and session, for members who have a second factor.
struct SecondStepRoutes: Sendable {
    let signIn: SignIn

    func add(to routes: Routes) {
        // Open: nobody is signed in before the code.
        routes.openGet("login/mfa", on: .page, use: page)
        routes.openPost("login/mfa", on: .page, use: browser)
        routes.openPost("auth/mfa/verify", on: .api, use: program)
            .tells("The second step of signing in: the challenge and a code from the app, a recovery code or a passkey.")
            .takes { _ = Self.answer(&$0) }.gives(TokenAnswer.shape).fails(401, 429)
        routes.openPost("auth/mfa/options", on: .api, use: options)
            .tells("What a passkey signs in the second step, for `navigator.credentials.get`.")
            .takes { _ = Self.challenge(&$0) }.gives(PasskeyOptionsJSON<PasskeyRequestOptions>.self).fails(401, 404)
    }

    /// A browser goes to the page for the code; its challenge travels in a cookie.
    static func ask(
        _ candidate: SignIn.Candidate, from provider: String? = nil, _ next: WebPath?, _ context: TenantContext
    ) async throws -> Reply {
        let token = try await Challenge.open(candidate.id, provider: provider, context.walled)
        return .withCookies(
            .redirect(address(next)), context.house.cookies.challenged(token, seconds: Challenge.life))
    }

    private static func address(_ next: WebPath?) -> WebPath {
        ("/login/mfa" as WebPath).adding(query: next.map { [("next", $0.string)] } ?? [])
    }

    struct ChallengeJSON: Codable {
        var mfaRequired = true
        let mfaToken: String
        var expiresIn = Challenge.life
    }

    static func challenge(_ candidate: SignIn.Candidate, _ context: TenantContext) async throws -> Reply {
        let token = try await Challenge.open(candidate.id, context.walled)
        return try .done(ChallengeJSON(mfaToken: token.text), at: "/login/mfa")
    }

    // MARK: Browsers

    @Sendable func page(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let next = incoming.query.single("next")
        guard let page = try await page(incoming, next, [], context) else { return over(context, next, flash: nil) }
        return .page(page)
    }

    /// Nil when the challenge is over.
    private func page(
        _ incoming: Incoming, _ next: String?, _ problems: [FieldProblem], triesLeft: Int = 0, _ context: TenantContext
    ) async throws -> SecondStepPage? {
        guard let token = context.house.cookies.challenge(in: incoming.headers),
            let challenge = try await context.walled.read(
                Challenge.find(token, context.tenant.id, now: context.arrival.now))
        else { return nil }
        let ways = try await StepWays.find(challenge.candidate.id, context)
        let prompt = PasskeyPrompt(ways.passkeys, challenge.passkey(context), at: "/login/mfa", context)
        return SecondStepPage(
            context.language, next: next, hasAuthenticator: ways.hasAuthenticator, passkey: prompt, problems, triesLeft: triesLeft
        )
    }

    /// Back to the password.
    private func over(_ context: TenantContext, _ next: String?, flash: String?) -> Reply {
        let next = next.flatMap { WebPath($0) }.map { [("next", $0.string)] } ?? []
        return .withCookies(
            .gone(at: ("/login" as WebPath).adding(query: next), flash: flash.map { Flash($0, tone: .warn) }),
            context.house.cookies.unchallenged)
    }

    @Sendable func browser(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let (cookies, next) = (context.house.cookies, incoming.submission.single("next"))
        let t = IdentityMessages(context.language).secondStep
        var field = "code"
        do {
            let draft = try incoming.submission.read { CodeForm(&$0) }
            field = draft.field
            let step = try await signIn.secondStep(cookies.challenge(in: incoming.headers), draft, context)
            let token = try await signIn.browser(
                step.candidate, by: step, replacing: cookies.session(in: incoming.headers),
                agent: incoming.headers[.userAgent], context)
            return .withCookies(.redirect(next.flatMap { WebPath($0) } ?? "/dashboard"), cookies.signedIn(token))
        } catch let errors as FormErrors {
            guard let page = try await page(incoming, next, errors.problems, context) else {
                return over(context, next, flash: t.over)
            }
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where failure.code == Failure.challengeInvalid.code {
            return over(context, next, flash: t.over)
        } catch let failure as Failure where failure.triesLeft == 0 {
            return over(context, next, flash: t.noTriesLeft)
        } catch let failure as Failure where failure.triesLeft != nil || failure.status == .tooManyRequests {
            let problem = FieldProblem(field, .own(failure.code))
            guard let page = try await page(incoming, next, [problem], triesLeft: failure.triesLeft ?? 0, context) else {
                return over(context, next, flash: t.noTriesLeft)
            }
            return .failed(page: { page }, failure)
        }
    }

    // MARK: Programs

    private static func answer(_ form: inout FormReader) -> (token: String, draft: CodeForm) {
        (challenge(&form), CodeForm(&form))
    }

    private static func challenge(_ form: inout FormReader) -> String { form.text("mfa_token", .required, .max(100)) }

    @Sendable func program(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let (token, draft) = try incoming.submission.read { Self.answer(&$0) }
        let step = try await signIn.secondStep(SessionToken(presented: token), draft, context)
        let answer = try await signIn.program(
            step.candidate.id, by: step, agent: incoming.headers[.userAgent], context)
        return try .done(answer, at: "/dashboard")
    }

    /// What a passkey signs in place of the code.
    @Sendable func options(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let token = try incoming.submission.read { Self.challenge(&$0) }
        let challenge = try await signIn.openChallenge(SessionToken(presented: token), context)
        let passkeys = try await StepWays.find(challenge.candidate.id, context).passkeys
        guard !passkeys.isEmpty else { throw Failure.noPasskey }
        let options = PasskeyRequestOptions(challenge.passkey(context), allow: passkeys, context)
        return try .done(PasskeyOptionsJSON(publicKey: options), at: "/login/mfa")
    }
}
