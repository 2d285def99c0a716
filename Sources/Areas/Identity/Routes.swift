import Audit
import Database
import Forms
import Foundation
import HTML
import Passwords
import Tenancy
import UI
import Web

/// Signing in and out, and what members choose for themselves.
package struct IdentityRoutes: Sendable {
    let signIn: SignIn
    /// Demo sign-ins for the development page, by tenant slug; empty in production.
    let demo: @Sendable (Tenant) -> [DemoSignIn]

    package init(passwords: Passwords, demo: @escaping @Sendable (Tenant) -> [DemoSignIn]) {
        self.signIn = SignIn(passwords: passwords)
        self.demo = demo
    }

    package func add(to routes: Routes) {
        // Open: this is where people prove who they are.
        routes.openGet("login", on: .page, use: loginPage)
        routes.openPost("login", on: .page, body: .credentials, use: login)
        routes.openPost("auth/login", on: .api, body: .credentials, use: tokens)
        routes.openPost("auth/refresh", on: .api, use: refresh)
        routes.memberPost("logout", on: .page, use: logout)
        routes.memberPost("auth/logout", on: .api, use: logout)
        routes.memberGet("me", on: .api, use: me)
        routes.memberGet("account", on: .page, use: account)
        routes.memberPost("account", use: saveAccount)
    }

    // MARK: Signing in

    @Sendable func loginPage(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        .page(loginPage(context, next: incoming.query.single("next"), email: "", problems: []))
    }

    @Sendable func login(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let next = incoming.submission.single("next").flatMap { WebPath($0) }
        let draft: LoginForm
        do {
            draft = try incoming.submission.read { LoginForm(&$0) }
        } catch let errors as FormErrors {
            return .refused(page: { loginPage(context, next: next?.string, email: errors.values["email"], problems: errors.problems) }, errors.problems)
        }
        do {
            let candidate = try await signIn.verify(draft.email, draft.password, context)
            let token = try await signIn.browser(candidate, replacing: nil, agent: incoming.headers[.userAgent], context)
            return .withCookies(
                .redirect(next ?? "/dashboard"),
                [
                    context.house.cookies.header(CookieName.session, token.text), context.house.cookies.expired(CookieName.visit),
                ])
        } catch let failure as Failure where failure.status == .unauthorized || failure.status == .tooManyRequests {
            let problem = FieldProblem(field: "email", code: .own(failure.code))
            let page = loginPage(context, next: next?.string, email: draft.email, problems: [problem])
            return .failed(page: { page }, failure)
        }
    }

    @Sendable func tokens(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let draft = try incoming.submission.read { LoginForm(&$0) }
        let candidate = try await signIn.verify(draft.email, draft.password, context)
        let answer = try await signIn.program(candidate.id, agent: incoming.headers[.userAgent], context)
        return try .done(answer, at: "/dashboard")
    }

    @Sendable func refresh(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        guard let text = incoming.submission.single("refresh_token") ?? incoming.submission.single("refreshToken"),
            let token = SessionToken(presented: text)
        else { throw Failure.unauthenticated }
        return try .done(try await Refresh.exchange(token, agent: incoming.headers[.userAgent], context), at: "/")
    }

    @Sendable func logout(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await context.write { tx in
            try await Sessions.close(context.session.id, tx)
            try tx.audit("member.signed_out", "member", context.memberID)
        }
        let gone = Reply.gone(at: "/login", flash: Flash(context.messages.signedOut))
        return .withCookies(gone, [context.house.cookies.expired(CookieName.session)])
    }
}
