import Database
import Foundation

/// At most `count` times per `seconds`, counted in Postgres in fixed windows, so it holds across nodes.
public struct RateLimit: Sendable {
    public let name: String
    public let count: Int
    public let seconds: Int

    public init(_ name: String, _ count: Int, per seconds: Int) {
        self.name = name
        self.count = count
        self.seconds = seconds
    }

    /// Counts one more for `subject` (a member, an address, a mail address), in a transaction of its own: what is refused later counts too.
    /// - Throws: 429 with the seconds until the window ends.
    public func spend(_ subject: String, _ walled: Walled, now: Date) async throws {
        // Thrown behind the transaction, which would not keep the count otherwise.
        let used = try await walled.write { tx in
            // A count is worth no wait for the disk: a crash of Postgres may take those of its last moment.
            try await tx.batch(
                Query.value("select set_config('synchronous_commit', 'off', true)", String.self),
                counting(subject, walled.facts.tenant, now: now)
            ).1
        }
        try check(used, now: now)
    }

    /// The same as part of the transaction that does what is counted; what is not done does not count.
    public func spending(_ subject: String, _ tenant: Int32, now: Date) -> Query<Void> {
        counting(subject, tenant, now: now).map { used in try check(used, now: now) }
    }

    /// Whether `subject` has used up its window, without counting.
    public func isSpent(_ subject: String, _ walled: Walled, now: Date) async throws -> Bool {
        let used = try await walled.read(
            Query.firstValue(
                """
                select count from app.rate_limit where tenant_id = \(walled.facts.tenant) and bucket = \(bucket(subject))
                   and starts_at = \(window(now))
                """, Int.self))
        return (used ?? 0) >= count
    }

    /// Without counting.
    /// - Throws: 429 when `subject` has used up its window.
    public func requireRest(_ subject: String, _ walled: Walled, now: Date) async throws {
        if try await isSpent(subject, walled, now: now) { throw Failure.rateLimited(seconds: remaining(now: now)) }
    }

    private func counting(_ subject: String, _ tenant: Int32, now: Date) -> Query<Int> {
        Query.value(
            """
            insert into app.rate_limit(tenant_id, bucket, starts_at, count)
            values (\(tenant), \(bucket(subject)), \(window(now)), 1)
            on conflict (tenant_id, bucket, starts_at) do update set count = app.rate_limit.count + 1 returning count
            """, Int.self)
    }

    private func check(_ used: Int, now: Date) throws {
        guard used <= count else { throw Failure.rateLimited(seconds: remaining(now: now)) }
    }

    /// When the running window began.
    private func window(_ now: Date) -> Date {
        Date(timeIntervalSince1970: Double(Int(now.timeIntervalSince1970) / seconds * seconds))
    }

    /// Seconds until the running window ends.
    private func remaining(now: Date) -> Int {
        seconds - Int(now.timeIntervalSince1970) % seconds
    }

    private func bucket(_ subject: String) -> String {
        "\(name):\(subject.prefix(200))"
    }
}
