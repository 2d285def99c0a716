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

    /// News `a` that the reader may open.
    var mayRead: SQL {
        writes
            ? "a.tenant_id = \(tenant)" : "a.tenant_id = \(tenant) and a.state in ('published', 'withdrawn') and \(isMeant)"
    }
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

    static func all(_ tenant: Int32) -> Query<[PlaceChoice]> {
        .many(
            """
            (select 'building' as audience, b.id, b.name, '' as building from app.building b
              where b.tenant_id = \(tenant) and b.archived_at is null order by b.name, b.id limit \(most))
            union all
            (select 'entrance', e.id, e.name, b.name from app.entrance e
               join app.building b on b.tenant_id = e.tenant_id and b.id = e.building_id
              where e.tenant_id = \(tenant) and e.archived_at is null and b.archived_at is null order by b.name, e.name, e.id limit \(most))
            union all
            (select 'unit', u.id, u.label, b.name from app.unit u
               join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
              where u.tenant_id = \(tenant) and u.archived_at is null and b.archived_at is null
              order by b.name, u.floor, u.label, u.id limit \(most))
            """)
    }
}
