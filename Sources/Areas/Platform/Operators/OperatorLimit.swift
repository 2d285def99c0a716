import Database
import Foundation
import Web

/// At most `count` times per `seconds`, as `RateLimit`, but outside every company.
struct OperatorLimit: Sendable {
    let name: String
    let count: Int
    let seconds: Int

    init(_ name: String, _ count: Int, per seconds: Int) {
        (self.name, self.count, self.seconds) = (name, count, seconds)
    }

    /// Counts one more.
    /// - Throws: 429 once there were too many.
    func spend(_ subject: String, _ context: PlatformContext) async throws {
        let used = try await context.write { tx in
            try await tx.value(
                """
                insert into platform.rate_limit(bucket, starts_at, count) values (\(bucket(subject)), \(window(context.now)), 1)
                on conflict (bucket, starts_at) do update set count = platform.rate_limit.count + 1 returning count
                """, Int.self)
        }
        guard used <= count else { throw refusal(context.now) }
    }

    /// - Throws: 429 when the window is used up; counts nothing.
    func check(_ subject: String, _ context: PlatformContext) async throws {
        let used = try await context.write { tx in
            try await tx.firstValue(
                "select count from platform.rate_limit where bucket = \(bucket(subject)) and starts_at = \(window(context.now))",
                Int.self)
        }
        guard (used ?? 0) < count else { throw refusal(context.now) }
    }

    func forget(_ subject: String, _ tx: Tx) async throws {
        try await tx.execute("delete from platform.rate_limit where bucket = \(bucket(subject))")
    }

    private func refusal(_ now: Date) -> Failure {
        .rateLimited(seconds: max(1, seconds - Int(now.timeIntervalSince1970) % seconds))
    }

    private func window(_ now: Date) -> Date {
        Date(timeIntervalSince1970: Double(Int(now.timeIntervalSince1970) / seconds * seconds))
    }

    private func bucket(_ subject: String) -> String { "\(name):\(subject.prefix(200))" }
}
