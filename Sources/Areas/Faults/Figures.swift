import Database
import Foundation

/// Faults that are not over, counted by state, by category and by age, in one pass.
struct FaultTally: Record, Sendable {
    let state: FaultState?
    let category: String?
    let age: String?
    /// Open, and resolved but not yet confirmed.
    let all: Int
    let open: Int
    let late: Int

    init(row: Row) throws {
        state = try row["state"]
        category = try row["category"]
        age = try row["age"]
        all = try row["count"]
        open = try row["open"]
        late = try row["late"]
    }

    /// One row per state, then per category, then per age that occurs.
    static func all(_ condition: SQL, now: Date) -> Query<[FaultTally]> {
        .many(
            """
            select t.state, t.category, t.age, count(*) as count, count(*) filter (where t.state <> 'resolved') as open,
                   count(*) filter (where t.state <> 'resolved' and t.due_at < \(now)) as late
              from (select f.state, f.category, f.due_at, \(FaultAge.key(now: now)) as age
                      from app.fault f where \(condition) and f.state = any(\(FaultState.unfinished.map(\.rawValue)))) t
             group by grouping sets ((t.state), (t.category), (t.age))
            """)
    }

    /// One person's own unfinished faults by state.
    static func states(_ condition: SQL) -> Query<[FaultState: Int]> {
        let counts: Query<[(FaultState, Int)]> = .many(
            """
            select f.state, count(*) from app.fault f
             where \(condition) and f.state = any(\(FaultState.unfinished.map(\.rawValue))) group by f.state
            """
        ) { (try $0[at: 0], try $0[at: 1]) }
        return counts.map { Dictionary($0, uniquingKeysWith: +) }
    }
}

/// How long faults of a building waited for somebody's first act and for their resolution: median and 90th percentile in seconds;
/// nil where nothing was acted on yet.
struct ResponseTimes: Record, Sendable {
    /// Nil: all buildings together.
    let building: UUID?
    let name: String?
    let reported: Int
    let firstMedian: Double?
    let firstSlow: Double?
    let resolvedMedian: Double?
    let resolvedSlow: Double?

    init(row: Row) throws {
        building = try row["id"]
        name = try row["name"]
        reported = try row["reported"]
        firstMedian = try row["first_median"]
        firstSlow = try row["first_slow"]
        resolvedMedian = try row["resolved_median"]
        resolvedSlow = try row["resolved_slow"]
    }

    /// Faults that were reported in that time and not withdrawn: all together first, then by building, the busiest first.
    static func all(_ tenant: Int32, from: Date, until: Date) -> Query<[ResponseTimes]> {
        .many(
            """
            select b.id, b.name, count(*) as reported,
                   percentile_cont(0.5) within group (order by t.first) as first_median,
                   percentile_cont(0.9) within group (order by t.first) as first_slow,
                   percentile_cont(0.5) within group (order by t.resolved) as resolved_median,
                   percentile_cont(0.9) within group (order by t.resolved) as resolved_slow
              from (select f.tenant_id, f.building_id, extract(epoch from f.resolved_at - f.reported_at)::float8 as resolved,
                           (select extract(epoch from min(e.at) - f.reported_at)::float8 from app.fault_entry e
                             where e.tenant_id = f.tenant_id and e.fault_id = f.id
                               and e.kind in ('assigned', 'started', 'held', 'resolved')) as first
                      from app.fault f
                     where f.tenant_id = \(tenant) and f.reported_at >= \(from) and f.reported_at < \(until)
                       and f.state <> 'cancelled') t
              join app.building b on b.tenant_id = t.tenant_id and b.id = t.building_id
             group by grouping sets ((), (b.id, b.name)) having count(*) > 0
             order by grouping(b.id) desc, reported desc, b.name
            """)
    }
}

/// What one person resolved, by week.
struct WeekCount: Record, Sendable {
    let monday: CalendarDate
    let count: Int

    init(row: Row) throws {
        monday = try row["monday"]
        count = try row["count"]
    }

    /// Weeks of that zone, oldest first; those without any are left out.
    static func resolved(_ tenant: Int32, by member: UUID, since: Date, in zone: TimeZone) -> Query<[WeekCount]> {
        .many(
            """
            select date_trunc('week', e.at at time zone \(zone.identifier))::date as monday, count(*) as count
              from app.fault_entry e
             where e.tenant_id = \(tenant) and e.actor_id = \(member) and e.kind = 'resolved' and e.at >= \(since)
             group by 1 order by 1
            """)
    }
}
