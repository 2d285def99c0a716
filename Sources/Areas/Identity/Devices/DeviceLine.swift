import Database
import Foundation
import HTML
import UI
import Web

/// A device in its list, with the token that it has now.
struct DeviceLine: Record, Sendable {
    let id: UUID
    let name: String
    let place: String?
    let scopes: [String]
    let maker: String
    let madeAt: Date
    let tokenAt: Date
    let expiresAt: Date
    let usedAt: Date?
    let address: String?
    let revokedAt: Date?

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        place = try row["place"]
        scopes = try row["scopes"]
        maker = try row["maker"]
        madeAt = try row["made_at"]
        tokenAt = try row["token_at"]
        expiresAt = try row["expires_at"]
        usedAt = try row["used_at"]
        address = try row["address"]
        revokedAt = try row["revoked_at"]
    }

    func state(at now: Date) -> TokenLine.State { revokedAt != nil ? .revoked : expiresAt <= now ? .expired : .active }

    private static func select(_ devices: SQL) -> SQL {
        """
        select d.id, m.name, d.place, d.made_at, m.disabled_at as revoked_at, b.name as maker, t.scopes, t.made_at as token_at,
               t.expires_at, u.used_at, u.address
          from \(devices) d
          join app.member m on m.tenant_id = d.tenant_id and m.id = d.id
          join app.member b on b.tenant_id = d.tenant_id and b.id = d.made_by
          join lateral (select scopes, made_at, expires_at from app.personal_token p
                         where p.tenant_id = d.tenant_id and p.member_id = d.id order by p.id desc limit 1) t on true
          left join lateral (select used_at, address from app.personal_token p
                              where p.tenant_id = d.tenant_id and p.member_id = d.id and p.used_at is not null
                              order by p.used_at desc limit 1) u on true
        """
    }

    /// The newest first; one more than `size`.
    static func page(_ cursor: Cursor, size: Int, _ tenant: Int32) -> Query<[DeviceLine]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and id < \(id)", "desc")
            case .before(let id): ("and id > \(id)", "asc")
            }
        let devices: SQL = "(select * from app.device where tenant_id = \(tenant) \(seek) order by id \(order) limit \(size + 1))"
        return .many("\(select(devices)) order by d.id \(order)")
    }

    static func count(_ tenant: Int32) -> Query<Int> {
        .value("select count(*) from app.device where tenant_id = \(tenant)", Int.self)
    }

    static func find(_ id: UUID, _ tenant: Int32) -> Query<DeviceLine> {
        .one("\(select("app.device")) where d.tenant_id = \(tenant) and d.id = \(id)")
    }

    static let head = [
        "name", "place", "scopes", "state", "made_by", "made_at", "token_at", "expires_at", "last_used_at", "address"
    ]

    func cells(at now: Date) -> [String] {
        [name, place ?? "", scopes.joined(separator: " "), state(at: now).rawValue, maker]
            + [madeAt, tokenAt, expiresAt].map { $0.formatted(.iso8601) } + [usedAt?.formatted(.iso8601) ?? "", address ?? ""]
    }
}

struct DeviceJSON: Codable, Sendable {
    let id: String
    let name: String
    let place: String?
    let scopes: [String]
    let state: String
    let createdBy: String
    let createdAt: Date
    let expiresAt: Date
    let lastUsedAt: Date?
    let lastAddress: String?
    /// Only in the answer that makes it.
    var token: String?

    init(_ line: DeviceLine, now: Date, token: String? = nil) {
        id = line.id.text
        name = line.name
        place = line.place
        scopes = line.scopes
        state = line.state(at: now).rawValue
        createdBy = line.maker
        createdAt = line.madeAt
        expiresAt = line.expiresAt
        lastUsedAt = line.usedAt
        lastAddress = line.address
        self.token = token
    }
}
