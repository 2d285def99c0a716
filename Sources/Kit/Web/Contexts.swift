import Crypto
import Database
import Forms
import Foundation
import HTML
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Tenancy
import UI

/// Browsers send forms and get pages; programs send JSON to `/api/v1` and get JSON. Same handlers.
public enum Face: Sendable {
    case page, api
}

/// A request before its host is known. Holds nothing that proves anything.
public struct BaseContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Set by the edge before any route sees the request.
    var arrival: Arrival?
    /// The kept form that this request shows again (`KeptForms`).
    var returning: KeptForm?

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// What the edge noted when the request came in.
public struct Arrival: Sendable {
    let house: House
    /// For what takes the connection over (`ProtocolSwitch`).
    let channel: any Channel
    var tenant: Tenant?
    /// The request is for the host of those who look after all companies (`PlatformHost`); then there is no tenant.
    let isPlatform: Bool
    /// The tenant's name among its hosts that the request was for; empty where there is no tenant.
    let host: String
    public let requestID: String
    /// The client's own address, after trusted proxies.
    public let address: String?
    public let face: Face
    /// Host and port as the client named them.
    public let authority: String?
    /// Path and query as the client sent them.
    public let target: String
    public let language: Language
    public fileprivate(set) var now: Date
    /// Counts what the request costs the database.
    public let meter = Meter()
    /// What becomes known of the request on its way, for the log.
    let notes = RequestNotes()
}

/// Filled in by the gate, read by the access log.
final class RequestNotes: Sendable {
    private let memberID = Mutex<UUID?>(nil)
    /// The names of fields that the handler looked for, in the address and in the body. Noted during development only.
    let asked = (query: AskedNames(), body: AskedNames())

    var member: UUID? {
        get { memberID.withLock { $0 } }
        set { memberID.withLock { $0 = newValue } }
    }
}

/// Proof that the request's host belongs to a company. Its throwing init gives 404.
public struct TenantContext: ChildRequestContext {
    public var coreContext: CoreRequestContextStorage
    public let arrival: Arrival
    public let tenant: Tenant
    var claim: Claim?
    /// Random text in a cookie before sign-in, which form tokens are bound to.
    var visit: String?
    var visitIsNew = false
    var flash: Flash?
    /// What the page is about, where its forms carry a pass (`FormOrigin.orPass`).
    var passSubject: String?
    let returning: KeptForm?

    public init(context: BaseContext) throws {
        guard let arrival = context.arrival, let tenant = arrival.tenant else { throw Failure.notFound }
        self.coreContext = context.coreContext
        self.arrival = arrival
        self.tenant = tenant
        self.returning = context.returning
    }

    /// The same sender a while later (`LastingSender`).
    init(again earlier: TenantContext) throws {
        var arrival = earlier.arrival
        guard let tenant = arrival.house.tenants.tenant(id: earlier.tenant.id) else { throw Failure.notFound }
        arrival.tenant = tenant
        arrival.now = arrival.house.now()
        self.coreContext = earlier.coreContext
        self.arrival = arrival
        self.tenant = tenant
        self.returning = nil
    }

    public var house: House { arrival.house }
    var session: Session? { claim?.session }
    public var language: Language { session?.locale.flatMap(Language.init) ?? arrival.language }

    /// Database access for this company by nobody in particular: sign-in, public pages.
    public var walled: Walled { walled(actor: nil) }

    func walled(actor: UUID?) -> Walled {
        house.database.tenant(
            TxFacts(
                tenant: tenant.id, actor: actor, requestID: arrival.requestID, address: arrival.address, now: arrival.now,
                meter: arrival.meter))
    }

    public func view(path: WebPath? = nil) -> View {
        View(
            language: language, format: format, company: tenant.name, assets: house.assets.paths,
            path: path ?? WebPath(arrival.target) ?? "/", brandCSS: WebPath(tenant.brandPath),
            logo: tenant.logoPath.flatMap { WebPath($0) },
            theme: session.flatMap { Theme(rawValue: $0.theme) } ?? .auto,
            density: session.flatMap { Density(rawValue: $0.density) } ?? .normal, csrf: csrfToken,
            formKey: UUID.v7(now: arrival.now).text,
            flash: flash, requestID: arrival.requestID, development: house.settings.development,
            at: Int64(exactly: (arrival.now.timeIntervalSince1970 * 1_000).rounded()) ?? 0)
    }

    public var format: Format {
        Format(language: language, timeZone: zone, currency: tenant.currency.code)
    }

    /// The member's own time zone, or the company's.
    public var zone: TimeZone {
        session?.timeZone.flatMap(TimeZone.init(identifier:)) ?? tenant.timeZone
    }

