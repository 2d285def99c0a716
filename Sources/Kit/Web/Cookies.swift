import HTTPTypes

/// Cookies in the one shape that Portico sets them: HttpOnly, SameSite=Lax, Path=/, and under TLS `__Host-` and Secure.
public struct CookieJar: Sendable {
    /// True when browsers reach this server through TLS.
    let secure: Bool

    public init(secure: Bool) {
        self.secure = secure
    }

    func name(_ base: String) -> String {
        secure ? "__Host-\(base)" : base
    }

    /// The value of a cookie; `nil` when it is missing or stands there twice (which only a forged request does).
    func read(_ base: String, from headers: HTTPFields) -> Substring? {
        let wanted = name(base)
        var found: Substring?
        for line in headers[values: .cookie] {
            for pair in line.split(separator: ";") {
                let trimmed = pair.drop { $0 == " " }
                guard trimmed.hasPrefix(wanted), trimmed.dropFirst(wanted.count).first == "=" else { continue }
                guard found == nil else { return nil }
                let value = trimmed.dropFirst(wanted.count + 1)
                found = Substring(value)
            }
        }
        return found
    }

    func header(_ base: String, _ value: String, maxAge: Int? = nil) -> String {
        var line = "\(name(base))=\(value); Path=/; HttpOnly; SameSite=Lax"
        if let maxAge { line += "; Max-Age=\(maxAge)" }
        if secure { line += "; Secure" }
        return line
    }

    /// What a browser is told when somebody has signed in: the session, and that the visit before it is over.
    ///
    /// - Parameter device: what the browser will be known by at the next sign-in.
    public func signedIn(_ token: SessionToken, device: SessionToken? = nil) -> [String] {
        [header(CookieName.session, token.text), expired(CookieName.visit), expired(CookieName.challenge)]
            + (device.map { [header(CookieName.device, $0.text, maxAge: Self.deviceLife)] } ?? [])
    }

    /// 400 days, beyond which browsers keep no cookie (RFC 6265bis, 5.5).
    private static let deviceLife = 400 * 86_400

    /// What the browser is known by; nil where nobody has signed in yet.
    public func device(in headers: HTTPFields) -> SessionToken? {
        read(CookieName.device, from: headers).flatMap(SessionToken.init(presented:))
    }

    /// The session's token as a browser sent it, whether or not it is good.
    public func session(in headers: HTTPFields) -> SessionToken? {
        read(CookieName.session, from: headers).flatMap(SessionToken.init(presented:))
    }

    /// Between password and second factor.
    public func challenged(_ token: SessionToken, seconds: Int) -> [String] {
        [header(CookieName.challenge, token.text, maxAge: seconds)]
    }

    public func challenge(in headers: HTTPFields) -> SessionToken? {
        read(CookieName.challenge, from: headers).flatMap(SessionToken.init(presented:))
    }

    public var unchallenged: [String] {
        [expired(CookieName.challenge)]
    }

    public var signedOut: [String] {
        [expired(CookieName.session)]
    }

    /// Of those who look after all companies. Their cookie goes along with nothing that another site begins.
    func operatorSignedIn(_ token: SessionToken) -> [String] {
        [header(CookieName.operator, token.text).replacing("SameSite=Lax", with: "SameSite=Strict"), expired(CookieName.visit)]
    }

    func expired(_ base: String) -> String {
        header(base, "", maxAge: 0)
    }
}

enum CookieName {
    static let session = "portico"
    static let `operator` = "portico_operator"
    /// Before sign-in: what the sign-in form's token is bound to.
    static let visit = "portico_visit"
    static let flash = "portico_flash"
    /// Between password and second factor; opens nothing by itself.
    static let challenge = "portico_mfa"
    /// Tells this browser from others that somebody signs in with; it opens nothing.
    static let device = "portico_device"
    /// Whose form waits (`KeptForms`).
    static let kept = "portico_kept"
}
