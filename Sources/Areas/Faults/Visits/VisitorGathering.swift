import Database
import Foundation
import Tenancy
import UI
import Web

extension TellAboutFault {
    /// A visitor's report about a place that has an outage of that kind is part of it, as a resident's is (`Faults.report`). Done by the
    /// worker, because the role that takes the report in sees no outages.
    func gather(_ tx: Tx) async throws {
        try await tx.execute(
            """
            insert into app.incident_fault(tenant_id, id, fault_id, incident_id, at, by_itself)
            select f.tenant_id, \(UUID.v7(now: tx.facts.now)), f.id, i.id, f.reported_at, true
              from app.fault f
              join app.fault_visitor v on v.tenant_id = f.tenant_id and v.id = f.id
              join app.report_code c on c.tenant_id = v.tenant_id and c.id = v.code_id
              join app.incident i on i.tenant_id = f.tenant_id and i.building_id = f.building_id and i.category = f.category
                                 and (i.entrance_id is null or i.entrance_id = c.entrance_id)
             where f.tenant_id = \(tx.facts.tenant) and f.id = \(fault) and f.state not in ('closed', 'cancelled')
               and i.state = 'open' and i.declared_at <= f.reported_at
               and not exists (select from app.incident_fault g where g.tenant_id = f.tenant_id and g.fault_id = f.id)
             order by i.id desc limit 1 on conflict do nothing
            """)
    }
}

/// An open outage, as everybody before the house may know it.
struct KnownOutageLine: Record, Sendable {
    let title: String
    let since: Date
    let expectedEnd: Date?

    init(row: Row) throws {
        title = try row["title"]
        since = try row["since"]
        expectedEnd = try row["expected_end"]
    }

    /// Of the code's own entrance and the whole building; a code for the whole building knows those of all entrances.
    static func at(_ code: ReportCode, _ tenant: Int32) -> Query<[KnownOutageLine]> {
        .many(
            """
            select i.title, i.since, i.expected_end
              from app.incident i join app.report_code c on c.tenant_id = i.tenant_id and c.building_id = i.building_id
             where i.tenant_id = \(tenant) and c.id = \(code.id) and i.state = 'open'
               and (i.entrance_id is null or c.entrance_id is null or i.entrance_id = c.entrance_id)
             order by i.id desc limit 5
            """)
    }
}

/// What is known at a sheet's place: outages, and open faults of the common parts.
struct KnownThere: Sendable {
    let outages: [KnownOutageLine]
    let faults: [KnownLine]
}
