import Audit
import Database
import Foundation
import Jobs
import Web

/// One packing of a person's data.
package struct DataExport: Record, Sendable {
    enum State: String { case waiting, ready, expired }

    package let id: UUID
    let memberID: UUID
    let member: String
    let requesterID: UUID
    let requester: String
    let requestedAt: Date
    let readyAt: Date?
    let objectKey: String?
    let bytes: Int?
    let expiresAt: Date?

    package init(row: Row) throws {
        id = try row["id"]
        memberID = try row["member_id"]
        member = try row["member"]
        requesterID = try row["requested_by"]
        requester = try row["requester"]
        requestedAt = try row["requested_at"]
        readyAt = try row["ready_at"]
        objectKey = try row["object_key"]
        bytes = try row["bytes"]
        expiresAt = try row["expires_at"]
    }

    func state(at now: Date) -> State {
        guard let expiresAt else { return .waiting }
        return objectKey == nil || expiresAt <= now ? .expired : .ready
    }

    private static let select: SQL = """
        select e.*, m.name as member, r.name as requester
          from app.data_export e
          join app.member m on m.tenant_id = e.tenant_id and m.id = e.member_id
          join app.member r on r.tenant_id = e.tenant_id and r.id = e.requested_by
        """

    /// - Parameter member: whose it must be.
    static func find(_ id: UUID, of member: UUID, _ tenant: Int32) -> Query<DataExport> {
        .one("\(select) where e.tenant_id = \(tenant) and e.id = \(id) and e.member_id = \(member)")
    }

    static func pending(_ id: UUID, _ tenant: Int32) -> Query<DataExport?> {
        .first("\(select) where e.tenant_id = \(tenant) and e.id = \(id) and e.ready_at is null")
    }

    /// The newest first; one more than `size`.
    static func page(of member: UUID, _ cursor: Cursor, size: Int, _ tenant: Int32) -> Query<[DataExport]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and e.id < \(id)", "desc")
            case .before(let id): ("and e.id > \(id)", "asc")
            }
        return .many(
            """
            \(select) where e.tenant_id = \(tenant) and e.member_id = \(member) \(seek) order by e.id \(order) limit \(size + 1)
            """)
    }

    static func count(of member: UUID, _ tenant: Int32) -> Query<Int> {
        .value("select count(*) from app.data_export where tenant_id = \(tenant) and member_id = \(member)", Int.self)
    }
}

/// Asking for one's data, or somebody's. Each function is one transaction's worth.
struct DataExports {
    let tx: Tx

    /// How long a file can be fetched.
    static let life: TimeInterval = 7 * 86_400
    /// That one person's data are packed for, in a day.
    static let asking = RateLimit("data-export", 5, per: 86_400)

    /// One that is still being packed will do for another who asks.
    ///
    /// - Throws: 404, 409 for somebody whom nobody knows any more.
    func request(for member: UUID, by actor: UUID) async throws -> DataExport {
        let tenant = tx.facts.tenant
        let isKnown = try await tx.firstValue(
            "select anonymised_at is null from app.member where tenant_id = \(tenant) and id = \(member) for update", Bool.self)
        guard let isKnown else { throw Failure.notFound }
        guard isKnown else { throw Failure(.conflict, "anonymised", "Nobody knows any more who this person was") }
        let waiting = try await tx.firstValue(
            "select id from app.data_export where tenant_id = \(tenant) and member_id = \(member) and ready_at is null limit 1",
            UUID.self)
        if let waiting { return try await tx.query(DataExport.find(waiting, of: member, tenant)) }
        let id = UUID.v7(now: tx.facts.now)
        try await tx.execute(
            """
            insert into app.data_export(tenant_id, id, member_id, requested_by, requested_at)
            values (\(tenant), \(id), \(member), \(actor), \(tx.facts.now))
            """)
        try tx.audit("member.data_requested", "member", member)
        try tx.enqueue(PackData(export: id))
        return try await tx.query(DataExport.find(id, of: member, tenant))
    }

    /// Who took it away is in the log.
    func fetched(_ export: DataExport) throws {
        try tx.audit("member.data_fetched", "member", export.memberID)
    }
}
