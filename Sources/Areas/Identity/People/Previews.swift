import Audit
import Database
import Forms
import Foundation
import Web

/// Looking at somebody's pages as they see them. Each function is one transaction's worth.
struct Previews {
    let tx: Tx

    static let life: TimeInterval = 30 * 60

    private var tenant: Int32 { tx.facts.tenant }

    /// From the next request on, this session shows the pages of the other one.
    ///
    /// - Throws: 404, 403 for somebody who may do more than the viewer, 409 for oneself and for somebody who cannot come in.
    func begin(_ member: UUID, _ draft: PreviewDraft, by viewer: Session, _ desk: RoleDesk) async throws -> PreviewLine {
        let standing = try await tx.query(Standing.find(member, tenant))
        guard member != viewer.memberID else { throw Failure.notYourself }
        guard desk.mayTouch(standing.roles) else { throw Failure.forbidden }
        guard !standing.isDisabled else { throw Failure.memberDisabled }
        let (id, now) = (UUID.v7(now: tx.facts.now), tx.facts.now)
        // One that ran out by itself makes room.
        try await tx.execute(
            """
            update app.preview set ended_at = least(ends_at, \(now))
             where tenant_id = \(tenant) and session = \(viewer.id) and ended_at is null
            """)
        try await tx.execute(
            """
            insert into app.preview(tenant_id, id, viewer_id, member_id, session, reason, began_at, ends_at)
            values (\(tenant), \(id), \(viewer.memberID), \(member), \(viewer.id), \(draft.reason), \(now),
                    \(now.addingTimeInterval(Self.life)))
            """)
        let line = try await tx.query(PreviewLine.find(id, tenant))
        try tx.audit(
            "member.seen_as", "member", member,
            AuditChange(after: ["reason": draft.reason, "until": line.endsAt.formatted(.iso8601)]))
        try tx.publish(PreviewBegun(preview: id, viewer: viewer.memberID, member: member))
        return line
    }

    func end(_ preview: Preview) async throws {
        let member = try await tx.firstValue(
            """
            update app.preview set ended_at = \(tx.facts.now)
             where tenant_id = \(tenant) and id = \(preview.id) and ended_at is null returning member_id
            """, UUID.self)
        if let member { try tx.audit("member.seen_as_ended", "member", member) }
    }
}

/// Why somebody looks.
struct PreviewDraft: Sendable {
    let reason: String

    init(_ form: inout FormReader) {
        reason = form.text("reason", .required, .min(5), .max(500), .lines)
    }
}

/// Who looked at whose pages, when and why.
package struct PreviewLine: Record, Sendable {
    package let id: UUID
    package let viewer: String
    package let memberID: UUID
    package let member: String
    package let reason: String
    package let beganAt: Date
    package let endsAt: Date
    package let endedAt: Date?

    package init(row: Row) throws {
        id = try row["id"]
        viewer = try row["viewer"]
        memberID = try row["member_id"]
        member = try row["member"]
        reason = try row["reason"]
        beganAt = try row["began_at"]
        endsAt = try row["ends_at"]
        endedAt = try row["ended_at"]
    }

    /// When it was over, or will be.
    package var end: Date { endedAt ?? endsAt }

    private static let select: SQL = """
        select p.id, v.name as viewer, p.member_id, m.name as member, p.reason, p.began_at, p.ends_at, p.ended_at
          from app.preview p
          join app.member v on v.tenant_id = p.tenant_id and v.id = p.viewer_id
          join app.member m on m.tenant_id = p.tenant_id and m.id = p.member_id
        """

    static func find(_ id: UUID, _ tenant: Int32) -> Query<PreviewLine> {
        .one("\(select) where p.tenant_id = \(tenant) and p.id = \(id)")
    }

    /// Of one person's pages, the newest first; one more than `size`.
    static func page(of member: UUID, _ cursor: Cursor, size: Int, _ tenant: Int32) -> Query<[PreviewLine]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and p.id < \(id)", "desc")
            case .before(let id): ("and p.id > \(id)", "asc")
            }
        return .many(
            """
            \(select) where p.tenant_id = \(tenant) and p.member_id = \(member) \(seek) order by p.id \(order) limit \(size + 1)
            """)
    }

    static func count(of member: UUID, _ tenant: Int32) -> Query<Int> {
        .value("select count(*) from app.preview where tenant_id = \(tenant) and member_id = \(member)", Int.self)
    }
}

struct PreviewJSON: Codable, Sendable {
    let id: String
    let viewer: String
    let memberId: String
    let member: String
    let reason: String
    let beganAt: Date
    let endsAt: Date

    init(_ line: PreviewLine) {
        id = line.id.text
        viewer = line.viewer
        memberId = line.memberID.text
        member = line.member
        reason = line.reason
        beganAt = line.beganAt
        endsAt = line.end
    }
}

extension Failure {
    static let memberDisabled = Failure(.conflict, "member_disabled", "This person cannot come in, so there is nothing to see")
}
