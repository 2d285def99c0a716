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
            .tells("The second step of signing in: the challenge and a code from the app, or a recovery code.")
            .takes { _ = Self.answer(&$0) }.gives(TokenAnswer.shape).fails(401, 429)
    }

    /// A browser goes to the page for the code; its challenge travels in a cookie.
    static func ask(_ candidate: SignIn.Candidate, _ next: WebPath?, _ context: TenantContext) async throws -> Reply {
        let token = try await Challenge.open(candidate.id, context.walled)
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
        guard let token = context.house.cookies.challenge(in: incoming.headers),
            try await context.walled.read(Challenge.find(token, context.tenant.id, now: context.arrival.now)) != nil
        else { return over(context, incoming.query.single("next"), flash: nil) }
        return .page(SecondStepPage(context.language, next: incoming.query.single("next"), []))
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
            let step = try await signIn.secondStep(cookies.challenge(in: incoming.headers), draft.code, context)
            let token = try await signIn.browser(
                step.challenge.candidate, by: step, replacing: cookies.session(in: incoming.headers),
                agent: incoming.headers[.userAgent], context)
            return .withCookies(.redirect(next.flatMap { WebPath($0) } ?? "/dashboard"), cookies.signedIn(token))
        } catch let errors as FormErrors {
            return .refused(page: { SecondStepPage(context.language, next: next, errors.problems) }, errors.problems)
        } catch let failure as Failure where failure.code == Failure.challengeInvalid.code {
            return over(context, next, flash: t.over)
        } catch let failure as Failure where failure.triesLeft == 0 {
            return over(context, next, flash: t.noTriesLeft)
        } catch let failure as Failure where failure.triesLeft != nil || failure.status == .tooManyRequests {
            let page = SecondStepPage(
                context.language, next: next, [FieldProblem(field, .own(failure.code))], triesLeft: failure.triesLeft ?? 0)
            return .failed(page: { page }, failure)
        }
    }

    // MARK: Programs

    private static func answer(_ form: inout FormReader) -> (token: String, draft: CodeForm) {
        (form.text("mfa_token", .required, .max(100)), CodeForm(&form))
    }

    @Sendable func program(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let (token, draft) = try incoming.submission.read { Self.answer(&$0) }
        let step = try await signIn.secondStep(SessionToken(presented: token), draft.code, context)
        let answer = try await signIn.program(
            step.challenge.candidate.id, by: step, agent: incoming.headers[.userAgent], context)
        return try .done(answer, at: "/dashboard")
    }
}
