import Logging
import Synchronization
import Threads

/// The live tenants of this process: found by host in constant time, reloaded without a request noticing.
///
/// A file that is wrong changes nothing: its tenant keeps the last good configuration, `problems` says what is wrong, and the
/// log says it once. Readers take one reference under a lock that is held for a few nanoseconds; what they took never changes.
public final class Tenants: Sendable {
    /// Gives a slug its number, the same one for ever; asked once per slug and process.
    public typealias Register = @Sendable (_ slug: String) async throws -> Int32

    let root: String
    let rules: TenantRules
    let settle: Duration
    let logger: Logger
    let register: Register
    let turns = Turns()
    /// Writing waits for the disk.
    let disk = BoundedThreads(name: "tenant-files", count: 1)
    private let current: Mutex<TenantSnapshot>

    /// Empty until the first `reload()`.
    ///
    /// - Parameter settle: how long a file must be untouched before it is believed; half-written files can be valid YAML.
    public init(
        root: String, rules: TenantRules, settle: Duration = .milliseconds(200), logger: Logger, register: @escaping Register
    ) {
        self.root = root
        self.rules = rules
        self.settle = settle
        self.logger = logger
        self.register = register
        current = Mutex(TenantSnapshot(tenants: [], files: [:], problems: [], stamp: nil, isUnfinished: true))
    }

    /// The tenant of a request's Host, with or without port and trailing dot, in any case; nil: answer 404.
    public func lookup(host: String) -> Tenant? {
        let byHost = snapshot.byHost
        if let tenant = byHost[host] { return tenant }
        return HostName.normalised(host).flatMap { byHost[$0] }
    }

    public func tenant(_ slug: String) -> Tenant? { snapshot.bySlug[slug] }

    /// For jobs, which carry the number.
    public func tenant(id: Int32) -> Tenant? { snapshot.byID[id] }

    /// By slug.
    public var all: [Tenant] { snapshot.tenants }

    /// What is wrong now, of all tenants.
    public var problems: [TenantProblem] { snapshot.problems }

    /// What is wrong with one tenant's folder; not empty means that its last good configuration is live. For its admins.
    public func problems(of slug: String) -> [TenantProblem] { snapshot.problems.filter { $0.tenant == slug } }

    var snapshot: TenantSnapshot { current.withLock { $0 } }

    func publish(_ next: TenantSnapshot) { current.withLock { $0 = next } }
}

/// Lets one reload after the other run, in the order they were asked for.
actor Turns {
    private var last: Task<Void, Never>?

    func take<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
        let before = last
        let task = Task {
            await before?.value
            return await work()
        }
        last = Task { _ = await task.value }
        return await task.value
    }
}
