import Audit
import Database
import Foundation
import Jobs
import Web

/// Something said about a fault, as its page shows it.
struct FaultComment: Record, Sendable {
    let id: UUID
    let at: Date
    /// Nil: the visitor who reported the fault.
    let authorID: UUID?
    let author: String?
    let body: String
    let isInternal: Bool

    init(row: Row) throws {
        id = try row["id"]
        at = try row["at"]
        authorID = try row["author_id"]
        author = try row["author"]
        body = try row["body"]
        isInternal = try row["internal"]
    }

    /// Oldest first; internal notes only for those who work for the company.
    static func of(_ key: FaultKey, _ viewer: FaultViewer) -> Query<[FaultComment]> {
        .many(
            """
            select c.id, c.at, c.author_id, m.name as author, c.body, c.internal
              from app.fault_comment c left join app.member m on m.tenant_id = c.tenant_id and m.id = c.author_id
             where c.tenant_id = \(viewer.tenant) and c.fault_id = \(key.id(viewer.tenant)) and c.withdrawn_at is null
                   \(viewer.isStaff ? SQL.empty : "and not c.internal")
             order by c.id
            """)
    }
}

extension Faults {
    /// Says something about a fault. Whoever is named with @ is told, if they may read it.
    ///
    /// - Throws: 403 for an internal note by a resident, 400 for a mentioned member who may not read it.
    func comment(on key: FaultKey, _ draft: CommentDraft) async throws -> (fault: Fault, comment: FaultComment) {
        let fault = try await find(key)
        guard viewer.mayComment(on: fault), viewer.isStaff || !draft.isInternal else { throw Failure.forbidden }
        let named = try await mentioned(in: draft, fault)
        let id = UUID.v7(now: now)
        try await write(draft, id, on: fault.id, named)
        try tx.publish(
            FaultCommented(fault: fault.id, comment: id, isInternal: draft.isInternal, mentioned: named, by: tx.facts.actor))
        try tx.audit(
            "fault.commented", "fault", fault.id, AuditChange(after: ["internal": draft.isInternal ? "true" : "false"]),
            onBehalfOf: viewer.behalf(on: fault))
        let comment = try await tx.one(
            """
            select c.id, c.at, c.author_id, m.name as author, c.body, c.internal
              from app.fault_comment c left join app.member m on m.tenant_id = c.tenant_id and m.id = c.author_id
             where c.tenant_id = \(viewer.tenant) and c.id = \(id)
            """, FaultComment.self)
        return (fault, comment)
    }

    private func write(_ draft: CommentDraft, _ id: UUID, on fault: UUID, _ named: [UUID]) async throws {
        try await tx.execute(
            """
            insert into app.fault_comment(tenant_id, id, fault_id, author_id, at, body, internal)
            values (\(viewer.tenant), \(id), \(fault), \(tx.facts.actor), \(now), \(draft.body), \(draft.isInternal))
            """)
        guard !named.isEmpty else { return }
        tx.atCommit(
            """
            insert into app.fault_mention(tenant_id, id, comment_id, fault_id, member_id)
            select \(viewer.tenant), n.id, \(id), \(fault), n.member
              from unnest(\(named.map { _ in UUID.v7(now: now) }), \(named)) as n(id, member)
            """)
    }

    private func mentioned(in draft: CommentDraft, _ fault: Fault) async throws -> [UUID] {
        guard viewer.visits == nil, draft.body.contains("@") || !draft.mentions.isEmpty else { return [] }
        let audience = try await tx.query(
            WorkerName.audience(of: fault, viewer.tenant, staff, isInternal: draft.isInternal, today))
        guard Set(draft.mentions).isSubset(of: audience.map(\.id)) else {
            throw Failure.refused([.init("mentions", .own("mention_invalid"))])
        }
        let inText = Mentions.find(in: draft.body, among: audience)
        return Array(Set(draft.mentions + inText).subtracting([viewer.member])).sorted { $0.text < $1.text }
    }
}

extension WorkerName {
    /// Whom a comment on the fault may name: staff; for a public one also those whom the fault concerns.
    fileprivate static func audience(
        of fault: Fault, _ tenant: Int32, _ staff: [String], isInternal: Bool, _ today: CalendarDate
    ) -> Query<[WorkerName]> {
        let concerned: SQL =
            isInternal
            ? SQL.empty
            : """
            or m.id = \(fault.behalfID ?? fault.reporterID) or m.id in (
              select o.member_id from app.occupancy o join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
               where o.tenant_id = \(tenant) and o.since <= \(today) and coalesce(o.until >= \(today), true)
                 and (o.unit_id = \(fault.unitID) or (\(fault.unitID)::uuid is null and u.building_id = \(fault.buildingID))))
            """
        return .many(
            """
            select m.id, m.name from app.member m
             where m.tenant_id = \(tenant) and m.disabled_at is null and (m.roles && \(staff) \(concerned)) order by m.name, m.id
            """)
    }
}

/// `@Jan Weber` in a text.
enum Mentions {
    /// Everybody whose name stands after an @. The longest name that fits counts; of two who bear it, both are meant.
    static func find(in text: String, among people: [WorkerName]) -> [UUID] {
        let byLength = people.sorted { $0.name.count > $1.name.count }
        var found: [UUID] = []
        // Nobody calls more than twenty people at once; a text of nothing but @ costs no more than that.
        for after in text.lowercased().split(separator: "@", omittingEmptySubsequences: false).dropFirst().prefix(20) {
            let fits = { (name: String) in
                let name = name.lowercased()
                return after.hasPrefix(name) && !(after.dropFirst(name.count).first?.isLetter ?? false)
            }
            guard let longest = byLength.first(where: { fits($0.name) })?.name.lowercased() else { continue }
            found += people.filter { $0.name.lowercased() == longest }.map(\.id)
        }
        return found
    }
}
