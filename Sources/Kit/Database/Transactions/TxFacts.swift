import Foundation
import Synchronization

/// Who does something, where and when: what a transaction knows besides SQL.
public struct TxFacts: Sendable {
    public var tenant: Int32
    /// The member who acts; nil when it is the system itself.
    public var actor: UUID?
    /// Of the request or job that this belongs to; it goes on into jobs, audit lines and logs.
    public var requestID: String
    /// The network address of the person.
    public var address: String?
    /// The time of the act, for the domain. The ticket's expiry goes by the real clock.
    public var now: Date
    /// Kind of the job that acts, in the name of the actor; nil when people do it themselves.
    public var job: String?
    public let meter: Meter

    public init(
        tenant: Int32, actor: UUID? = nil, requestID: String = "", address: String? = nil, now: Date = Date(),
        job: String? = nil, meter: Meter = Meter()
    ) {
        self.tenant = tenant
        self.actor = actor
        self.requestID = requestID
        self.address = address
        self.now = now
        self.job = job
        self.meter = meter
    }
}

/// Counts what a request costs.
public final class Meter: Sendable {
    private let trips = Atomic<Int>(0)
    private let sent = Atomic<Int>(0)

    public init() {}

    /// Round trips to Postgres.
    public var roundTrips: Int { trips.load(ordering: .relaxed) }
    /// Statements in them, those for transaction and ticket included.
    public var statements: Int { sent.load(ordering: .relaxed) }

    func count(statements: Int) {
        trips.add(1, ordering: .relaxed)
        sent.add(statements, ordering: .relaxed)
    }
}
