import Database
import Foundation

extension DemoWriter {
    /// None of these devices exists: what is sealed is nothing that could be opened, so that nothing is sent anywhere and the first message
    /// forgets them.
    func insertPushDevices() -> SQL {
        let rows = records.pushDevices
        return """
            insert into app.push_registration(tenant_id, id, member_id, kind, hash, sealed, label, made_at, last_ok_at)
            select \(tenant), id, member, 'web', sha256(convert_to('demo ' || id, 'UTF8')), convert_to('demo', 'UTF8'), label, made, reached
              from unnest(\(rows.map(\.id)), \(rows.map { records.members[$0.member].id }), \(rows.map(\.label)),
                          \(rows.map(\.madeAt)), \(rows.map(\.reachedAt))) as t(id, member, label, made, reached)
            """
    }
}
