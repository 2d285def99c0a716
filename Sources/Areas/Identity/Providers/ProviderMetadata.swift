import Forms
import HTML

/// What a provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as it is used.
struct ProviderMetadata: Sendable {
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let keysAddress: String
    let userInfoEndpoint: String?
    /// The secret goes into the body instead of the header.
    let takesSecretInBody: Bool
    /// Its answers say who it is (RFC 9207); one that does not is somebody else's.
    let namesItself: Bool

    /// - Throws: `ProviderFailure.misconfigured` when it says that it is somebody else, or an address is no https address.
    init(_ json: [UInt8], of house: ProviderHouse) throws(ProviderFailure) {
        var limits = FormLimits()
        limits.json = 256 << 10
        guard let document = try? JSONValue(parsing: json, limits: limits) else { throw .unavailable("no discovery document") }
        guard document["issuer"]?.string == house.issuer else {
            throw .misconfigured("the discovery document names another issuer")
        }
        func address(_ name: String, _ fixed: String? = nil) throws(ProviderFailure) -> String? {
            guard let text = fixed ?? document[name]?.string else { return nil }
            guard ProviderAddress.isSound(text), !text.contains("#") else {
                throw .misconfigured("\(name) is no https address")
            }
            return text
        }
        guard let authorization = try address("authorization_endpoint"),
            let token = try address("token_endpoint", house.tokenEndpoint), let keys = try address("jwks_uri")
        else { throw .misconfigured("the discovery document lacks an address") }
        authorizationEndpoint = authorization
        tokenEndpoint = token
        keysAddress = keys
        userInfoEndpoint = try address("userinfo_endpoint")
        let methods = document["token_endpoint_auth_methods_supported"].map { _ in
            document.texts(at: "token_endpoint_auth_methods_supported")
        }
        takesSecretInBody = methods.map { !$0.contains("client_secret_basic") && $0.contains("client_secret_post") } ?? false
        namesItself = document["authorization_response_iss_parameter_supported"] == .bool(true)
    }
}
