import Database
import Foundation
import Web

/// Whether somebody lives in a unit or owns it, for areas that bring people in.
package enum MovingIn: String, Sendable {
    case resident, owner

    /// Puts it on record from a day on, with audit line and event. Nothing happens where it stands there already on some later day,
    /// or the unit was archived meanwhile: a person who comes in is not turned away for that.
    ///
    /// - Returns: whether it was put on record.
    @discardableResult
    package func begin(_ unit: UUID, _ member: UUID, since: CalendarDate, _ tx: Tx) async throws -> Bool {
        let occupancies = Occupancies(tx: tx)
        try await occupancies.take(unit, evenArchived: true)
        let isPossible = try await tx.value(
            """
            select exists (select from app.unit where tenant_id = \(tx.facts.tenant) and id = \(unit) and archived_at is null)
               and not exists (select from app.occupancy where tenant_id = \(tx.facts.tenant) and unit_id = \(unit)
                                  and member_id = \(member) and kind = \(rawValue) and coalesce(until >= \(since), true))
            """, Bool.self)
        guard isPossible else { return false }
        _ = try await occupancies.insert(self == .owner ? .owner : .resident, unit, member, nil, since, nil)
        return true
    }
}
