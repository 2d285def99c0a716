import Database
import Foundation
import Property
import Tenancy
import Web

/// Whom news can be for.
enum Audience: String, CaseIterable, Sendable, SQLBindable, SQLDecodable {
    case company, building, entrance, unit, role

    /// The form's field that names them; nil for everybody.
    var field: String? {
        switch self {
        case .company: nil
        case .role: "roles"
        default: "\(rawValue)_ids"
        }
    }

    /// Whether the news `a` are for the member `m` on that day. `app.find_announcements` says the same for searches.
    static func reaches(on day: CalendarDate) -> SQL {
        """
        (a.audience = 'company' or a.audience = 'role' and a.roles && m.roles
          or exists (select from app.announcement_place p
                       join app.unit u on u.tenant_id = p.tenant_id
                        and (u.id = p.unit_id or u.entrance_id = p.entrance_id or u.building_id = p.building_id)
                       join app.occupancy o on o.tenant_id = u.tenant_id and o.unit_id = u.id
                      where p.tenant_id = a.tenant_id and p.announcement_id = a.id and o.member_id = m.id
                        and o.since <= \(day) and coalesce(o.until >= \(day), true)))
        """
    }

    /// People `m` who can be told of something.
    static func people(_ tenant: Int32) -> SQL {
        "m.tenant_id = \(tenant) and m.kind = 'person' and m.disabled_at is null"
    }
}

/// Who reads news, and which.
struct NewsReader: Sendable {
    let tenant: Int32
    let member: UUID
    /// Writes news, and sees all of them.
    let writes: Bool
    let today: CalendarDate
    let zone: TimeZone
    /// Whether what they read counts as read by them: not for whoever looks at their pages.
    let isInPerson: Bool

    init(_ context: MemberContext) {
        tenant = context.tenant.id
        member = context.memberID
        writes = context.may(.writeAnnouncements)
        today = context.today
        zone = context.tenant.timeZone
        isInPerson = context.session.preview == nil && context.session.support == nil && context.session.scopes == nil
    }

    /// Whether the news `a` are meant for the reader.
    var isMeant: SQL {
        "exists (select from app.member m where m.tenant_id = \(tenant) and m.id = \(member) and \(Audience.reaches(on: today)))"
    }

    /// Whether the reader lives in or owns that unit today.
    func lives(in unit: SQL) -> SQL {
        """
        exists (select from app.occupancy o where o.tenant_id = \(tenant) and o.unit_id = \(unit) and o.member_id = \(member)
                   and o.since <= \(today) and coalesce(o.until >= \(today), true))
        """
    }

    /// News `a` that the reader may open.
    var mayRead: SQL {
        writes
            ? "a.tenant_id = \(tenant)" : "a.tenant_id = \(tenant) and a.state in ('published', 'withdrawn') and \(isMeant)"
    }

    /// News `a` whose files and comments the reader may have: not those of what was withdrawn, but for whoever writes.
    var mayReadAll: SQL { writes ? mayRead : "\(mayRead) and a.state = 'published'" }
}

/// Places of an audience, as a form offers them.
struct PlaceChoice: Record, Sendable {
    let audience: Audience
    let id: UUID
    let name: String
    let building: String

    /// How many of a kind a form offers.
    static let most = 2000

    init(row: Row) throws {
        audience = try row["audience"]
        id = try row["id"]
        name = try row["name"]
        building = try row["building"]
    }

    /// - Parameter announcement: whose places stand first, so that its form has them all.
    static func all(_ tenant: Int32, chosenFor announcement: UUID?) -> Query<[PlaceChoice]> {
        func first(_ place: SQL) -> SQL {
            guard let announcement else { return SQL.empty }
            return """
                \(place) in (select unnest(array[p.building_id, p.entrance_id, p.unit_id]) from app.announcement_place p
                               where p.tenant_id = \(tenant) and p.announcement_id = \(announcement)) desc nulls last,
                """
        }
        return .many(
            """
            (select 'building' as audience, b.id, b.name, '' as building from app.building b
              where b.tenant_id = \(tenant) and b.archived_at is null order by \(first("b.id")) b.name, b.id limit \(most))
            union all
            (select 'entrance', e.id, e.name, b.name from app.entrance e
               join app.building b on b.tenant_id = e.tenant_id and b.id = e.building_id
              where e.tenant_id = \(tenant) and e.archived_at is null and b.archived_at is null
              order by \(first("e.id")) b.name, e.name, e.id limit \(most))
            union all
            (select 'unit', u.id, u.label, b.name from app.unit u
               join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
              where u.tenant_id = \(tenant) and u.archived_at is null and b.archived_at is null
              order by \(first("u.id")) b.name, u.floor, u.label, u.id limit \(most))
            """)
    }
}
