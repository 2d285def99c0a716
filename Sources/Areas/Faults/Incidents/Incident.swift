import Database
import Foundation
import HTML
import Web

enum IncidentState: String, SQLBindable, SQLDecodable, CaseIterable, Sendable {
    case open, resolved
}

/// An outage of a whole building or entrance.
struct Incident: Record, Sendable {
    let id: UUID
    let number: String
    let title: String
    let category: String
    let buildingID: UUID
    let building: String
    let entranceID: UUID?
    let entrance: String?
    let state: IncidentState
    let since: Date
    let expectedEnd: Date?
    let declaredAt: Date
    let resolvedAt: Date?
    let resolution: String?
    let version: Int
    /// How many faults it has gathered, and how many people said "me too".
    let faults: Int
    let joined: Int
    /// The asker is one of them.
    let hasJoined: Bool

    init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        title = try row["title"]
        category = try row["category"]
        buildingID = try row["building_id"]
        building = try row["building"]
        entranceID = try row["entrance_id"]
        entrance = try row["entrance"]
        state = try row["state"]
        since = try row["since"]
        expectedEnd = try row["expected_end"]
        declaredAt = try row["declared_at"]
        resolvedAt = try row["resolved_at"]
        resolution = try row["resolution"]
        version = try row["version"]
        faults = try row["faults"]
        joined = try row["joined"]
        hasJoined = try row["has_joined"]
    }

    var path: WebPath { "/incidents/\(number)" }

    private static func select(_ incidents: SQL, _ viewer: FaultViewer) -> SQL {
        """
        select i.id, i.number, i.title, i.category, i.building_id, b.name as building, i.entrance_id, e.name as entrance, i.state,
               i.since, i.expected_end, i.declared_at, i.resolved_at, i.resolution, i.version,
               (select count(*) from app.incident_fault g where g.tenant_id = i.tenant_id and g.incident_id = i.id) as faults,
               (select count(*) from app.incident_member m where m.tenant_id = i.tenant_id and m.incident_id = i.id) as joined,
               exists (select from app.incident_member m where m.tenant_id = i.tenant_id and m.incident_id = i.id
                          and m.member_id = \(viewer.member)) as has_joined
          from \(incidents) i join app.building b on b.tenant_id = i.tenant_id and b.id = i.building_id
          left join app.entrance e on e.tenant_id = i.tenant_id and e.id = i.entrance_id
        """
    }

    /// By id or by number, among what the viewer may see.
    static func find(_ key: FaultKey, _ viewer: FaultViewer, today: CalendarDate, lock: Bool = false) -> Query<Incident> {
        let match: SQL =
            switch key {
            case .id(let id): "i.id = \(id)"
            case .number(let number): "i.number = \(number)"
            }
        let locked: SQL = lock ? "for update of i" : SQL.empty
        return .one("\(select("app.incident", viewer)) where \(match) and \(viewer.visibleIncidents(on: today)) \(locked)")
    }

    /// Newest first; one more than `size`.
    static func page(_ condition: SQL, _ cursor: Cursor, size: Int, _ viewer: FaultViewer) -> Query<[Incident]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and i.id < \(id)", "desc")
            case .before(let id): ("and i.id > \(id)", "asc")
            }
        let rows: SQL = "(select * from app.incident i where \(condition) \(seek) order by i.id \(order) limit \(size + 1))"
        return .many("\(select(rows, viewer)) order by i.id \(order)")
    }

    static func count(_ condition: SQL) -> Query<Int> {
        .value("select count(*) from app.incident i where \(condition)", Int.self)
    }

    /// What is out now at the viewer's own places; nothing for those who look after all of them.
    static func atHome(_ viewer: FaultViewer, today: CalendarDate) -> Query<[Incident]> {
        guard !viewer.seesAll else { return .known([]) }
        let condition: SQL = "\(viewer.concernsHome(on: today)) and i.state = 'open'"
        return page(condition, .first, size: 4, viewer).map { Array($0.prefix(4)) }
    }

    /// The open outage that a report at that place and of that category belongs to, if the viewer may know of it.
    static func open(for draft: FaultDraft, _ viewer: FaultViewer, today: CalendarDate) -> Query<[Incident]> {
        let condition = [covering(draft, viewer.tenant), viewer.visibleIncidents(on: today)].joined(separator: " and ")
        return page(condition, .first, size: 1, viewer).map { Array($0.prefix(1)) }
    }

    /// `i` is open and covers the report's place and category.
    static func covering(_ draft: FaultDraft, _ tenant: Int32) -> SQL {
        """
        i.tenant_id = \(tenant) and i.state = 'open' and i.category = \(draft.category)
          and i.building_id = coalesce(\(draft.building), (select u.building_id from app.unit u
                                                            where u.tenant_id = \(tenant) and u.id = \(draft.unit)))
          and (i.entrance_id is null
               or i.entrance_id = (select u.entrance_id from app.unit u where u.tenant_id = \(tenant) and u.id = \(draft.unit)))
        """
    }
}

