import Foundation

/// Something to be done later, for the company in whose transaction it was enqueued. Its properties are its arguments.
///
/// Jobs run at least once: a handler has to be idempotent, or finish with `JobContext.write`.
public protocol Job: Codable, Sendable {
    /// The name in the queue, "faults.notify"; it outlives the Swift type's name.
    static var kind: String { get }
    static var retry: Retry { get }
    /// At most one job of a kind and key waits for its first try; another one enqueued meanwhile is dropped. 200 characters at
    /// most.
    var uniqueKey: String? { get }
}

extension Job {
    public static var retry: Retry { .standard }
    public var uniqueKey: String? { nil }
}

/// Something that has happened. Subscribers are told by jobs, in the same transaction.
public protocol Event: Codable, Sendable {
    /// "FaultReported".
    static var name: String { get }
    /// The row that it is about.
    var subject: UUID { get }
}

/// How often a job is tried, and how long it waits in between.
public struct Retry: Sendable, Equatable {
    /// Waits before the second, third, … try.
    public let waits: [Duration]

    /// Tries in all.
    public var tries: Int { waits.count + 1 }

    public init(waits: [Duration]) { self.waits = Array(waits.prefix(999)) }

    /// `first`, then twice as long each time.
    public init(tries: Int, first: Duration) {
        self.init(waits: (0..<max(0, min(tries - 1, 30))).map { first * (1 << $0) })
    }

    /// Three tries: 60 seconds × 2ⁿ.
    public static let standard = Retry(tries: 3, first: .seconds(60))
    /// One try.
    public static let never = Retry(waits: [])

    /// nil when that was the last try.
    func wait(after attempt: Int) -> Duration? { waits.indices.contains(attempt - 1) ? waits[attempt - 1] : nil }
}

extension Duration {
    public static func minutes(_ count: Int) -> Duration { .seconds(Int64(clamping: count) * 60) }
    public static func hours(_ count: Int) -> Duration { .seconds(Int64(clamping: count) * 3_600) }
    public static func days(_ count: Int) -> Duration { .seconds(Int64(clamping: count) * 86_400) }
}
