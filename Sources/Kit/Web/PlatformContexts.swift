import Database
import Foundation
import HTML
import HTTPTypes
import Hummingbird
import Tenancy
import UI

/// Proof that the request is for the platform's host. Its throwing init gives 404.
public struct PlatformContext: ChildRequestContext, Ground {
    public var coreContext: CoreRequestContextStorage
    public let arrival: Arrival
    private let platform: PlatformHost
    var session: OperatorSession?
    var visit: String?
    var visitIsNew = false
    var flash: Flash?

    public init(context: BaseContext) throws {
        guard let arrival = context.arrival, arrival.isPlatform, let platform = arrival.house.platform else {
            throw Failure.notFound
        }
        self.coreContext = context.coreContext
        self.arrival = arrival
        self.platform = platform
    }

    let scope = "platform"
    var holder: String? { session?.id.text ?? visit }
    var formPass: FormPass? { nil }
    public var house: House { arrival.house }
    public var language: Language { arrival.language }
    public var now: Date { arrival.now }
    /// Times are UTC: operators and companies sit in many zones.
    public var format: Format { Format(language: language, timeZone: .gmt, currency: "EUR") }

    /// One transaction on the platform's own tables.
    package func write<T>(_ body: (Tx) async throws -> T) async throws -> T {
        try await platform.database.withoutTenant(body)
    }

    public func view() -> View {
        View(
            language: language, format: format, company: WebMessages(language).platform.name, assets: house.assets.paths,
            path: WebPath(arrival.target) ?? "/", csrf: csrfToken, formKey: UUID.v7(now: now).text, flash: flash,
            requestID: arrival.requestID, development: house.settings.development)
    }

    /// The visit and the session that the browser brought along.
    mutating func identify(_ request: Hummingbird.Request) async throws {
        let (jar, headers) = (house.cookies, request.headers)
        flash = jar.read(CookieName.flash, from: headers).flatMap { FlashCookie.open($0, house.secret, scope) }
        let known = jar.read(CookieName.visit, from: headers).flatMap(SessionToken.init(presented:))?.text
        (visit, visitIsNew) = (known ?? SessionToken().text, known == nil)
    }

    func findSession(_ request: Hummingbird.Request) async throws -> OperatorSession? {
        guard let token = token(request.headers) else { return nil }
        return try await write { tx in try await platform.doors.session(token.hash, now, tx) }
    }

    /// The session's token as the browser sent it, whether or not it is good.
    package func token(_ headers: HTTPFields) -> SessionToken? {
        house.cookies.read(CookieName.operator, from: headers).flatMap(SessionToken.init(presented:))
    }

    package func signedIn(_ token: SessionToken) -> [String] { house.cookies.operatorSignedIn(token) }
    package var signedOut: [String] { [house.cookies.expired(CookieName.operator)] }

    /// Where browsers reach a page of the platform.
    package func url(_ path: WebPath) -> String { house.url(platform.host, path) }

    func navigation(_ context: OperatorContext) -> [NavItem] { platform.doors.navigation(context) }
}

/// Proof that an operator is signed in. Its throwing init gives 401.
public struct OperatorContext: ChildRequestContext {
    public var coreContext: CoreRequestContextStorage
    public let outer: PlatformContext
    public let session: OperatorSession

    public init(context: PlatformContext) throws {
        guard let session = context.session else { throw Failure.unauthenticated }
        coreContext = context.coreContext
        outer = context
        self.session = session
    }

    public var house: House { outer.house }
    public var arrival: Arrival { outer.arrival }
    public var language: Language { outer.language }
    public var format: Format { outer.format }
    public var now: Date { outer.now }

    /// One transaction on the platform's own tables.
    package func write<T>(_ body: (Tx) async throws -> T) async throws -> T { try await outer.write(body) }

    /// One company, behind its own ticket, in the name of nobody there.
    package func company(_ tenant: Tenant, as person: UUID? = nil) -> Walled {
        house.database.tenant(
            TxFacts(
                tenant: tenant.id, actor: person, requestID: arrival.requestID, address: arrival.address, now: now,
                job: person == nil ? "platform" : nil, meter: arrival.meter))
    }

    public func view() -> View {
        var view = outer.view()
        view.person = Person(name: session.name, subtitle: session.email, key: session.operatorID.text)
        view.navigation = outer.navigation(self)
        return view
    }
}

extension House {
    /// A page's address on a host of ours; its port is ours by configuration, never by a header.
    package func url(_ host: String, _ path: WebPath) -> String {
        if settings.secure { return "https://\(host)\(path.string)" }
        return "http://\(host)\(settings.port == 80 ? "" : ":\(settings.port)")\(path.string)"
    }
}
