import Forms
import Foundation
import HTML
import UI
import Web

/// A button that leads to a provider.
package struct ProviderLink: Sendable {
    var title: String
    var path: WebPath
}

/// When signing in with a provider did not work.
package struct ProviderProblemPage: Sendable {
    var status: Int
    var title: String
    var text: String
    /// "Try again with Google".
    var again: String
    /// Once more; nil where it would end the same way.
    var retry: WebPath?
    var back: WebPath
    var backLabel: String
    /// Nil where passwords open nothing.
    var forgotten: WebPath?
}

extension ProviderProblemPage {
    private static let repeatable = [
        "provider_unavailable", "provider_slow", "oauth_failed", "identity_refused", "oauth_state_invalid", "sign_in_cancelled"
    ]

    init(
        _ failure: Failure, _ provider: Provider, _ purpose: SignInState.Purpose, next: WebPath?, takesPassword: Bool,
        _ language: Language
    ) {
        let t = IdentityMessages(language).provider
        let (name, isSignIn) = (provider.title(language.rawValue), purpose == .signIn)
        let query = next.map { [("next", $0.string)] } ?? []
        self.init(
            status: Int(failure.status.code), title: t.problem(kind: failure.code, provider: name),
            text: t.advice(kind: failure.code, provider: name), again: t.retry(provider: name),
            retry: isSignIn && Self.repeatable.contains(failure.code) ? ProviderSignIn.start(provider).adding(query: query) : nil,
            back: isSignIn ? ("/login" as WebPath).adding(query: query) : "/account/security",
            backLabel: isSignIn ? t.back : t.backToSecurity,
            forgotten: failure.code == Failure.linkFirst.code && takesPassword ? "/password/forgot" : nil)
    }
}

/// Providers on `/account/security`.
package struct IdentitiesCard: Sendable {
    var rows: [IdentityRow]
    /// Those that are not linked yet.
    var links: [ProviderLink]
}

package struct IdentityRow: Sendable {
    var title: String
    /// As the provider says it.
    var email: String
    var linked: Moment
    /// Nil: not signed in with yet.
    var used: Moment?
    /// POST.
    var removal: WebPath
}

extension IdentitiesCard {
    /// Nil where the company has no provider, and the member none either.
    init?(_ lines: [IdentityLine], _ providers: [Provider], _ context: MemberContext) {
        let known = Set(lines.map(\.issuer))
        let open = providers.filter { !known.contains($0.setting.house.issuer) }
        guard !lines.isEmpty || !open.isEmpty else { return nil }
        self.init(
            rows: lines.map { line in
                IdentityRow(
                    title: line.title(context.tenant, context.language), email: line.email ?? "",
                    linked: context.format.moment(line.linkedAt), used: line.usedAt.map { context.format.moment($0) },
                    removal: "/account/security/identities/\(line.id.text)/removal")
            },
            links: open.map {
                ProviderLink(title: $0.title(context.language.rawValue), path: "/account/security/providers/\($0.key)")
            })
    }
}

/// `GET /api/v1/auth/providers`.
struct ProviderJSON: Codable, Sendable {
    let id: String
    let name: String
    let issuer: String
    /// Where a browser starts.
    let startUrl: String

    init(_ provider: Provider, _ providers: ProviderSignIn, _ context: TenantContext) {
        id = provider.key
        name = provider.title(context.language.rawValue)
        issuer = provider.setting.house.issuer
        startUrl = providers.address(context.tenant, ProviderSignIn.start(provider))
    }
}

/// A way of signing in that a member has linked.
struct IdentityJSON: Codable, Sendable {
    let id: String
    let provider: String
    let name: String
    let issuer: String
    let email: String?
    let linkedAt: Date
    let lastUsedAt: Date?

    init(_ line: IdentityLine, _ context: MemberContext) {
        id = line.id.text
        provider = line.provider
        name = line.title(context.tenant, context.language)
        issuer = line.issuer
        email = line.email
        linkedAt = line.linkedAt
        lastUsedAt = line.usedAt
    }
}
