import Database
import Foundation

extension DemoWriter {
    private func member(_ index: Int?) -> UUID? { index.map { records.members[$0].id } }

    func insertFaults(_ faults: [DemoRecords.Fault]) -> SQL {
        let reports = faults.map(\.report)
        let standings = faults.map(\.standing)
        let units = reports.map { report in report.unit.map { records.units[$0].id } }
        return """
            insert into app.fault(tenant_id, id, number, title, description, category, priority, state, building_id, unit_id,
                                  location_note, reporter_id, assignee_id, resolution, hold_reason, reported_at, due_at, state_at,
                                  resolved_at, closed_at, version, source)
            select \(tenant), t.*
              from unnest(\(faults.map(\.id)), \(faults.map(\.number)), \(reports.map(\.title)), \(reports.map(\.description)),
                          \(reports.map(\.category.key)), \(standings.map(\.priority.rawValue)), \(standings.map(\.state.rawValue)),
                          \(reports.map { records.buildings[$0.building].id }), \(units), \(reports.map(\.locationNote)),
                          \(faults.map { isVisit($0.id) ? nil : member($0.report.reporter) }), \(standings.map { member($0.assignee) }),
                          \(standings.map(\.resolution)), \(standings.map(\.holdReason)), \(reports.map(\.at)), \(faults.map(\.dueAt)),
                          \(standings.map(\.stateAt)), \(standings.map(\.resolvedAt)), \(standings.map(\.closedAt)),
                          \(standings.map { Int32(clamping: $0.version) }), \(faults.map { isVisit($0.id) ? "qr" : "member" })) as t
            """
    }

    func insertEntries(_ faults: [DemoRecords.Fault]) throws -> SQL {
        let entries = try faults.flatMap { fault in
            try fault.steps.enumerated().map { number, step in
                Entry(
                    id: .demo(at: step.at, order: number, "\(fault.id)/entry/\(number)"), fault: fault.id, step: step,
                    facts: isVisit(fault.id) && step.kind == "reported" ? Self.byVisitor : try facts(of: step))
            }
        }
        let steps = entries.map(\.step)
        return """
            insert into app.fault_entry(tenant_id, id, fault_id, at, actor_id, kind, from_state, to_state, note, facts)
            select \(tenant), t.*
              from unnest(\(entries.map(\.id)), \(entries.map(\.fault)), \(steps.map(\.at)), \(entries.map { isVisitor($0) ? nil : member($0.step.actor) }),
                          \(steps.map(\.kind)), \(steps.map { $0.from?.rawValue }), \(steps.map(\.to.rawValue)), \(steps.map(\.note)),
                          \(entries.map(\.facts))) as t
            """
    }

    private func isVisitor(_ entry: Entry) -> Bool { isVisit(entry.fault) && entry.step.kind == "reported" }

    private struct Entry {
        let id: UUID
        let fault: UUID
        let step: FaultStep
        let facts: JSONBytes
    }

    /// What the server would have noted besides words: who got it, which fields were edited.
    private func facts(of step: FaultStep) throws -> JSONBytes {
        if let assignee = step.assignee { return try JSONBytes(encoding: ["assignee": records.members[assignee].name]) }
        if step.kind == "edited" { return Self.editedPriority }
        return Self.noFacts
    }

    private static let byVisitor = JSONBytes(Array(#"{"by":"visitor"}"#.utf8))
    private static let noFacts = JSONBytes(Array("{}".utf8))
    private static let editedPriority = JSONBytes(Array(#"{"fields":"priority"}"#.utf8))

    func insertPhotos(_ prints: [StoredPrint]) -> SQL {
        let photos = prints.map(\.photo)
        let fulls = prints.map(\.full)
        return """
            insert into app.fault_photo(tenant_id, id, fault_id, stage, object_key, thumb_key, width, height, bytes, added_by, added_at,
                                        words)
            select \(tenant), t.*
              from unnest(\(photos.map(\.id)), \(photos.map { records.faults[$0.fault].id }), \(photos.map(\.stage)), \(prints.map(\.key)),
                          \(prints.map(\.thumbKey)), \(fulls.map { Int32(clamping: $0.width) }), \(fulls.map { Int32(clamping: $0.height) }),
                          \(fulls.map { Int32(clamping: $0.bytes.count) }), \(photos.map { member($0.member) }), \(photos.map(\.at)),
                          \(photos.map { $0.stage == "report" ? $0.sketch.picture.words ?? "" : nil })) as t
            """
    }

    func insertNotices(_ notices: [DemoRecords.Notice]) throws -> SQL {
        let faults = notices.map { records.faults[$0.fault] }
        let facts = try faults.map { try JSONBytes(encoding: ["number": $0.number, "title": $0.report.title]) }
        return """
            insert into app.notification(tenant_id, id, member_id, kind, path, facts, dedupe_key, created_at, read_at)
            select \(tenant), t.*
              from unnest(\(notices.map(\.id)), \(notices.map { member($0.member) }), \(notices.map(\.kind)),
                          \(faults.map { "/faults/\($0.number)" }), \(facts), \(notices.map(\.dedupeKey)), \(notices.map(\.at)),
                          \(notices.map(\.readAt))) as t
            """
    }

    func insertAuditLines(_ lines: [DemoRecords.AuditLine]) throws -> SQL {
        let before = try lines.map { $0.before.isEmpty ? nil : try JSONBytes(encoding: $0.before) }
        let after = try lines.map { $0.after.isEmpty ? nil : try JSONBytes(encoding: $0.after) }
        // Addresses that no network has (RFC 5737); the system has none.
        let addresses = lines.map { line in line.actor.map { "192.0.2.\($0 % 250 + 1)" } }
        let visits = lines.map { isVisit($0.subject) && $0.action == "fault.reported" }
        return """
            insert into app.audit_line(tenant_id, id, at, actor_id, action, entity, entity_id, before, after, address, via, request_id)
            select \(tenant), t.*, 'seed'
              from unnest(\(lines.map(\.id)), \(lines.map(\.at)),
                          \(zip(lines, visits).map { $1 ? nil : member($0.actor) }), \(lines.map(\.action)),
                          \(lines.map(\.entity)), \(lines.map(\.subject)), \(before), \(after), \(addresses),
                          \(visits.map { $0 ? "visitor" : nil })) as t
            """
    }
}