    var formPass: FormPass? {
        guard let visit, let passSubject else { return nil }
        return FormPass(tenant: tenant.id, visit: visit, subject: passSubject, secret: house.secret)
    }

    /// SHA-256 of what this browser alone knows before sign-in; nil for programs.
    public var visitHash: [UInt8]? {
        visit.map { Array(SHA256.hash(data: Data("visit:\(tenant.id):\($0)".utf8))) }
    }
}

/// Proof that a member of this company is signed in. Its throwing init gives 401.
public struct MemberContext: ChildRequestContext {
    public var coreContext: CoreRequestContextStorage
    public let outer: TenantContext
    private let claim: Claim
    /// Everything that the member may do now, or with a personal token what it shares with the token's scopes.
    public let rights: Set<String>

    public init(context: TenantContext) throws {
        guard let claim = context.claim else { throw Failure.unauthenticated }
        self.coreContext = context.coreContext
        self.outer = context
        self.claim = claim
        let session = claim.session
        // Rights are re-read from the configuration on every request; nothing in a token is believed.
        let granted =
            session.isDevice
            ? context.house.doors.devices(context.tenant)
            : session.support.map(context.house.doors.support)
                ?? context.tenant.permissions(of: session.roles).union(context.house.doors.lent(session.lent))
        self.rights = session.scopes.map(granted.intersection) ?? granted
    }

    public var house: House { outer.house }
    public var session: Session { claim.session }
    public var tenant: Tenant { outer.tenant }
    public var arrival: Arrival { outer.arrival }
    public var language: Language { outer.language }
    public var format: Format { outer.format }
    public var memberID: UUID { session.memberID }
    public var now: Date { arrival.now }
    public var face: Face { arrival.face }

    /// 32 bytes that stand for the member, as `TenantContext.visitHash` for a visit.
    public var holderHash: [UInt8] {
        Array(SHA256.hash(data: Data("member:\(tenant.id):\(memberID.text)".utf8)))
    }

    public func may(_ permission: Permission) -> Bool {
        rights.contains(permission.name) || permission.wider.map(rights.contains) ?? false
    }

    /// By the member's own roles alone: what was lent cannot be lent on.
    public func holds(_ permission: Permission) -> Bool {
        tenant.permissions(of: session.roles).contains(permission.name)
    }

    /// - Throws: 403 unless the member's roles grant the permission.
    public func require(_ permission: Permission) throws {
        guard may(permission) else { throw Failure.forbidden }
    }

    private var walled: Walled { outer.walled(actor: session.holder) }

    /// The company's database once it is proved who asks.
    public func proved() async throws -> Walled {
        if !claim.isProved { try await walled.read(claim.proof) }
        return walled
    }

    /// Independent reads in one round trip, with the proof of the session if that is still due.
    public func read<each Output>(_ query: repeat Query<each Output>) async throws -> (repeat each Output) {
        try await walled.read(after: claim.proof, repeat each query)
    }

    /// Several steps of reading in one transaction.
    public func read<T>(_ body: (Tx) async throws -> T) async throws -> T {
        try await proved().read(body)
    }

    /// One transaction, with the proof of the session if that is still due: everything in it happens, or nothing.
    public func write<T>(seen: Bool = false, _ body: (Tx) async throws -> T) async throws -> T {
        guard outer.returning == nil else { throw Failure.onlyShown }
        try requireOpen(seen)
        defer { house.kept.forget(tenant.id) }
        return try await walled.write(after: claim.proof, body)
    }

    /// The query, or its answer when this process has kept it since the topic's table last changed.
    public func kept<Output: Sendable>(_ query: Query<Output>, _ topic: KeptAnswers.Topic) -> Query<Output> {
        house.kept.query(query, topic, of: tenant.id)
    }

    public func view() -> View {
        var view = outer.view()
        let support = session.support.map { WebMessages(language).support.sign(mode: $0.rawValue) }
        view.person = Person(
            name: session.name, subtitle: support ?? tenant.titles(of: session.roles, language: language.rawValue),
            key: session.memberID.text)
        // Doors that would all lead to the same place are not shown.
        view.navigation = session.preview != nil || house.doors.due(self) == nil ? house.doors.navigation(self) : []
        view.preview = session.preview.map(banner)
        view.unread = session.unread
        view.banner = support ?? (may(.seeConfiguration) ? house.tenants.problems(of: tenant.slug).first?.description : nil)
        return view
    }
}

extension Permission {
    /// Who is told that the company's configuration file was refused.
    public static let seeConfiguration = Permission("configuration:see")
}
