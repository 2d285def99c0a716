import Database
import Foundation
import Property

/// A fault that a search found.
struct FoundFault: Record, Sendable {
    let line: FaultLine
    let rank: Double
    let total: Int

    init(row: Row) throws {
        line = try FaultLine(row: row)
        rank = try row["rank"]
        total = try row["total"]
    }

    static func page(_ asked: Asked, _ viewer: FaultViewer, today: CalendarDate) -> Query<[FoundFault]> {
        .many(
            """
            with found as materialized (\(found(asked, viewer, today))), \(asked.page)
            select f.id, f.number, f.title, f.category, f.priority, f.state, b.name as building, u.label as unit,
                   m.name as assignee, f.reported_at, f.due_at, f.source, p.rank::float8 as rank, p.total
              from page p join app.fault f on f.tenant_id = \(viewer.tenant) and f.id = p.id
              join app.building b on b.tenant_id = f.tenant_id and b.id = f.building_id
              left join app.unit u on u.tenant_id = f.tenant_id and u.id = f.unit_id
              left join app.member m on m.tenant_id = f.tenant_id and m.id = f.assignee_id
             order by p.rank desc, p.id desc
            """)
    }

    /// Whoever sees all faults asks the index. Others see few, and those are looked through one by one, the newest first, so that
    /// what is not theirs takes no place among the hits.
    static func found(_ asked: Asked, _ viewer: FaultViewer, _ today: CalendarDate) -> SQL {
        if viewer.seesAll { return "select * from app.find_faults(\(asked.words), \(Int32(Asked.most)))" }
        return """
            select f.id, f.rank
              from (select f.id, case when f.number = upper(trim(\(asked.words))) then 3
                                      when not exists (
                                        select from regexp_split_to_table(trim(app.folded(\(asked.words))), '[[:space:]]+') w
                                         where position(w in app.folded(f.number || ' ' || f.title || ' ' || f.description)) = 0) then 1
                                      else app.likeness(\(asked.words), f.title) end::real as rank
                      from (select f.id, f.number, f.title, f.description from app.fault f
                             where \(viewer.visible(on: today)) order by f.id desc limit 2000) f) f
             where f.rank >= 0.45 order by f.rank desc, f.id desc limit \(Asked.most)
            """
    }
}
