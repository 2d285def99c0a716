import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// What an outage gathers, what people are told, and its end.
extension FaultRoutes {
    @Sendable func gather(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await act(incoming, context, flash: { $0.incident.gathered }) { incidents, key in
            let ids = try incoming.submission.read { Self.gathered(&$0) }
            return try await incidents.gather(key, ids)
        }
    }

    @Sendable func release(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await act(incoming, context, flash: { $0.incident.released }) { incidents, key in
            let ids = try incoming.submission.read { Self.released(&$0) }
            return try await incidents.release(key, ids)
        }
    }

    @Sendable func joinIncident(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await act(incoming, context, flash: { $0.incident.joined }) { incidents, key in try await incidents.join(key) }
    }

    @Sendable func resolveIncident(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let path: WebPath = "/incidents/\(try incoming.parameter("id"))/notices"
        return try await act(incoming, context, at: path, flash: { $0.incident.ended }) { incidents, key in
            try await incidents.resolve(key, try incoming.submission.read { IncidentEnd(&$0) })
        }
    }

    @Sendable func reopenIncident(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await act(incoming, context, flash: { $0.incident.reopened }) { incidents, key in
            let (reason, version) = try incoming.submission.read { Self.reopening(&$0) }
            return try await incidents.reopen(key, reason: reason, version: version)
        }
    }

    static func gathered(_ form: inout FormReader) -> [UUID] { form.uuids("fault_ids", min: 1, max: 200) }

    static func released(_ form: inout FormReader) -> [UUID] { form.uuids("fault_ids", min: 1, max: Incidents.most) }

    static func reopening(_ form: inout FormReader) -> (reason: String, version: Int?) {
        (form.text("reason", .required, .max(1000), .lines), form.version())
    }

    /// One act; refused, the outage's page comes back with what was typed.
    private func act(
        _ incoming: Incoming, _ context: MemberContext, at path: WebPath? = nil, flash: (FaultsMessages) -> String,
        _ body: @escaping (Incidents, FaultKey) async throws -> Incident
    ) async throws -> Reply {
        let (desk, key) = (FaultDesk(context), try incoming.incidentKey())
        do {
            let incident = try await context.write { tx in try await body(desk.incidents(tx), key) }
            return try .done(IncidentJSON(incident), at: path ?? incident.path, flash: Flash(flash(desk.t)))
        } catch let errors as FormErrors {
            let record = try await desk.incident(key)
            return .refused(page: { desk.show(record, errors) }, errors.problems)
        } catch let failure as Failure where context.face == .page && failure.keepsIncident {
            let record = try await desk.incident(key)
            let errors = FormErrors(failure.problems, values: incoming.values)
            return .failed(page: { desk.show(record, errors, failure) }, failure)
        }
    }

    // MARK: Notices

    @Sendable func composeNotice(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let record = try await desk.notice(try incoming.incidentKey())
        return .show(desk.notice(record), json: IncidentNoticeJSON(record))
    }

    /// Looked at first, then sent.
    @Sendable func sendNotice(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, key) = (FaultDesk(context), try incoming.incidentKey())
        let record = try await desk.notice(key)
        do {
            let notice = try incoming.submission.read { IncidentNotice(&$0, languages: record.languages.map(\.rawValue)) }
            if notice.isPreview { return .show(desk.notice(record, preview: notice), json: IncidentNoticeJSON(record)) }
            return try await context.once(incoming) { tx in
                let incident = try await desk.incidents(tx).send(key, notice)
                return try Effect(
                    IncidentJSON(incident), at: incident.path, flash: Flash(desk.t.incident.sent(count: record.people)))
            }
        } catch let errors as FormErrors {
            return .refused(page: { desk.notice(record, refused: errors) }, errors.problems)
        }
    }
}

extension Failure {
    fileprivate var keepsIncident: Bool {
        ["validation_failed", "stale_version", "incident_over", "incident_open"].contains(code)
    }
}
