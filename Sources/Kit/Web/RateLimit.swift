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

    /// Counts one more for `subject` (a member, an address, a mail address).
    /// - Throws: 429 with the seconds until the window ends.
    public func spend(_ subject: String, _ walled: Walled, now: Date) async throws {
        let window = Int(now.timeIntervalSince1970) / seconds * seconds
        let used = try await walled.write { tx in
            // A count is worth no wait for the disk: a crash of Postgres may take those of its last moment.
            try await tx.batch(
                Query.value("select set_config('synchronous_commit', 'off', true)", String.self),
                Query.value(
                    """
                    insert into app.rate_limit(tenant_id, bucket, starts_at, count)
                    values (\(walled.facts.tenant), \(bucket(subject)), \(Date(timeIntervalSince1970: Double(window))), 1)
                    on conflict (tenant_id, bucket, starts_at) do update set count = app.rate_limit.count + 1 returning count
                    """, Int.self)
            ).1
        }
        guard used <= count else { throw Failure.rateLimited(seconds: max(1, window + seconds - Int(now.timeIntervalSince1970))) }
    }

    /// Whether `subject` has used up its window, without counting.
    public func isSpent(_ subject: String, _ walled: Walled, now: Date) async throws -> Bool {
        let window = Int(now.timeIntervalSince1970) / seconds * seconds
        let used = try await walled.read(
            Query.firstValue(
                """
                select count from app.rate_limit where tenant_id = \(walled.facts.tenant) and bucket = \(bucket(subject))
                   and starts_at = \(Date(timeIntervalSince1970: Double(window)))
                """, Int.self))
        return (used ?? 0) >= count
    }

    /// Seconds until the running window ends.
    public func remaining(now: Date) -> Int {
        seconds - Int(now.timeIntervalSince1970) % seconds
    }

    private func bucket(_ subject: String) -> String {
        "\(name):\(subject.prefix(200))"
    }
}
