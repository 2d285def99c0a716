import Database
import Foundation
import Web

package enum InvitationState: String, Sendable, CaseIterable {
    case pending, accepted, revoked, expired
}

/// An invitation as its list shows it; its code is known to nobody but the recipient.
struct InvitationLine: Record, Sendable {
    let id: UUID
    let email: String
    let role: String
    let buildingID: UUID?
    let building: String?
    let unitID: UUID?
    let unit: String?
    let language: String?
    let inviterID: UUID
    let inviter: String
    let invitedAt: Date
    let sentAt: Date
    let expiresAt: Date
    let acceptedAt: Date?
    let acceptedBy: UUID?
    let revokedAt: Date?
    let sendings: Int
    /// What it goes with, when the office did not send it by itself.
    let occasion: String?

    init(row: Row) throws {
        id = try row["id"]
        email = try row["email"]
        role = try row["role"]
        buildingID = try row["building_id"]
        building = try row["building"]
        unitID = try row["unit_id"]
        unit = try row["unit"]
        language = try row["language"]
        inviterID = try row["invited_by"]
        inviter = try row["inviter"]
        invitedAt = try row["invited_at"]
        sentAt = try row["sent_at"]
        expiresAt = try row["expires_at"]
        acceptedAt = try row["accepted_at"]
        acceptedBy = try row["accepted_by"]
        revokedAt = try row["revoked_at"]
        sendings = Int(try row["sendings"] as Int32)
        occasion = try row["occasion"]
    }

    func state(at now: Date) -> InvitationState {
        if acceptedAt != nil { return .accepted }
        if revokedAt != nil { return .revoked }
        return expiresAt > now ? .pending : .expired
    }

    private static func select(_ invitations: SQL) -> SQL {
        """
        select i.*, b.name as building, u.label as unit, m.name as inviter
          from \(invitations) i
          join app.member m on m.tenant_id = i.tenant_id and m.id = i.invited_by
          left join app.building b on b.tenant_id = i.tenant_id and b.id = i.building_id
          left join app.unit u on u.tenant_id = i.tenant_id and u.id = i.unit_id
        """
    }

    static func find(_ id: UUID, _ tenant: Int32) -> Query<InvitationLine> {
        .one("\(select("app.invitation")) where i.tenant_id = \(tenant) and i.id = \(id)")
    }

    /// The invitation of a code, as long as the code works.
    static func pending(_ code: InvitationCode, _ tenant: Int32, now: Date) -> Query<InvitationLine?> {
        pending(with(code), tenant, now: now)
    }

    static func pending(_ condition: SQL, _ tenant: Int32, now: Date) -> Query<InvitationLine?> {
        .first(
            """
            \(select("app.invitation")) where i.tenant_id = \(tenant) and \(condition)
               and i.accepted_at is null and i.revoked_at is null and i.expires_at > \(now)
            """)
    }

    static func with(_ code: InvitationCode) -> SQL { "i.code_hash = \(code.hash)" }
    /// There is one open one at most.
    static func isFor(_ email: String) -> SQL { "i.email = \(email)" }

    /// Newest first; one more than `size`.
    static func page(_ condition: SQL, _ cursor: Cursor, size: Int) -> Query<[InvitationLine]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and i.id < \(id)", "desc")
            case .before(let id): ("and i.id > \(id)", "asc")
            }
        let lines: SQL = "(select * from app.invitation i where \(condition) \(seek) order by i.id \(order) limit \(size + 1))"
        return .many("\(select(lines)) order by i.id \(order)")
    }

    static func count(_ condition: SQL) -> Query<Int> {
        .value("select count(*) from app.invitation i where \(condition)", Int.self)
    }
}

/// What the list of invitations is narrowed down to.
struct InvitationFilter: Sendable {
    let words: String
    let state: InvitationState?
    let role: String?

    init(_ incoming: Incoming) {
        words = String((incoming.query.single("q") ?? "").trimmingCharacters(in: .whitespaces).prefix(100))
        state = incoming.query.single("state").flatMap(InvitationState.init(rawValue:))
        role = incoming.query.single("role").flatMap { $0.isEmpty ? nil : String($0.prefix(40)) }
    }

    var query: [(String, String)] {
        (words.isEmpty ? [] : [("q", words)]) + (role.map { [("role", $0)] } ?? [])
            + (state.map { [("state", $0.rawValue)] } ?? [])
    }

    func condition(_ tenant: Int32, now: Date) -> SQL {
        var parts: [SQL] = ["i.tenant_id = \(tenant)"]
        if !words.isEmpty { parts.append("position(lower(\(words)) in i.email) > 0") }
        if let role { parts.append("i.role = \(role)") }
        let open: SQL = "i.accepted_at is null and i.revoked_at is null"
        switch state {
        case nil: break
        case .pending: parts.append("\(open) and i.expires_at > \(now)")
        case .expired: parts.append("\(open) and i.expires_at <= \(now)")
        case .accepted: parts.append("i.accepted_at is not null")
        case .revoked: parts.append("i.revoked_at is not null")
        }
        return parts.joined(separator: " and ")
    }
}

struct InvitationJSON: Codable, Sendable {
    let id: String
    let email: String
    let role: String
    let state: String
    let buildingId: String?
    let building: String?
    let unitId: String?
    let unit: String?
    let language: String?
    let invitedBy: String
    let invitedAt: Date
    let sentAt: Date
    let expiresAt: Date
    let acceptedAt: Date?
    let acceptedBy: String?
    let revokedAt: Date?

    init(_ line: InvitationLine, now: Date) {
        id = line.id.text
        email = line.email
        role = line.role
        state = line.state(at: now).rawValue
        buildingId = line.buildingID?.text
        building = line.building
        unitId = line.unitID?.text
        unit = line.unit
        language = line.language
        invitedBy = line.inviterID.text
        invitedAt = line.invitedAt
        sentAt = line.sentAt
        expiresAt = line.expiresAt
        acceptedAt = line.acceptedAt
        acceptedBy = line.acceptedBy?.text
        revokedAt = line.revokedAt
    }
}
