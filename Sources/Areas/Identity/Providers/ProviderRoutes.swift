import Audit
import Forms
import Foundation
import HTML
import HTTPTypes
import UI
import Web

/// Signing in with a company's identity provider.
struct ProviderRoutes: Sendable {
    let signIn: SignIn

    private var providers: ProviderSignIn { signIn.providers }

    func add(to routes: Routes) {
        // Open: this is where people prove who they are.
        routes.openGet("auth/providers", on: .api, use: list)
            .tells("Lists the identity providers that people sign in with; a browser starts at `startUrl`.")
            .listsAll(ProviderJSON.self)
        routes.openGet("login/oidc/{provider}", on: .page, use: start)
        routes.openGet("login/oidc/{provider}/callback", on: .page, use: callback)
        // The form comes from the provider's own page and changes nothing: it is the same answer in another wrapping.
        routes.openPost("login/oidc/{provider}/callback", on: .page, body: .oneClick, use: unwrap)
        ProviderLinkRoutes(providers: providers).add(to: routes)
    }

    // MARK: There

    @Sendable func list(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let items = providers.usable(context.tenant).map { ProviderJSON($0, providers, context) }
        return try .done(ListJSON(items: items, nextCursor: nil, total: items.count), at: "/login")
    }

    @Sendable func start(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let next = incoming.query.single("next").flatMap { WebPath($0) }
        let invitation = incoming.query.single("invitation").flatMap { $0.isEmpty || $0.utf8.count > 80 ? nil : $0 }
        let provider = try providers.provider(incoming, context.tenant)
        // Whoever is sent here by another site decides on our page whether to sign in (ASVS V7.6.2).
        guard !incoming.comesFromElsewhere, let visit = context.visitHash else { return .redirect(Self.signInPage(next)) }
        let here = ProviderSignIn.start(provider, next: next, invitation: invitation)
        if let elsewhere = providers.onFirstHost(here, context) { return .leave(elsewhere) }
        do {
            let state = SignInState(.signIn, next: next, invitation: invitation, now: context.arrival.now)
            return .leave(try await providers.authorization(provider, state, .visit(visit), context))
        } catch let failure as ProviderFailure {
            return problem(failure.failure, provider, .signIn, next, context)
        }
    }

    private static func signInPage(_ next: WebPath?) -> WebPath {
        ("/login" as WebPath).adding(query: next.map { [("next", $0.string)] } ?? [])
    }

    // MARK: And back

    /// An answer that came as a form goes on as an address: a form from elsewhere brings no cookie along.
    @Sendable func unwrap(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let provider = try providers.provider(incoming, context.tenant)
        var query = ["code", "state", "iss", "error"].compactMap { name in incoming.submission.single(name).map { (name, $0) } }
        if let name = FormName(incoming.submission.single("user"))?.sealed(context) { query.append(("name", name)) }
        guard query.allSatisfy({ $0.1.utf8.count <= 4096 }) else { throw Failure.stateInvalid }
        return .secret(.redirect(ProviderSignIn.callback(provider).adding(query: query)))
    }

    @Sendable func callback(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let provider = try providers.provider(incoming, context.tenant)
        let session = context.house.cookies.session(in: incoming.headers)
        let bindings =
            (context.visitHash.map { [.visit($0)] } ?? []) + (session.map { [.session($0)] } ?? [] as [SignInState.Binding])
        let answer = ProviderAnswer(incoming.query, context)
        guard incoming.method == .get, let text = incoming.query.single("state"),
            let state = SignInState.open(text, provider, bindings, context)
        else {
            // Some leave the state out when somebody has cancelled; nothing follows from saying so.
            return problem(answer.isCancelled ? .cancelled : .stateInvalid, provider, .signIn, nil, context)
        }
        if answer.isCancelled { return refuse(.cancelled, provider, state, context) }
        do {
            let assertion = try await providers.assertion(provider, answer, state, context)
            if state.purpose == .signIn { return try await finish(assertion, state, incoming, context) }
            let next = state.next.flatMap { WebPath($0) }
            return try await ProviderLinks(context: context, assertion: assertion, state: state).finish(session, next)
        } catch let failure as ProviderFailure {
            try await note(failure.reason, provider, context)
            return refuse(failure.failure, provider, state, context)
        } catch let failure as Failure where failure.status != .tooManyRequests {
            try await note(failure.code, provider, context)
            return refuse(failure, provider, state, context)
        }
    }

