/// Whose provider it is, with what each does in its own way.
enum ProviderHouse: Sendable {
    case other(issuer: String)
    case google
    case apple(team: String, keyID: String)
    case facebook
    case azure(directory: String)
    case auth0(domain: String)

    var name: String? {
        switch self {
        case .other: nil
        case .google: "Google"
        case .apple: "Apple"
        case .facebook: "Facebook"
        case .azure: "Microsoft"
        case .auth0: "Auth0"
        }
    }

    /// Exactly as its discovery document says it.
    var issuer: String {
        switch self {
        case .other(let issuer): issuer
        case .google: "https://accounts.google.com"
        case .apple: "https://appleid.apple.com"
        case .facebook: "https://www.facebook.com"
        case .azure(let directory): "https://login.microsoftonline.com/\(directory)/v2.0"
        case .auth0(let domain): "https://\(domain)/"
        }
    }

    /// As ID tokens may say it.
    var issuers: Set<String> {
        // Google's are older than the rule that an issuer has a scheme.
        if case .google = self { return [issuer, "accounts.google.com"] }
        return [issuer]
    }

    /// OpenID Connect Discovery 1.0, section 4.1: a slash at the end of the issuer does not count here.
    var discovery: String { (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration" }

    /// What the discovery document leaves out.
    var tokenEndpoint: String? {
        if case .facebook = self { return "https://graph.facebook.com/v21.0/oauth/access_token" }
        return nil
    }

    var scopes: [String] {
        switch self {
        case .apple: ["openid", "email", "name"]
        case .facebook: ["openid", "email", "public_profile"]
        default: ["openid", "email", "profile"]
        }
    }

    /// Apple sends its answer as a form as soon as it is asked for an address.
    var answersByForm: Bool {
        if case .apple = self { return true }
        return false
    }
}