extension FaultViewer {
    /// Staff see every outage; others those of the places where they live or own.
    func visibleIncidents(on today: CalendarDate) -> SQL {
        isStaff ? "i.tenant_id = \(tenant)" : concernsHome(on: today)
    }

    func concernsHome(on today: CalendarDate) -> SQL {
        """
        i.tenant_id = \(tenant) and exists (
          select from app.occupancy o join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
           where o.tenant_id = \(tenant) and o.member_id = \(member) and o.since <= \(today) and coalesce(o.until >= \(today), true)
             and u.building_id = i.building_id and (i.entrance_id is null or u.entrance_id = i.entrance_id))
        """
    }
}

/// An outage by its name, for the page of a fault.
struct IncidentLink: Record, Sendable {
    let number: String
    let title: String

    init(row: Row) throws {
        number = try row["number"]
        title = try row["title"]
    }

    static func of(_ key: FaultKey, _ tenant: Int32) -> Query<IncidentLink?> {
        .first(
            """
            select i.number, i.title from app.incident_fault g
              join app.incident i on i.tenant_id = g.tenant_id and i.id = g.incident_id
             where g.tenant_id = \(tenant) and g.fault_id = \(key.id(tenant))
            """)
    }
}

/// One entry of an outage's history.
struct IncidentEntry: Record, Sendable {
    let at: Date
    let actor: String?
    let kind: String
    let note: String
    /// What was sent, by language.
    let texts: [String: String]

    init(row: Row) throws {
        at = try row["at"]
        actor = try row["actor"]
        kind = try row["kind"]
        note = try row["note"]
        texts = try (row["texts"] as JSONBytes).decode([String: String].self)
    }

    /// Oldest first. Those who do not work for the company read what concerns them: what was told, and how it began and ended.
    static func of(_ key: FaultKey, _ viewer: FaultViewer) -> Query<[IncidentEntry]> {
        let told: SQL = viewer.isStaff ? SQL.empty : "and e.kind in ('declared', 'told', 'resolved', 'reopened')"
        return .many(
            """
            select e.at, m.name as actor, e.kind, e.note, e.texts
              from app.incident_entry e left join app.member m on m.tenant_id = e.tenant_id and m.id = e.actor_id
             where e.tenant_id = \(viewer.tenant) and e.incident_id = \(key.incidentID(viewer.tenant)) \(told) order by e.id
            """)
    }
}

extension FaultKey {
    func incidentID(_ tenant: Int32) -> SQL {
        switch self {
        case .id(let id): "\(id)"
        case .number(let number): "(select id from app.incident where tenant_id = \(tenant) and number = \(number))"
        }
    }
}

extension FaultLine {
    /// What the outage has gathered; newest first.
    static func gathered(_ key: FaultKey, _ tenant: Int32) -> Query<[FaultLine]> {
        page(
            """
            f.tenant_id = \(tenant) and f.id in (
              select g.fault_id from app.incident_fault g where g.tenant_id = \(tenant) and g.incident_id = \(key.incidentID(tenant)))
            """, .first, size: Incidents.most - 1)
    }

    /// Open faults of a place and category that no outage has gathered yet; newest first.
    static func fitting(building: SQL, entrance: SQL, category: SQL, _ tenant: Int32) -> Query<[FaultLine]> {
        page(
            """
            f.tenant_id = \(tenant) and f.state = any(\(FaultState.open.map(\.rawValue))) and f.building_id = \(building)
              and f.category = \(category)
              and (\(entrance) is null or f.unit_id is null
                   or f.unit_id in (select u.id from app.unit u where u.tenant_id = \(tenant) and u.entrance_id = \(entrance)))
              and not exists (select from app.incident_fault g where g.tenant_id = \(tenant) and g.fault_id = f.id)
            """, .first, size: 99)
    }

    /// The same for an outage that is on record.
    static func fitting(_ key: FaultKey, _ tenant: Int32) -> Query<[FaultLine]> {
        let of = { (column: SQL) in
            "(select i.\(column) from app.incident i where i.tenant_id = \(tenant) and i.id = \(key.incidentID(tenant)))" as SQL
        }
        return fitting(building: of("building_id"), entrance: of("entrance_id"), category: of("category"), tenant)
    }
}
