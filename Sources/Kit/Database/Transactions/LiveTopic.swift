import Foundation
import Synchronization

/// Something that people may be looking at and that changes: `faults`, `fault:12`.
public struct LiveTopic: Hashable, Sendable {
    /// At most 100 bytes: a name, and what is meant after a colon where there are several.
    public let text: String

    public init(_ text: String) { self.text = text }

    /// One of a kind: `fault:0193…`.
    public init(_ name: String, _ id: UUID) { text = "\(name):\(id.text)" }
}

extension Tx {
    /// Tells those who watch these topics (Kit/Live) that they changed, if and when this transaction is committed. Costs no round trip
    /// of its own.
    public func signal(_ topics: LiveTopic...) {
        guard !topics.isEmpty else { return }
        rider { Signals(database) }.topics.formUnion(topics)
    }
}

extension Database {
    /// What a topic is called outside this process: 16 bytes of HMAC-SHA256, the same on every node.
    public func tag(_ topic: LiveTopic, of tenant: Int32) -> UUID { tags.tag(topic.text, of: tenant) }
}

/// The topics of one transaction: one line that travels with COMMIT, and the bell after it.
private final class Signals: CommitRider {
    var topics: Set<LiveTopic> = []
    private let database: Database

    init(_ database: Database) { self.database = database }

    func statements(_ facts: TxFacts) -> [SQL] {
        let tags = topics.map { database.tag($0, of: facts.tenant) }
        return ["insert into jobs.signal(tenant_id, topics) values (\(facts.tenant), \(tags))"]
    }

    func committed() { database.doorbell.ring(database) }
}

/// Wakes those who read `jobs.signal`.
///
/// Not within the change's own transaction: Postgres lets transactions that notify commit only one after the other, each with its flush
/// to disk, which would end group commit for everything that pages show. This one changes nothing and flushes nothing. When a process
/// dies before it rings, the readers' own clock finds the lines.
final class Doorbell: Sendable {
    private enum State { case silent, ringing, ringingAgain }

    private let state = Mutex(State.silent)

    /// Rings that come while one is under way are one.
    func ring(_ database: Database) {
        let begins = state.withLock { state in
            defer { state = state == .silent ? .ringing : .ringingAgain }
            return state == .silent
        }
        guard begins else { return }
        Task {
            repeat {
                await database.ringOnce()
            } while state.withLock { state in
                defer { state = state == .ringingAgain ? .ringing : .silent }
                return state == .ringingAgain
            }
        }
    }
}

extension Database {
    fileprivate func ringOnce() async {
        let flight = Flight(["select pg_notify('live', '')"], isRead: true)
        await flight.fly { pool.send($0) }
    }
}

extension Database {
    /// Says something of the moment to whoever listens on the channel, in a transaction of its own. What cannot be said now is not said.
    ///
    /// - Parameter payload: at most 7,999 bytes; whoever may connect can hear it, so it is sealed (Kit/Secrets).
    public func notify(_ channel: String, _ payload: String) async {
        let flight = Flight(["select pg_notify(\(channel), \(payload))"], isRead: true)
        await flight.fly { pool.send($0) }
    }
}
