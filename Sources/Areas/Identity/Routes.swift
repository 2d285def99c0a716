import Audit
import Database
import Forms
import Foundation
import HTML
import HTTPTypes
import Outbound
import Passwords
import Tenancy
import Tokens
import UI
import Web

/// Signing in and out, and what members choose for themselves.
package struct IdentityRoutes: Sendable {
    let signIn: SignIn
    /// Demo sign-ins for the development page, by tenant slug; empty in production.
    let demo: @Sendable (Tenant) -> [DemoSignIn]

    /// - Parameters:
    ///   - address: a company's address for a path of ours, on its own first host.
    ///   - welcome: lets in people whom somebody has invited.
    package init(
        passwords: PasswordHasher, outbound: Outbound, secrets: ClientSecrets,
        address: @escaping @Sendable (Tenant, WebPath) -> String, welcome: @escaping Guest.Welcome,
        demo: @escaping @Sendable (Tenant) -> [DemoSignIn]
    ) {
        let providers = ProviderSignIn(outbound: outbound, secrets: secrets, address: address, welcome: welcome)
        self.signIn = SignIn(passwords: passwords, providers: providers)
        self.demo = demo
    }

    package func add(to routes: Routes) {
        routes.chapter("Signing in")
        // Open: this is where people prove who they are.
        routes.openGet("login", on: .page, use: loginPage)
        routes.openPost("login", on: .page, body: .credentials, use: login)
        routes.openPost("auth/login", on: .api, body: .credentials, use: tokens)
            .tells("Signs in with mail address and password; JSON or a urlencoded form.")
            .notes("Whoever has a second factor gets a challenge instead of tokens, to be answered at `/auth/mfa/verify`.")
            .takes { _ = LoginForm(&$0) }.gives(TokenAnswer.shape).gives(SecondStepRoutes.ChallengeJSON.self).fails(401, 429)
        SecondStepRoutes(signIn: signIn).add(to: routes)
        SecurityRoutes(passwords: signIn.passwords, providers: signIn.providers).add(to: routes)
        PasskeySignInRoutes(signIn: signIn).add(to: routes)
        PasskeyRoutes(passwords: signIn.passwords).add(to: routes)
        ProofRoutes(passwords: signIn.passwords, providers: signIn.providers).add(to: routes)
        ProviderRoutes(signIn: signIn).add(to: routes)
        ProgramRoutes(signIn: signIn).add(to: routes)
        routes.openPost("auth/refresh", on: .api, use: refresh)
            .tells("Exchanges a refresh token for a new pair; the old one is used up, and using it again ends the sign-in.")
            .takes { _ = RefreshForm(&$0) }.gives(TokenAnswer.shape).fails(401, 429)
        // With a form that waits, the form (Kit/Web, KeptForms); without one there is nothing to come back to.
        routes.memberGet("again", on: .page) { _, _ in .redirect("/dashboard") }
        routes.memberPost("logout", on: .page, always: true, seen: true, support: true, use: logout)
        routes.memberPost("auth/logout", on: .api, always: true, seen: true, use: logout)
            .tells("Ends this sign-in.").givesNothing()
        routes.chapter("Account")
        routes.memberGet("me", on: .api, tokens: true, seen: true, use: me)
            .tells("Who you are and what you may do.").gives(MeJSON.self)
        routes.memberGet("account", on: .page, seen: true, use: account)
        routes.memberPost("account", use: saveAccount)
            .tells("Changes your own settings.").takes { _ = AccountForm(&$0, $1) }.gives(MeJSON.self)
        // Open: whoever verifies our tokens needs the keys, which are public.
        routes.openDocument(".well-known/jwks.json", use: KeySet.show)
            .tells("The public keys that access tokens are signed with (RFC 7517).").gives(file: "application/jwk-set+json")
            .kept()
        SessionRoutes().add(to: routes)
        TokenRoutes().add(to: routes)
        StandingRoutes().add(to: routes)
        PreviewRoutes().add(to: routes)
        DeviceRoutes().add(to: routes)
    }

    // MARK: Signing in

    @Sendable func loginPage(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        .page(loginPage(context, next: incoming.query.single("next"), email: "", problems: []))
    }

    private func loginPage(_ context: TenantContext, next: String?, email: String, problems: [FieldProblem]) -> SignInPage {
        let t = IdentityMessages(context.language).signIn
        let errors = ProblemText.errors(problems.map(\.ofPasskey), context.language) { code in
            switch code {
            case "rate_limited": t.tooOften
            case "use_provider": t.useProvider
            case "passkey_invalid": t.wrongPasskey
            default: t.wrong
            }
        }
        let next = next.flatMap { WebPath($0) }
        let takesPassword = context.tenant.takesPassword()
        var page = SignInPage(
            action: "/login", errors: errors,
            email: Field(
                "email", label: t.email, value: email, error: errors.message(for: "email"), required: true,
                autocomplete: "username", focused: true),
            password: Field(
                "password", label: t.password, error: errors.message(for: "password"), required: true,
                autocomplete: "current-password"),
            takesPassword: takesPassword,
            providers: signIn.providers.secrets.links(context, next: next),
            next: next?.string ?? "", note: next == "/again" ? t.kept : nil,
            passkey: PasskeyPrompt(signInTo: context),
            forgotten: "/password/forgot",
            register: context.tenant.registration == nil ? nil : "/register",
            demo: (takesPassword ? demo(context.tenant) : []).map {
                DemoSignInRow(
                    name: $0.name, initials: Person(name: $0.name, subtitle: "").initials,
                    role: context.tenant.titles(of: [$0.role], language: context.language.rawValue), email: $0.email,
                    password: $0.password)
            })
        // What sign-in itself has to say names both fields already.
        if !problems.contains(where: \.isOwn) { page.errors = errors.inOrder(of: [page.email, page.password]) }
        return page
    }

    @Sendable func login(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let next = incoming.submission.single("next").flatMap { WebPath($0) }
        let draft: LoginForm
        do {
            draft = try incoming.submission.read { LoginForm(&$0) }
        } catch let errors as FormErrors {
            return .refused(
                page: { loginPage(context, next: next?.string, email: errors.values["email"], problems: errors.problems) },
                errors.problems)
        }
        do {
            let step = try await passkey(draft, context)
            let candidate =
                if let step { step.candidate } else { try await signIn.verify(draft.email, draft.password, context) }
            if step == nil, candidate.hasFactor { return try await SecondStepRoutes.ask(candidate, next, context) }
            let cookies = try await signIn.browser(candidate, by: step, incoming, context)
            return .withCookies(.redirect(next ?? "/dashboard"), cookies)
        } catch let failure as Failure where Self.shown.contains(failure.status) {
            let problem = FieldProblem(draft.passkey == nil ? "email" : "passkey", .own(failure.code))
            let page = loginPage(context, next: next?.string, email: draft.email, problems: [problem])
            return .failed(page: { page }, failure)
        }
    }

    /// Nil where mail address and password were sent.
    private func passkey(_ draft: LoginForm, _ context: TenantContext) async throws -> SecondStep? {
        guard let answer = draft.passkey else { return nil }
        guard let holder = context.visitHolder else { throw SignIn.passkeyInvalid }
        return try await signIn.passkey(answer, holder: holder, context)
    }

    /// Refusals that stand on the form.
    private static let shown: [HTTPResponse.Status] = [.unauthorized, .tooManyRequests, .badRequest]

    @Sendable func tokens(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let draft = try incoming.submission.read { LoginForm(&$0) }
        let candidate = try await signIn.verify(draft.email, draft.password, context)
        if candidate.hasFactor { return try await SecondStepRoutes.challenge(candidate, context) }
        let answer = try await signIn.program(candidate.id, agent: incoming.headers[.userAgent], context)
        return try .done(answer, at: "/dashboard")
    }

    @Sendable func refresh(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let form = try incoming.submission.read { RefreshForm(&$0) }
        return try .done(
            try await Refresh.exchange(form.token, agent: incoming.headers[.userAgent], context), at: "/")
    }

    @Sendable func logout(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await context.write(seen: true) { tx in
            try await Sessions.close(
                context.session.id, of: context.session.holder, at: context.house.cookies.device(in: incoming.headers), tx)
            try tx.audit("member.signed_out", "member", context.session.holder)
            if context.session.support != nil { try tx.publish(SupportSignedOut(entry: context.memberID)) }
        }
        return .withCookies(.gone(at: "/login", flash: nil), context.house.cookies.signedOut)
    }

    // MARK: One's own settings

    @Sendable func me(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try .done(MeJSON(context), at: "/account")
    }

    @Sendable func account(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let member = try await context.read(AccountRow.find(context.memberID, context.tenant.id))
        return .page(AccountPage(member, context, member.values, []))
    }

    @Sendable func saveAccount(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let member = try await context.read(AccountRow.find(context.memberID, context.tenant.id))
        do {
            let draft = try incoming.submission.read { AccountForm(&$0, context.tenant) }
            try await context.write { tx in try await draft.save(over: member, tx) }
            return try .done(
                MeJSON(context), at: "/account",
                flash: Flash(IdentityMessages(Language(rawValue: draft.locale) ?? context.language).account.saved))
        } catch let errors as FormErrors {
            return .refused(page: { AccountPage(member, context, errors.values, errors.problems) }, errors.problems)
        }
    }
}
