import Database
import Foundation
import Web

package enum DelegationState: String, CaseIterable, Sendable, SQLBindable, SQLDecodable {
    case pending, accepted, declined, revoked, expired

    package var isOpen: Bool { self == .pending || self == .accepted }
}

/// A delegation with the names that pages print.
package struct DelegationLine: Record, Sendable {
    package let id: UUID
    package let unitID: UUID
    package let unit: String
    package let building: String
    package let delegatorID: UUID
    package let delegator: String
    /// Nil: offered to an address that nobody had.
    package let delegateID: UUID?
    package let delegateName: String?
    /// Where the offer went.
    package let email: String
    package let rights: [DelegationRight]
    package let noted: DelegationState
    package let tokenHash: [UInt8]
    package let sendings: Int
    package let invitationID: UUID?
    package let offeredAt: Date
    package let sentAt: Date
    package let expiresAt: Date?
    package let acceptedAt: Date?
    package let endedAt: Date?
    /// `term` or `ownership`, when it expired.
    package let endedWhy: String?
    /// Whoever lent it owns the unit today.
    package let isOwned: Bool

    package init(row: Row) throws {
        id = try row["id"]
        unitID = try row["unit_id"]
        unit = try row["unit"]
        building = try row["building"]
        delegatorID = try row["delegator_id"]
        delegator = try row["delegator"]
        delegateID = try row["delegate_id"]
        delegateName = try row["delegate"]
        email = try row["email"]
        rights = try row["rights"]
        noted = try row["state"]
        tokenHash = try row["token_hash"]
        sendings = Int(try row["sendings"] as Int32)
        invitationID = try row["invitation_id"]
        offeredAt = try row["offered_at"]
        sentAt = try row["sent_at"]
        expiresAt = try row["expires_at"]
        acceptedAt = try row["accepted_at"]
        endedAt = try row["ended_at"]
        endedWhy = try row["ended_why"]
        isOwned = try row["is_owned"]
    }

    /// As it is, whether or not the nightly job has noted that it is over.
    package func state(at now: Date) -> DelegationState {
        guard noted.isOpen else { return noted }
        return isOwned && expiresAt.map { $0 > now } ?? true ? noted : .expired
    }

    /// The delegate's name is nobody's business before they have accepted: whoever offers knows an address alone.
    package var delegate: String { acceptedAt == nil ? email : delegateName ?? email }

    package var place: String { "\(building), \(unit)" }

    // MARK: Reading

    private static func select(_ delegations: SQL, _ today: CalendarDate) -> SQL {
        """
        select d.*, u.label as unit, b.name as building, o.name as delegator, m.name as delegate,
               \(Delegated.owned(on: today)) as is_owned
          from \(delegations) d
          join app.unit u on u.tenant_id = d.tenant_id and u.id = d.unit_id
          join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
          join app.member o on o.tenant_id = d.tenant_id and o.id = d.delegator_id
          left join app.member m on m.tenant_id = d.tenant_id and m.id = d.delegate_id
        """
    }

    package static func find(_ id: UUID, _ tenant: Int32, today: CalendarDate, lock: Bool = false) -> Query<DelegationLine> {
        .one(
            """
            \(select("app.delegation", today)) where d.tenant_id = \(tenant) and d.id = \(id)
            \(lock ? "for update of d" : SQL.empty)
            """)
    }

    /// Those that are open on a unit, the newest first.
    package static func open(on unit: UUID, _ tenant: Int32, today: CalendarDate) -> Query<[DelegationLine]> {
        .many(
            """
            \(select("app.delegation", today)) where d.tenant_id = \(tenant) and d.unit_id = \(unit)
               and d.state in ('pending', 'accepted') order by d.id desc limit 50
            """)
    }

    /// Newest first; one more than `size`.
    package static func page(_ condition: SQL, _ cursor: Cursor, size: Int, today: CalendarDate) -> Query<[DelegationLine]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and d.id < \(id)", "desc")
            case .before(let id): ("and d.id > \(id)", "asc")
            }
        let rows: SQL = "(select * from app.delegation d where \(condition) \(seek) order by d.id \(order) limit \(size + 1))"
        return .many("\(select(rows, today)) order by d.id \(order)")
    }

    package static func count(_ condition: SQL) -> Query<Int> {
        .value("select count(*) from app.delegation d where \(condition)", Int.self)
    }
}
