import Database
import Foundation

/// Everything that recurs, once in the whole fleet.
public struct Schedule: Sendable {
    public struct Entry: Sendable {
        enum Work: Sendable {
            case job(@Sendable (Int32, Date) -> any Job)
            case fleet(@Sendable (Database, Date) async throws -> Void)
        }

        let name: String
        let recurrence: Recurrence
        let work: Work

        /// Enqueues a job for each company; `due` is the instant in its zone that it was due at.
        public static func perTenant(
            _ name: String, _ recurrence: Recurrence, _ job: @escaping @Sendable (_ tenant: Int32, _ due: Date) -> any Job
        ) -> Entry {
            Entry(name: name, recurrence: recurrence, work: .job(job))
        }

        /// Runs once for the whole fleet, in UTC, outside the wall: short chores. They run at least once, and again a minute
        /// after a failure.
        public static func fleet(
            _ name: String, _ recurrence: Recurrence,
            _ run: @escaping @Sendable (_ database: Database, _ due: Date) async throws -> Void
        ) -> Entry {
            Entry(name: name, recurrence: recurrence, work: .fleet(run))
        }
    }

    public let entries: [Entry]

    /// Names must differ.
    public init(_ entries: [Entry]) {
        precondition(Set(entries.map(\.name)).count == entries.count, "two schedules have the same name")
        self.entries = entries
    }

    /// The names, for whoever prints them.
    public var names: [String] { entries.map(\.name) }
}
