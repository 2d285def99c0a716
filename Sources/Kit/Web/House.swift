import Database
import Forms
import Foundation
import HTML
import Logging
import Secrets
import Tenancy
import UI

/// Everything that requests share in one process. Made once by `buildApp`; handlers reach it through their context.
public struct House: Sendable {
    public let database: Database
    public let tenants: Tenants
    public let assets: Assets
    public let secret: Secret
    /// For what the database keeps sealed.
    public let sealer: Sealer
    /// That sign what programs present.
    public let keys: SigningKeys
    public let cookies: CookieJar
    public let settings: WebSettings
    public let doors: Doors
    /// Nil where nobody looks after all companies through pages.
    public let platform: PlatformHost?
    public let meters: Meters
    public let kept = KeptAnswers()
    let sessions = SessionMemory()
    let spool: Spool
    public let logger: Logger
    /// The clock, so that tests can move it.
    public let now: @Sendable () -> Date

    public init(
        database: Database, tenants: Tenants, assets: Assets, secret: Secret, sealer: Sealer, settings: WebSettings, doors: Doors,
        platform: PlatformHost? = nil, meters: Meters = Meters(), logger: Logger, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.database = database
        self.tenants = tenants
        self.assets = assets
        self.secret = secret
        self.sealer = sealer
        self.keys = SigningKeys(sealer)
        self.settings = settings
        self.cookies = CookieJar(secure: settings.secure)
        self.doors = doors
        self.platform = platform
        self.meters = meters
        self.spool = Spool(folder: settings.spool.path)
        self.logger = logger
        self.now = now
    }
}

/// What the web part asks of the areas above it, which it does not know: who is signed in, what stands in the navigation.
public struct Doors: Sendable {
    /// Finds the session of a token hash; `nil` when there is none, it has ended, or its member is disabled.
    public var session: @Sendable (_ hash: [UInt8], _ kind: SessionKind, _ tenant: Int32, _ now: Date) -> Query<Session?>
    /// Finds a browser's session that has ended by itself, as long as it is still known; `nil` once its member signed out or is disabled.
    public var lapsed: @Sendable (_ hash: [UInt8], _ tenant: Int32, _ now: Date) -> Query<LapsedSession?>
    /// Notes that a session was used, which moves a browser's idle limit on.
    public var renew: @Sendable (_ hash: [UInt8], _ kind: SessionKind, Walled, _ now: Date) async throws -> Void
    /// The permissions that come with what others have lent a member. They open addresses; whose affairs they concern there, the
    /// area behind each address asks again.
    public var lent: @Sendable (_ rights: [String]) -> Set<String>
    /// The permissions of somebody of the platform who has entered a company.
    public var support: @Sendable (_ mode: SupportMode) -> Set<String>
    /// What a company lets its devices do at most.
    public var devices: @Sendable (_ tenant: Tenant) -> Set<String>
    /// Main navigation for a member, in the member's language.
    public var navigation: @Sendable (_ context: MemberContext) -> [NavItem]
    /// The page for a failure: status, code, language, request id.
    public var failurePage: @Sendable (_ failure: Failure, _ view: View) -> any Page
    /// Where a member has to go before anything else is open to them; nil for most.
    public var due: @Sendable (_ context: MemberContext) -> WebPath?

    public init(
        session: @escaping @Sendable ([UInt8], SessionKind, Int32, Date) -> Query<Session?>,
        lapsed: @escaping @Sendable ([UInt8], Int32, Date) -> Query<LapsedSession?>,
        renew: @escaping @Sendable ([UInt8], SessionKind, Walled, Date) async throws -> Void,
        lent: @escaping @Sendable ([String]) -> Set<String> = { _ in [] },
        support: @escaping @Sendable (SupportMode) -> Set<String> = { _ in [] },
        devices: @escaping @Sendable (Tenant) -> Set<String> = { _ in [] },
        navigation: @escaping @Sendable (MemberContext) -> [NavItem],
        failurePage: @escaping @Sendable (Failure, View) -> any Page,
        due: @escaping @Sendable (MemberContext) -> WebPath? = { _ in nil }
    ) {
        self.session = session
        self.lapsed = lapsed
        self.renew = renew
        self.lent = lent
        self.support = support
        self.devices = devices
        self.navigation = navigation
        self.failurePage = failurePage
        self.due = due
    }
}

public enum SessionKind: String, Sendable {
    case browser, access, refresh
    /// A member's own token for a program, or a device's (`PersonalToken`).
    case personal

    /// Whether its use is noted; an access token's 15 minutes pass whether it is used or not.
    var isRenewed: Bool { self == .browser || self == .personal }
}

/// Settings of the web part that the operator chooses.
public struct WebSettings: Sendable {
    /// Browsers reach this server through TLS (ended by a proxy): Secure `__Host-` cookies and HSTS.
    public var secure = false
    public var development = false
    /// Where browsers reach this server without TLS; with TLS it is the standard port.
    public var port = 8000
    /// Reverse proxies whose `X-Forwarded-For` is believed, by address; empty means nobody is.
    public var trustedProxies: Set<String> = []
    /// Bearer token that opens `/metrics`; `nil` closes it to everyone.
    public var metricsToken: String?
    /// Where uploads beyond 64 KiB wait while a form is read.
    public var spool = FileManager.default.temporaryDirectory
    public var deadlines = Deadlines()

    public init() {}
}
