import Database
import Foundation
import Operations
import Web

/// What a list of faults is narrowed down to; every part comes from the address.
struct FaultFilter: Sendable {
    var states: [FaultState] = []
    var category: String?
    var building: UUID?
    var assignee: UUID?
    var unassigned = false
    var overdue = false
    /// How long ago it was reported.
    var age: FaultAge?
    var words: String?
}

extension FaultViewer {
    /// The rows that this viewer may see. Residents see what they reported, their units' faults and those of the common parts of
    /// their buildings, never their neighbours'.
    func visible(on today: CalendarDate) -> SQL {
        if seesAll { return "f.tenant_id = \(tenant)" }
        // Staff who were asked for advice in a comment may see what they are asked about.
        let asked: SQL =
            works
            ? "or f.id in (select n.fault_id from app.fault_mention n where n.tenant_id = \(tenant) and n.member_id = \(member))"
            : ""
        // Through a private link: that fault alone.
        if let visits { return "f.tenant_id = \(tenant) and f.id = \(visits)" }
        return """
            f.tenant_id = \(tenant) and (f.reporter_id = \(member) or f.assignee_id = \(member)
              or f.unit_id in (\(ownUnits("o.unit_id", today)))
              or (f.unit_id is null and f.building_id in (\(ownUnits("u.building_id", today)))) \(asked))
            """
    }

    private func ownUnits(_ column: SQL, _ today: CalendarDate) -> SQL {
        """
        select \(column) from app.occupancy o join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
         where o.tenant_id = \(tenant) and o.member_id = \(member) and o.since <= \(today) and coalesce(o.until >= \(today), true)
        """
    }

    func condition(_ filter: FaultFilter, now: Date, today: CalendarDate) -> SQL {
        var parts = [visible(on: today)]
        if !filter.states.isEmpty { parts.append("f.state = any(\(filter.states.map(\.rawValue)))") }
        if let category = filter.category { parts.append("f.category = \(category)") }
        if let building = filter.building { parts.append("f.building_id = \(building)") }
        if let assignee = filter.assignee { parts.append("f.assignee_id = \(assignee)") }
        if filter.unassigned { parts.append("f.assignee_id is null and f.state in ('reported', 'reopened')") }
        if filter.overdue { parts.append("f.due_at < \(now) and f.state not in ('resolved', 'closed', 'cancelled')") }
        if let age = filter.age { parts.append(age.condition(now: now)) }
        if let words = filter.words { parts.append("f.id in (select id from app.search_faults(\(words)))") }
        return parts.joined(separator: " and ")
    }
}

