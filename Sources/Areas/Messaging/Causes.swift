import Database
import Faults
import Foundation
import Web

/// The fault or unit that a conversation is about, with those whom it concerns.
private struct Cause: Record {
    let label: String
    let people: [UUID]

    init(row: Row) throws {
        label = try row["label"]
        people = try row["people"]
    }

    static func fault(_ id: UUID, _ viewer: MessageViewer) -> Query<Cause?> {
        .first(
            """
            select f.number as label,
                   array(select distinct p from unnest(array[coalesce(f.on_behalf_of, f.reporter_id), f.assignee_id]) as p
                          where p <> \(viewer.member)) as people
              from app.fault f where f.tenant_id = \(viewer.tenant) and f.id = \(id)
            """)
    }

    /// Of units that the viewer may see: all of them, or where they live or own.
    static func unit(_ id: UUID, _ viewer: MessageViewer, seesAll: Bool) -> Query<Cause?> {
        let present: SQL = "o.since <= \(viewer.today) and coalesce(o.until >= \(viewer.today), true)"
        let own: SQL =
            seesAll
            ? SQL.empty
            : """
            and exists (select from app.occupancy o where o.tenant_id = u.tenant_id and o.unit_id = u.id and o.member_id = \(viewer.member)
                           and \(present))
            """
        return .first(
            """
            select b.name || ', ' || u.label as label,
                   array(select distinct o.member_id from app.occupancy o
                          where o.tenant_id = u.tenant_id and o.unit_id = u.id and o.member_id <> \(viewer.member) and \(present)) as people
              from app.unit u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
             where u.tenant_id = \(viewer.tenant) and u.id = \(id) \(own)
            """)
    }
}

extension MessageDesk {
    /// - Throws: 404 for what the viewer may not see.
    func cause(unit: UUID?, fault: UUID?) async throws -> ConversationCause {
        if let fault {
            let (isVisible, found) = try await context.read(FaultTopics.isVisible(fault, context), Cause.fault(fault, viewer))
            guard isVisible, let found else { throw Failure.notFound }
            return ConversationCause(fault: fault, label: found.label, people: found.people)
        }
        guard let unit else { return ConversationCause() }
        let seesAll = context.may(Permission("property:see"))
        let found = try await context.read(Cause.unit(unit, viewer, seesAll: seesAll))
        guard let found else { throw Failure.notFound }
        return ConversationCause(unit: unit, label: found.label, people: found.people)
    }
}
