import Forms

/// `clientDataJSON`: what the browser says of the request (WebAuthn Level 2, §5.8.1). The authenticator signs its hash.
struct ClientData: Sendable {
    static let creation = "webauthn.create"
    static let assertion = "webauthn.get"
    /// Browsers write some 200 bytes.
    private static let longest = 4096

    /// base64url, as it was handed out.
    let challenge: String

    /// - Throws: `PasskeyProblem`, unless it was said for this purpose, by a page of this very site.
    init(_ json: [UInt8], type: String, at site: PasskeySite) throws(PasskeyProblem) {
        guard json.count <= Self.longest, let said = try? JSONValue(parsing: json, limits: Self.limits),
            let challenge = said["challenge"]?.string
        else { throw .malformed }
        guard said["type"]?.string == type else { throw .challenge }
        // A page inside another site's frame may be a trap for clicks.
        guard said["origin"]?.string == site.origin, said["topOrigin"] == nil, Self.isFalse(said["crossOrigin"]) else {
            throw .origin
        }
        self.challenge = challenge
    }

    private static func isFalse(_ value: JSONValue?) -> Bool { value == nil || value == .bool(false) }

    private static var limits: FormLimits {
        var limits = FormLimits()
        limits.json = longest
        limits.jsonDepth = 4
        limits.jsonValues = 64
        return limits
    }
}