    private func finish(
        _ assertion: Assertion, _ state: SignInState, _ incoming: Incoming, _ context: TenantContext
    ) async throws -> Reply {
        let (provider, tenant, language) = (assertion.provider, context.tenant, context.language)
        let candidate = try await context.walled.write { tx in
            try await Identities(tx: tx, tenant: tenant, welcome: providers.welcome)
                .member(assertion, invitation: state.invitation, language)
        }
        let word = ProviderWord(provider: provider.key, isVouched: provider.setting.terms.factor.isMet(by: assertion))
        if let program = state.program {
            let code = try LoginCode(candidate.id, word, program, context).sealed(context)
            return .secret(.leave(try program.back([("login_code", code)])))
        }
        let next = state.next.flatMap { WebPath($0) }
        if candidate.hasFactor, !word.isVouched {
            return try await SecondStepRoutes.ask(candidate, from: provider.key, next, context)
        }
        let cookies = try await signIn.browser(candidate, word: word, incoming, context)
        return .withCookies(.redirect(next ?? "/dashboard"), cookies)
    }

    // MARK: When it does not work

    private func note(_ why: String, _ provider: Provider, _ context: TenantContext) async throws {
        context.house.logger.notice(
            "sign-in with a provider failed",
            metadata: ["provider": "\(provider.key)", "why": "\(why)", "request": "\(context.arrival.requestID)"])
        _ = try await context.walled.write { tx in
            try tx.audit("member.sign_in_failed", "member", nil, AuditChange(after: ["by": provider.key, "why": why]))
        }
    }

    /// A program hears of it itself: its browser's window is not where anybody looks.
    private func refuse(_ failure: Failure, _ provider: Provider, _ state: SignInState, _ context: TenantContext) -> Reply {
        if let away = try? state.program?.back([("error", failure.code)]) { return .secret(.leave(away)) }
        return problem(failure, provider, state.purpose, state.next.flatMap { WebPath($0) }, context)
    }

    private func problem(
        _ failure: Failure, _ provider: Provider, _ purpose: SignInState.Purpose, _ next: WebPath?, _ context: TenantContext
    ) -> Reply {
        let page = ProviderProblemPage(
            failure, provider, purpose, next: next, takesPassword: context.tenant.takesPassword(), context.language)
        return .unlisted(.failed(page: { page }, failure))
    }
}

/// What stands for the password where a provider knows the person.
struct ProviderWord: Sendable {
    let provider: String
    /// It asked for a second factor itself, and the company takes that for enough.
    let isVouched: Bool

    var facts: [String: String] { isVouched ? ["by": provider, "factor": "provider"] : ["by": provider] }
}

extension ProviderAnswer {
    init(_ query: Submission, _ context: TenantContext) {
        func text(_ name: String, _ most: Int) -> String? {
            query.single(name).flatMap { $0.isEmpty || $0.utf8.count > most ? nil : $0 }
        }
        // Only words of the standards, so that nobody writes into our log.
        let error = text("error", 100).map { $0.utf8.allSatisfy { $0 == 0x5F || (0x61...0x7A).contains($0) } ? $0 : "error" }
        self.init(
            code: text("code", 4096), error: error, issuer: query.has("iss") ? query.single("iss") ?? "" : nil,
            name: query.single("name").flatMap { FormName(sealed: $0, context)?.text })
    }
}

extension Incoming {
    /// A browser says where a request comes from.
    var comesFromElsewhere: Bool {
        guard let name = HTTPField.Name("Sec-Fetch-Site"), let site = headers[name] else { return false }
        return site != "same-origin" && site != "none"
    }
}
