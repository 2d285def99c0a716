import Database
import Faults
import Foundation

/// What people said about faults, what the rules thought of them, and the outage of one house.
extension DemoWriter {
    func insertComments(_ comments: [DemoRecords.Comment]) -> SQL {
        """
        insert into app.fault_comment(tenant_id, id, fault_id, author_id, at, body, internal)
        select \(tenant), t.*
          from unnest(\(comments.map(\.id)), \(comments.map { records.faults[$0.fault].id }),
                      \(comments.map { records.members[$0.author].id }), \(comments.map(\.at)), \(comments.map(\.body)),
                      \(comments.map(\.isInternal))) as t
        """
    }

    /// A few seconds after each report, as the server would have.
    func insertSuggestions(_ faults: [DemoRecords.Fault]) -> SQL {
        let categories = Set(records.faults.map(\.report.category.key)).sorted()
        let said = faults.map { RulesSaid($0.report.title, $0.report.description, among: categories) }
        // Lists of lists are no values of Postgres' unnest: the words travel joined.
        return """
            insert into app.fault_suggestion(tenant_id, id, state, category, priority, tags, confidence, at)
            select \(tenant), t.id, 'done', t.category, t.priority, string_to_array(t.tags, ' '), t.confidence, t.at
              from unnest(\(faults.map(\.id)), \(said.map(\.category)), \(said.map(\.priority)),
                          \(said.map { $0.tags.joined(separator: " ") }), \(said.map(\.confidence)),
                          \(faults.map { $0.report.at.addingTimeInterval(8) })) as t(id, category, priority, tags, confidence, at)
            """
    }

    /// Declared, gathered, told, and joined by some who live there.
    func write(_ outage: DemoRecords.Outage, _ tx: Tx) async throws -> Int {
        let by = records.members[outage.declaredBy].id
        let told = try JSONBytes(encoding: [outage.language: outage.text])
        let none = JSONBytes(Array("{}".utf8))
        let entries: [(kind: String, note: String, texts: JSONBytes)] = [
            ("declared", outage.title, none), ("gathered", String(outage.faults.count), none), ("told", "declared", told)
        ]
        let times = entries.indices.map { outage.at.addingTimeInterval(Double($0) * 240) }
        let count = try await tx.execute(
            """
            insert into app.incident(tenant_id, id, number, title, category, building_id, since, expected_end, declared_by, declared_at)
            values (\(tenant), \(outage.id), \(outage.number), \(outage.title), \(outage.category),
                    \(records.buildings[outage.building].id), \(outage.at.addingTimeInterval(-3_600)),
                    \(outage.at.addingTimeInterval(86_400)), \(by), \(outage.at))
            """)
        _ = try await tx.batch(
            Query.execute(
                """
                insert into app.incident_fault(tenant_id, id, fault_id, incident_id, at, by_itself)
                select \(tenant), f, f, \(outage.id), \(outage.at), false from unnest(\(outage.faults.map { records.faults[$0].id })) f
                """),
            Query.execute(
                """
                insert into app.incident_member(tenant_id, incident_id, member_id, at)
                select \(tenant), \(outage.id), m, \(outage.at.addingTimeInterval(1_800))
                  from unnest(\(outage.joined.map { records.members[$0].id })) m on conflict do nothing
                """),
            Query.execute(
                """
                insert into app.incident_entry(tenant_id, id, incident_id, at, actor_id, kind, note, texts)
                select \(tenant), t.id, \(outage.id), t.at, \(by), t.kind, t.note, t.texts
                  from unnest(\(entries.indices.map { UUID.demo(at: times[$0], order: $0, "\(outage.id)/entry/\($0)") }), \(times),
                              \(entries.map(\.kind)), \(entries.map(\.note)), \(entries.map(\.texts))) as t(id, at, kind, note, texts)
                """),
            Query.execute(
                "insert into app.counter(tenant_id, kind, value) values (\(tenant), \("incident-\(outage.year)"), 1)"))
        return count
    }
}
