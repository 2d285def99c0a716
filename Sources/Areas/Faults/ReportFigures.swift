import Database
import Foundation

/// What happened in a span of time, counted from the timelines: in all, by category, by building or by day.
struct ReportCount: Record, Sendable {
    let category: String?
    let building: UUID?
    let buildingName: String?
    let day: CalendarDate?
    let opened: Int
    let resolved: Int
    let closed: Int
    let reopened: Int
    let cancelled: Int

    init(row: Row) throws {
        category = try row["category"]
        building = try row["building_id"]
        buildingName = try row["building"]
        day = try row["day"]
        opened = try row["opened"]
        resolved = try row["resolved"]
        closed = try row["closed"]
        reopened = try row["reopened"]
        cancelled = try row["cancelled"]
    }

    var isTotal: Bool { category == nil && building == nil && day == nil }

    static func all(_ tenant: Int32, from: Date, until: Date, in zone: TimeZone) -> Query<[ReportCount]> {
        .many(
            """
            select t.category, t.building_id, t.building, t.day, count(*) filter (where t.kind = 'reported') as opened,
                   count(*) filter (where t.kind = 'resolved') as resolved,
                   count(*) filter (where t.kind in ('confirmed', 'closed')) as closed,
                   count(*) filter (where t.kind = 'reopened') as reopened,
                   count(*) filter (where t.kind = 'cancelled') as cancelled
              from (select f.category, f.building_id, b.name as building, (e.at at time zone \(zone.identifier))::date as day, e.kind
                      from app.fault_entry e
                      join app.fault f on f.tenant_id = e.tenant_id and f.id = e.fault_id
                      join app.building b on b.tenant_id = f.tenant_id and b.id = f.building_id
                     where e.tenant_id = \(tenant) and e.at >= \(from) and e.at < \(until)) t
             group by grouping sets ((), (t.category), (t.building_id, t.building), (t.day))
             order by opened desc, t.category, t.building, t.day
            """)
    }
}

/// A fault that was open at the end of the span.
struct LongOpen: Record, Sendable {
    let number: String
    let title: String
    let building: String
    let unit: String?
    let reportedAt: Date
    let state: FaultState
    /// How many there were, this one included.
    let all: Int

    init(row: Row) throws {
        number = try row["number"]
        title = try row["title"]
        building = try row["building"]
        unit = try row["unit"]
        reportedAt = try row["reported_at"]
        state = try row["state"]
        all = try row["count"]
    }

    static let shown = 10

    /// The oldest first; the state is the one that it had then.
    static func at(_ moment: Date, _ tenant: Int32) -> Query<[LongOpen]> {
        .many(
            """
            select t.number, t.title, b.name as building, u.label as unit, t.reported_at, t.state_then as state, t.count
              from (select s.*, count(*) over () as count
                      from (select f.*, (select e.to_state from app.fault_entry e
                                          where e.tenant_id = f.tenant_id and e.fault_id = f.id and e.at < \(moment)
                                          order by e.id desc limit 1) as state_then
                              from app.fault f where f.tenant_id = \(tenant) and f.reported_at < \(moment)) s
                     where s.state_then not in ('resolved', 'closed', 'cancelled')
                     order by s.reported_at, s.id limit \(shown)) t
              join app.building b on b.tenant_id = t.tenant_id and b.id = t.building_id
              left join app.unit u on u.tenant_id = t.tenant_id and u.id = t.unit_id
             order by t.reported_at, t.id
            """)
    }
}

/// Numbers of a span that no timeline tells.
struct ReportFacts: Record, Sendable {
    /// Deadlines in the span that passed before the fault was resolved.
    let overdue: Int
    /// The company's first report ever; nil when there is none.
    let first: Date?

    init(row: Row) throws {
        overdue = try row["overdue"]
        first = try row["first"]
    }

    static func all(_ tenant: Int32, from: Date, until: Date, now: Date) -> Query<ReportFacts> {
        .one(
            """
            select (select count(*) from app.fault f
                     where f.tenant_id = \(tenant) and f.due_at >= \(from) and f.due_at < \(until) and f.state <> 'cancelled'
                       and coalesce(f.resolved_at > f.due_at, f.due_at < \(now))) as overdue,
                   (select min(f.reported_at) from app.fault f where f.tenant_id = \(tenant)) as first
            """)
    }
}

/// What faults that were resolved in the span cost, by currency; none where no costs are noted.
struct ReportCost: Record, Sendable {
    let currency: String
    let minor: Int64
    let faults: Int

    init(row: Row) throws {
        currency = try row["currency"]
        minor = try row["minor"]
        faults = try row["faults"]
    }

    static func all(_ tenant: Int32, from: Date, until: Date) -> Query<[ReportCost]> {
        .many(
            """
            select f.cost_currency as currency, least(sum(f.cost_minor), 9000000000000000000)::bigint as minor, count(*) as faults
              from app.fault f
             where f.tenant_id = \(tenant) and f.resolved_at >= \(from) and f.resolved_at < \(until)
               and f.cost_minor > 0 and f.cost_currency is not null
             group by f.cost_currency order by f.cost_currency
            """)
    }
}
