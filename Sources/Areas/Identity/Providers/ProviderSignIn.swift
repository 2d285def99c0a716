import Foundation
import HTML
import Outbound
import Tenancy
import Web

/// The way to a provider and back (OpenID Connect Core, 3.1: authorization code, with PKCE).
struct ProviderSignIn: Sendable {
    let outbound: Outbound
    let directory: ProviderDirectory
    let secrets: ClientSecrets
    /// A company's address for a path of ours, on its first host; never on one that a request named (T31).
    let address: @Sendable (Tenant, WebPath) -> String
    let welcome: Guest.Welcome

    init(
        outbound: Outbound, secrets: ClientSecrets, address: @escaping @Sendable (Tenant, WebPath) -> String,
        welcome: @escaping Guest.Welcome
    ) {
        self.outbound = outbound
        directory = ProviderDirectory(outbound: outbound)
        self.secrets = secrets
        self.address = address
        self.welcome = welcome
    }

    /// Sign-ins that failed after they came back, from one address.
    static let failures = RateLimit("sign-in-provider", 30, per: 15 * 60)

    static func start(_ provider: Provider, next: WebPath? = nil, invitation: String? = nil) -> WebPath {
        ("/login/oidc/\(provider.key)" as WebPath).adding(
            query: (invitation.map { [("invitation", $0)] } ?? []) + (next.map { [("next", $0.string)] } ?? []))
    }

    static func callback(_ provider: Provider) -> WebPath { "/login/oidc/\(provider.key)/callback" }

    /// Those that can be asked, in the order of the company's file.
    func usable(_ tenant: Tenant) -> [Provider] { secrets.usable(tenant) }

    /// - Throws: 404 for one that the company does not have.
    func provider(_ incoming: Incoming, _ tenant: Tenant) throws -> Provider {
        let key = try incoming.parameter("provider")
        guard let provider = tenant.providers.first(where: { $0.key == key }) else { throw Failure.notFound }
        guard secrets.suffice(for: provider, of: tenant.slug) else { throw Failure.providerMisconfigured }
        return provider
    }

    /// Providers send people back to the company's first host, and only a browser that left from there has what the answer belongs to.
    ///
    /// - Returns: nil where it is.
    func onFirstHost(_ path: WebPath, _ context: TenantContext) -> SafeURL? {
        let host = context.arrival.authority?.split(separator: ":").first.map { $0.lowercased() }
        guard let first = context.tenant.hosts.first, host != first else { return nil }
        return SafeURL(address(context.tenant, path))
    }

    /// Where the browser is sent.
    ///
    /// - Throws: `ProviderFailure`.
    func authorization(
        _ provider: Provider, _ state: SignInState, _ binding: SignInState.Binding, _ context: TenantContext
    ) async throws -> SafeURL {
        let metadata = try await directory.metadata(
            of: provider, context.tenant.id, within: ProviderDirectory.alive, Patience(), now: context.arrival.now)
        let (house, terms) = (provider.setting.house, provider.setting.terms)
        let scopes = ["openid"] + (terms.scopes ?? house.scopes).filter { $0 != "openid" }
        var query = [
            ("response_type", "code"), ("client_id", terms.clientID), ("redirect_uri", redirect(provider, context.tenant)),
            ("scope", scopes.joined(separator: " ")), ("state", try state.sealed(provider, binding, context)),
            ("nonce", state.nonce(context)), ("code_challenge", state.challenge(context)), ("code_challenge_method", "S256")
        ]
        if house.answersByForm { query.append(("response_mode", "form_post")) }
        if state.purpose == .prove { query += [("prompt", "login"), ("max_age", "0")] }
        let endpoint = metadata.authorizationEndpoint
        let address = endpoint + (endpoint.contains("?") ? "&" : "?") + FormText.encode(query)
        guard let url = SafeURL(address) else { throw ProviderFailure.misconfigured("the authorization endpoint is no address") }
        return url
    }

    private func redirect(_ provider: Provider, _ tenant: Tenant) -> String { address(tenant, Self.callback(provider)) }

    /// What the provider says, for an answer that belongs to this state.
    ///
    /// - Throws: `ProviderFailure`, or 400 for a state that came back before, 429 after too many failures.
    func assertion(_ provider: Provider, _ answer: ProviderAnswer, _ state: SignInState, _ context: TenantContext) async throws
        -> Assertion
    {
        let (walled, now, from) = (context.walled, context.arrival.now, context.arrival.address ?? "unknown")
        try await Self.failures.requireRest(from, walled, now: now)
        do {
            try await state.spend(walled)
            return try await exchange(provider, answer, state, context)
        } catch {
            try? await Self.failures.spend(from, walled, now: now)
            throw error
        }
    }

    private func exchange(_ provider: Provider, _ answer: ProviderAnswer, _ state: SignInState, _ context: TenantContext)
        async throws -> Assertion
    {
        let (tenant, now, patience) = (context.tenant, context.arrival.now, Patience())
        let metadata = try await directory.metadata(of: provider, tenant.id, patience, now: now)
        // RFC 9207: an answer that another provider gave in this one's place.
        if answer.issuer.map({ $0 != provider.setting.house.issuer }) ?? metadata.namesItself {
            throw ProviderFailure.disbelieved("answer_issuer")
        }
        if let error = answer.error { throw ProviderFailure.refused(error) }
        guard let code = answer.code else { throw ProviderFailure.refused("no_code") }
        let exchange = CodeExchange(
            outbound: outbound, directory: directory, secrets: secrets, provider: provider, tenant: tenant.id, slug: tenant.slug)
        var assertion = try await exchange.assertion(
            .init(
                text: code, verifier: state.verifier(context), nonce: state.nonce(context), redirect: redirect(provider, tenant)),
            metadata, patience, now: now)
        assertion.name = answer.name
        return assertion
    }
}

/// What a provider sent the browser back with.
struct ProviderAnswer: Sendable {
    let code: String?
    let error: String?
    let issuer: String?
    /// Apple's, which it tells once and only here.
    let name: String?

    /// People who changed their mind, or whom the provider did not let through.
    var isCancelled: Bool { error == "access_denied" || error == "user_cancelled_authorize" || error == "login_required" }
}
