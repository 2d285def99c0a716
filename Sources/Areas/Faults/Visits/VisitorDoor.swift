import Database
import Web

/// The way in for what strangers hand in: a role that inserts and reads nothing (migration 0027). The server proves at its start that
/// it is so.
package struct VisitorDoor: Sendable {
    private let database: Database

    /// - Parameter database: signed in as `portico_visitor`.
    package init(_ database: Database) {
        self.database = database
    }

    func write<T>(_ context: TenantContext, _ body: (Tx) async throws -> T) async throws -> T {
        defer { context.house.kept.forget(context.tenant.id) }
        return try await database.tenant(context.visit.facts).write(body)
    }
}
