import Database
import Foundation

extension DemoWriter {
    /// Long over: of sessions that are gone.
    func insertPreviews() -> SQL {
        let rows = records.looks
        return """
            insert into app.preview(tenant_id, id, viewer_id, member_id, session, reason, began_at, ends_at, ended_at)
            select \(tenant), id, viewer, member, id, reason, began, began + interval '30 minutes', ended
              from unnest(\(rows.map(\.id)), \(rows.map { records.members[$0.viewer].id }), \(rows.map { records.members[$0.member].id }),
                          \(rows.map(\.reason)), \(rows.map(\.beganAt)), \(rows.map(\.endedAt)))
                   as t(id, viewer, member, reason, began, ended)
            """
    }
}