/// One row of the list.
package struct FaultLine: Record, Sendable {
    package let id: UUID
    package let number: String
    package let title: String
    package let category: String
    package let priority: FaultPriority
    package let state: FaultState
    package let building: String
    package let unit: String?
    package let assignee: String?
    package let reportedAt: Date
    package let dueAt: Date
    /// `member`, or `qr` when a visitor reported it.
    package let source: String

    package init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        title = try row["title"]
        category = try row["category"]
        priority = try row["priority"]
        state = try row["state"]
        building = try row["building"]
        unit = try row["unit"]
        assignee = try row["assignee"]
        reportedAt = try row["reported_at"]
        dueAt = try row["due_at"]
        source = try row["source"]
    }

    /// Newest first; one more than `size`, so that the page knows whether there is a next one.
    static func page(_ condition: SQL, _ cursor: Cursor, size: Int) -> Query<[FaultLine]> {
        .many(statement(condition, cursor, size: size))
    }

    /// - Parameter more: further columns, each with a comma before it.
    static func statement(_ condition: SQL, _ cursor: Cursor, size: Int, more: SQL = SQL.empty) -> SQL {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and f.id < \(id)", "desc")
            case .before(let id): ("and f.id > \(id)", "asc")
            }
        // Bound, the usual number would be unknown to a plan that is kept: Postgres then expects a tenth of all faults and reads
        // every unit of the company to name the flats of twenty.
        let limit: SQL = size == 20 ? "21" : "\(size + 1)"
        // The page is cut out first, so that the names of only its rows are looked up.
        return """
            select f.id, f.number, f.title, f.category, f.priority, f.state, b.name as building, u.label as unit,
                   m.name as assignee, f.reported_at, f.due_at, f.source \(more)
              from (select * from app.fault f where \(condition) \(seek) order by f.id \(order) limit \(limit)) f
              join app.building b on b.tenant_id = f.tenant_id and b.id = f.building_id
              left join app.unit u on u.tenant_id = f.tenant_id and u.id = f.unit_id
              left join app.member m on m.tenant_id = f.tenant_id and m.id = f.assignee_id
             order by f.id \(order)
            """
    }

    static func count(_ condition: SQL) -> Query<Int> {
        .value("select count(*) from app.fault f where \(condition)", Int.self)
    }
}

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

    /// Those of the faults that the viewer may see, in the order of their places.
    static func several(_ ids: [UUID], _ viewer: FaultViewer, today: CalendarDate) -> Query<[Fault]> {
        .many(
            "\(selected) where f.id = any(\(ids)) and \(viewer.visible(on: today)) order by b.name, u.label nulls first, f.id limit 50"
        )
    }

    private static let selected: SQL = """
        select f.id, f.number, f.title, f.description, f.category, f.priority, f.state, f.building_id, b.name as building,
               f.unit_id, u.label as unit, f.location_note, f.reporter_id, r.name as reporter, f.assignee_id, a.name as assignee,
               f.resolution, f.hold_reason, f.reported_at, f.due_at, f.state_at, f.resolved_at, f.closed_at, f.cost_minor,
               f.cost_currency, f.rating, f.rating_note, f.hold_until, d.original_id as duplicate_of, o.number as original,
               o.state as original_state, f.version
          from app.fault f
          join app.building b on b.tenant_id = f.tenant_id and b.id = f.building_id
          left join app.member r on r.tenant_id = f.tenant_id and r.id = f.reporter_id
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

/// One photo of a fault.
package struct FaultPhoto: Record, Sendable {
    package let id: UUID
    package let stage: String
    package let objectKey: String
    package let thumbKey: String
    package let width: Int
    package let height: Int
    /// Nil: a visitor's.
    package let addedByID: UUID?
    package let addedBy: String?
    package let addedAt: Date
    /// What was read on it; nil when there was nothing, or nobody has read it.
    package let words: String?

    package init(row: Row) throws {
        id = try row["id"]
        stage = try row["stage"]
        objectKey = try row["object_key"]
        thumbKey = try row["thumb_key"]
        width = try row["width"]
        height = try row["height"]
        addedByID = try row["added_by_id"]
        addedBy = try row["added_by"]
        addedAt = try row["added_at"]
        words = try row["words"]
    }

    private static let columns: SQL = """
        p.id, p.stage, p.object_key, p.thumb_key, p.width, p.height, p.added_by as added_by_id, m.name as added_by, p.added_at,
        nullif(p.words, '') as words
        """

    static func of(_ key: FaultKey, _ tenant: Int32) -> Query<[FaultPhoto]> {
        .many(
            """
            select \(columns) from app.fault_photo p left join app.member m on m.tenant_id = p.tenant_id and m.id = p.added_by
             where p.tenant_id = \(tenant) and p.fault_id = \(key.id(tenant)) order by p.id
            """)
    }

    /// What the spool has of it; asks for nobody's rights, so it travels behind `find`.
    static func waiting(_ id: UUID, _ tenant: Int32, thumbnail: Bool) -> Query<[UInt8]?> {
        let column: SQL = thumbnail ? "thumb_key" : "object_key"
        return BlobSpool.bytes(of: "select \(column) from app.fault_photo where tenant_id = \(tenant) and id = \(id)", tenant)
    }

    /// One photo, only if its fault is visible to the viewer.
    static func find(_ id: UUID, _ viewer: FaultViewer, today: CalendarDate) -> Query<FaultPhoto> {
        .one(
            """
            select \(columns) from app.fault_photo p left join app.member m on m.tenant_id = p.tenant_id and m.id = p.added_by
              join app.fault f on f.tenant_id = p.tenant_id and f.id = p.fault_id
             where p.tenant_id = \(viewer.tenant) and p.id = \(id) and \(viewer.visible(on: today))
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
