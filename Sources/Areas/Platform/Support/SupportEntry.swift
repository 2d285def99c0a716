import Database
import Foundation
import HTML
import UI
import Web

/// One entry of somebody of the platform into a company: who, why, for how long, and how it ended.
struct SupportEntry: Record, Sendable {
    /// How long the link of an entry is good, once.
    static let linkLife: TimeInterval = 5 * 60

    enum End: String, Sendable {
        case time, `operator`, admin
    }

    /// The person's in the company, too.
    let id: UUID
    let operatorID: UUID
    let name: String
    let reason: String
    let mode: SupportMode
    let askedAt: Date
    let enteredAt: Date?
    let expiresAt: Date
    let endedAt: Date?
    let endedHow: End?
    /// The admin who ended it.
    let endedBy: String?

    init(row: Row) throws {
        id = try row["id"]
        operatorID = try row["operator"]
        name = try row["name"]
        reason = try row["reason"]
        mode = SupportMode(rawValue: try row["mode"]) ?? .look
        askedAt = try row["asked_at"]
        enteredAt = try row["entered_at"]
        expiresAt = try row["expires_at"]
        endedAt = try row["ended_at"]
        endedHow = (try row["ended_how"] as String?).flatMap(End.init)
        endedBy = try row["ended_by_name"]
    }

    func isOpen(_ now: Date) -> Bool { endedAt == nil && expiresAt > now }

    /// Whether the operator's link still leads in.
    func isLinkGood(_ now: Date) -> Bool {
        isOpen(now) && enteredAt == nil && now.timeIntervalSince(askedAt) < Self.linkLife
    }

    private static let select: SQL =
        """
        select e.id, e.operator, e.name, e.reason, e.mode, e.asked_at, e.entered_at, e.expires_at, e.ended_at, e.ended_how,
               m.name as ended_by_name
          from app.support_entry e left join app.member m on m.tenant_id = e.tenant_id and m.id = e.ended_by
        """

    /// The newest first; one more than `size`.
    static func page(_ tenant: Int32, _ cursor: Cursor, size: Int) -> Query<[SupportEntry]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and e.id < \(id)", "desc")
            case .before(let id): ("and e.id > \(id)", "asc")
            }
        return .many("\(select) where e.tenant_id = \(tenant) \(seek) order by e.id \(order) limit \(size + 1)")
    }

    static func count(_ tenant: Int32) -> Query<Int> {
        .value("select count(*) from app.support_entry where tenant_id = \(tenant)", Int.self)
    }

    static func find(_ id: UUID, _ tenant: Int32) -> Query<SupportEntry> {
        .one("\(select) where e.tenant_id = \(tenant) and e.id = \(id)")
    }
}

extension SupportEntry {
    func badge(_ language: Language, now: Date) -> Badge {
        let t = PlatformMessages(language).entry
        if let how = endedHow {
            return Badge(t.ended(how: how.rawValue, name: endedBy ?? ""), mark: .check)
        }
        guard isOpen(now) else { return Badge(t.ended(how: "time", name: ""), mark: .check) }
        return enteredAt == nil ? Badge(t.asked, tone: .info, mark: .ring) : Badge(t.inside, tone: .warn, mark: .dot)
    }
}

/// The link that leads an operator in: it follows from the installation's secret, so that it is kept nowhere.
enum EntryLink {
    static func token(_ entry: UUID, _ tenant: Int32, _ secret: Secret) -> String {
        secret.sign("support-entry", String(tenant), entry.text)
    }

    static func isGood(_ token: String, _ entry: UUID, _ tenant: Int32, _ secret: Secret) -> Bool {
        secret.verify(token, "support-entry", String(tenant), entry.text)
    }
}
