import Database
import Foundation
import Property
import Web

/// News or a document that a search found. Which ones the asker may read, the definer functions find out (0081, 0084).
struct FoundNews: Record, Sendable {
    let id: UUID
    let title: String
    /// News: how they begin. Documents: their folder and note.
    let detail: String
    let rank: Double
    let total: Int

    init(row: Row) throws {
        id = try row["id"]
        title = try row["title"]
        detail = try row["detail"]
        rank = try row["rank"]
        total = try row["total"]
    }

    static func announcements(_ asked: Asked, _ tenant: Int32, today: CalendarDate, everything: Bool) -> Query<[FoundNews]> {
        .many(
            """
            with found as materialized (
              select f.id, 1::real as rank from app.find_announcements(\(asked.words), \(today), \(everything), \(Int32(Asked.most))) f),
            \(asked.page)
            select p.id, a.title, left(a.body, 1000) as detail, p.rank::float8 as rank, p.total
              from page p join app.announcement a on a.tenant_id = \(tenant) and a.id = p.id order by p.rank desc, p.id desc
            """)
    }

    static func documents(_ asked: Asked, _ tenant: Int32, today: CalendarDate, everything: Bool) -> Query<[FoundNews]> {
        .many(
            """
            with found as materialized (
              select f.id, 1::real as rank from app.find_documents(\(asked.words), \(today), \(everything), \(Int32(Asked.most))) f),
            \(asked.page)
            select p.id, d.name as title, concat_ws(' · ', f.name, nullif(d.note, '')) as detail, p.rank::float8 as rank, p.total
              from page p join app.document d on d.tenant_id = \(tenant) and d.id = p.id
              left join app.folder f on f.tenant_id = d.tenant_id and f.id = d.folder_id
             order by p.rank desc, p.id desc
            """)
    }
}
