import Audit
import Database
import Foundation
import Notifications
import Tenancy
import Web

enum ApplicantState: String, Sendable, CaseIterable {
    case unverified, waiting, granted, refused, registered
}

/// Somebody who registered by themselves.
struct ApplicantLine: Record, Sendable {
    let id: UUID
    let name: String
    let email: String
    let phone: String?
    let requestedRole: String?
    let createdAt: Date
    let verifiedAt: Date?
    let memberID: UUID?
    let granted: Bool?

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        email = try row["email"]
        phone = try row["phone"]
        requestedRole = try row["requested_role"]
        createdAt = try row["created_at"]
        verifiedAt = try row["verified_at"]
        memberID = try row["member_id"]
        granted = try row["granted"]
    }

    var state: ApplicantState {
        if verifiedAt == nil { return .unverified }
        if let granted { return granted ? .granted : .refused }
        return requestedRole == nil ? .registered : .waiting
    }

    private static let select: SQL =
        "select id, name, email, phone, requested_role, created_at, verified_at, member_id, granted from app.registration r"

    /// Newest first; one more than `size`.
    static func page(_ condition: SQL, _ cursor: Cursor, size: Int) -> Query<[ApplicantLine]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and r.id < \(id)", "desc")
            case .before(let id): ("and r.id > \(id)", "asc")
            }
        return .many("\(select) where \(condition) \(seek) order by r.id \(order) limit \(size + 1)")
    }

    static func count(_ condition: SQL) -> Query<Int> {
        .value("select count(*) from app.registration r where \(condition)", Int.self)
    }

    static func locked(_ id: UUID, _ tenant: Int32) -> Query<ApplicantLine> {
        .one("\(select) where r.tenant_id = \(tenant) and r.id = \(id) for update")
    }
}

struct ApplicantFilter: Sendable {
    let words: String
    let state: ApplicantState?

    init(_ incoming: Incoming) {
        words = String((incoming.query.single("q") ?? "").trimmingCharacters(in: .whitespaces).prefix(100))
        state = incoming.query.single("state").flatMap(ApplicantState.init(rawValue:))
    }

    var query: [(String, String)] {
        (words.isEmpty ? [] : [("q", words)]) + (state.map { [("state", $0.rawValue)] } ?? [])
    }

    func condition(_ tenant: Int32) -> SQL {
        var parts: [SQL] = ["r.tenant_id = \(tenant)"]
        if !words.isEmpty { parts.append("position(lower(\(words)) in lower(r.name || ' ' || r.email)) > 0") }
        switch state {
        case nil: break
        case .unverified: parts.append("r.verified_at is null")
        case .waiting: parts.append("r.verified_at is not null and r.requested_role is not null and r.decided_at is null")
        case .granted: parts.append("r.granted")
        case .refused: parts.append("not r.granted")
        case .registered: parts.append("r.verified_at is not null and r.requested_role is null")
        }
        return parts.joined(separator: " and ")
    }
}

/// Deciding about what somebody asked for.
struct Applications {
    let tx: Tx
    let office: Office

    /// - Throws: 404, 403 for a role that the decider could not give, 409 when it is decided already.
    func decide(_ id: UUID, grant: Bool, by member: UUID) async throws -> ApplicantLine {
        let tenant = office.tenant.id
        let line = try await tx.query(ApplicantLine.locked(id, tenant))
        guard line.state == .waiting, let role = line.requestedRole, let applicant = line.memberID else { throw Failure.decided }
        guard office.mayGive(role) else { throw Failure.forbidden }
        if grant {
            try await tx.execute(
                """
                update app.member set roles = roles || \(role), version = version + 1
                 where tenant_id = \(tenant) and id = \(applicant) and not \(role) = any(roles)
                """)
        }
        try await tx.execute(
            """
            update app.registration set decided_at = \(tx.facts.now), decided_by = \(member), granted = \(grant)
             where tenant_id = \(tenant) and id = \(id)
            """)
        try tx.audit(
            grant ? "member.role_granted" : "member.role_refused", "member", applicant, AuditChange(after: ["roles": role]))
        try await tx.notify(
            [applicant],
            Notice(
                grant ? "role.granted" : "role.refused", path: "/dashboard", facts: [:], dedupeKey: "role-decided:\(id.text)"))
        return try await tx.query(ApplicantLine.locked(id, tenant))
    }
}

extension Failure {
    static let decided = Failure(.conflict, "already_decided", "There is nothing to decide here")
}

struct ApplicantJSON: Codable, Sendable {
    let id: String
    let name: String
    let email: String
    let phone: String?
    let requestedRole: String?
    let state: String
    let userId: String?
    let registeredAt: Date

    init(_ line: ApplicantLine) {
        id = line.id.text
        name = line.name
        email = line.email
        phone = line.phone
        requestedRole = line.requestedRole
        state = line.state.rawValue
        userId = line.memberID?.text
        registeredAt = line.createdAt
    }
}
