import Database
import Foundation

extension Fault {
    /// By id or by number, among what the viewer may see.
    static func find(_ key: FaultKey, _ viewer: FaultViewer, today: CalendarDate, lock: Bool = false) -> Query<Fault> {
        let match: SQL =
            switch key {
            case .id(let id): "f.id = \(id)"
            case .number(let number): "f.number = \(number)"
            }
        let locked: SQL = lock ? "for update of f" : SQL.empty
        return .one("\(selected) where \(match) and \(viewer.visible(on: today)) \(locked)")
    }

    /// Whether the viewer may see it.
    static func isVisible(_ id: UUID, _ viewer: FaultViewer, today: CalendarDate) -> Query<Bool> {
        .value(
            "select exists (select from app.fault f where f.tenant_id = \(viewer.tenant) and f.id = \(id) and \(viewer.visible(on: today)))"
        )
    }

    /// Those of the faults that the viewer may see, in the order of their places.
    static func several(_ ids: [UUID], _ viewer: FaultViewer, today: CalendarDate) -> Query<[Fault]> {
        several([viewer.visible(on: today), "f.id = any(\(ids))"].joined(separator: " and "), most: ids.count)
    }

    /// Those of a list, in the order of their places.
    static func several(_ condition: SQL, most: Int) -> Query<[Fault]> {
        .many("\(selected) where \(condition) order by b.name, u.label nulls first, f.id limit \(most)")
    }

    private static let selected: SQL = """
        select f.id, f.number, f.title, f.description, f.category, f.priority, f.state, f.building_id, b.name as building,
               f.unit_id, u.label as unit, f.location_note, f.reporter_id, r.name as reporter, f.on_behalf_of, p.name as behalf, f.assignee_id, a.name as assignee,
               f.resolution, f.hold_reason, f.reported_at, f.due_at, f.state_at, f.resolved_at, f.closed_at, f.cost_minor,
               f.cost_currency, f.rating, f.rating_note, f.hold_until, d.original_id as duplicate_of, o.number as original,
               o.state as original_state, f.version
          from app.fault f
          join app.building b on b.tenant_id = f.tenant_id and b.id = f.building_id
          left join app.member r on r.tenant_id = f.tenant_id and r.id = f.reporter_id
          left join app.member p on p.tenant_id = f.tenant_id and p.id = f.on_behalf_of
          left join app.unit u on u.tenant_id = f.tenant_id and u.id = f.unit_id
          left join app.member a on a.tenant_id = f.tenant_id and a.id = f.assignee_id
          left join app.fault_duplicate d on d.tenant_id = f.tenant_id and d.fault_id = f.id
          left join app.fault o on o.tenant_id = d.tenant_id and o.id = d.original_id
        """
}

/// How an address names a fault: programs by id, people by number.
enum FaultKey: Sendable {
    case id(UUID)
    case number(String)

    init(_ text: String) {
        self = UUID(uuidString: text).map(FaultKey.id) ?? .number(text)
    }
}

/// One entry of a fault's timeline.
package struct FaultEntry: Record, Sendable {
    package let at: Date
    package let actorID: UUID?
    package let actor: String?
    package let kind: String
    package let from: FaultState?
    package let to: FaultState
    package let note: String
    package let facts: JSONBytes

    package init(row: Row) throws {
        at = try row["at"]
        actorID = try row["actor_id"]
        actor = try row["actor"]
        kind = try row["kind"]
        from = try row["from_state"]
        to = try row["to_state"]
        note = try row["note"]
        facts = try row["facts"]
    }

    /// Oldest first; by number or id, so that it can travel with the fault itself.
    static func of(_ key: FaultKey, _ tenant: Int32) -> Query<[FaultEntry]> {
        .many(
            """
            select e.at, e.actor_id, m.name as actor, e.kind, e.from_state, e.to_state, e.note, e.facts
              from app.fault_entry e left join app.member m on m.tenant_id = e.tenant_id and m.id = e.actor_id
             where e.tenant_id = \(tenant) and e.fault_id = \(key.id(tenant)) order by e.id
            """)
    }
}

extension FaultKey {
    func id(_ tenant: Int32) -> SQL {
        switch self {
        case .id(let id): "\(id)"
        case .number(let number): "(select id from app.fault where tenant_id = \(tenant) and number = \(number))"
        }
    }
}
