import Audit
import Database
import Foundation
import Web

/// Somebody who works on faults, with what they can do and where.
struct Technician: Record, Sendable {
    let id: UUID
    let name: String
    let load: Int
    /// Keys of categories.
    let skills: [String]
    let buildings: [UUID]

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        load = try row["load"]
        skills = try row["skills"]
        buildings = try row["buildings"]
    }

    /// Active members with one of the roles, by name. Companies have dozens of them, not thousands; the list is one page.
    static func all(_ tenant: Int32, _ workers: [String], only: UUID? = nil) -> Query<[Technician]> {
        let one: SQL = only.map { "and m.id = \($0)" } ?? SQL.empty
        return .many(
            """
            select m.id, m.name, \(openLoad) as load,
                   array(select s.category from app.technician_skill s
                          where s.tenant_id = m.tenant_id and s.member_id = m.id order by s.category) as skills,
                   array(select b.building_id from app.technician_building b
                          where b.tenant_id = m.tenant_id and b.member_id = m.id order by b.building_id) as buildings
              from app.member m
             where m.tenant_id = \(tenant) and m.disabled_at is null and m.roles && \(workers) \(one)
             order by m.name, m.id limit 1000
            """)
    }

    static let openLoad: SQL = """
        (select count(*) from app.fault f where f.tenant_id = m.tenant_id and f.assignee_id = m.id
            and f.state in ('assigned', 'in_progress', 'on_hold', 'reopened'))
        """

    /// Who gets a new fault: with the skill and the building, the fewest open faults, then longest without a new one.
    static func next(_ fault: Fault, _ tenant: Int32, _ workers: [String]) -> Query<UUID?> {
        .firstValue(
            """
            select m.id from app.member m
              join app.technician_skill s on s.tenant_id = m.tenant_id and s.member_id = m.id and s.category = \(fault.category)
              join app.technician_building b on b.tenant_id = m.tenant_id and b.member_id = m.id and b.building_id = \(fault.buildingID)
             where m.tenant_id = \(tenant) and m.disabled_at is null and m.roles && \(workers)
             order by \(openLoad), (select max(f.assigned_at) from app.fault f where f.tenant_id = m.tenant_id and f.assignee_id = m.id)
                      nulls first, m.id
             limit 1
            """, UUID.self)
    }
}

/// Says what a technician can do and where.
struct Technicians {
    let tx: Tx
    let workers: [String]

    /// - Throws: 404 when the member does not work on faults; 400 for a building that is not the company's.
    func equip(_ member: UUID, _ draft: TechnicianDraft) async throws -> Technician {
        let tenant = tx.facts.tenant
        guard let before = try await tx.query(Technician.all(tenant, workers, only: member)).first else { throw Failure.notFound }
        let (_, _, found) = try await tx.batch(
            Query.execute("delete from app.technician_skill where tenant_id = \(tenant) and member_id = \(member)"),
            Query.execute("delete from app.technician_building where tenant_id = \(tenant) and member_id = \(member)"),
            Query.execute(
                """
                insert into app.technician_building(tenant_id, id, member_id, building_id)
                select \(tenant), w.id, \(member), b.id from unnest(\(draft.buildings.map { _ in UUID.v7() }), \(draft.buildings)) as w(id, building)
                  join app.building b on b.tenant_id = \(tenant) and b.id = w.building
                """))
        guard found == draft.buildings.count else { throw Failure.refused([.init("buildings", .notFound)]) }
        try await tx.execute(
            """
            insert into app.technician_skill(tenant_id, id, member_id, category)
            select \(tenant), s.id, \(member), s.category from unnest(\(draft.skills.map { _ in UUID.v7() }), \(draft.skills)) as s(id, category)
            """)
        guard let after = try await tx.query(Technician.all(tenant, workers, only: member)).first else { throw Failure.notFound }
        try tx.audit("technician.changed", "member", member, AuditChange(before: before.trail, after: after.trail))
        return after
    }
}

extension Technician {
    fileprivate var trail: [String: String?] {
        ["skills": skills.joined(separator: ", "), "buildings": buildings.map(\.text).joined(separator: ", ")]
    }
}
