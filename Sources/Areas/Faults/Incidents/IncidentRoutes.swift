import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// Outages of whole buildings: managers declare and end them, everybody who lives there reads.
extension FaultRoutes {
    func addIncidents(to routes: Routes) {
        routes.chapter("Outages")
        routes.get("incidents", may: .seeOwnFaults, use: incidents)
            .tells("Lists outages, newest first.")
            .asks(.choice("state", IncidentState.self)).lists(IncidentJSON.self)
        routes.get("incidents.csv", may: .assignFaults, use: exportIncidents)
            .tells("The same as CSV.")
            .asks(.choice("state", IncidentState.self)).asks(.paging).gives(file: "text/csv")
        routes.get("incidents/new", may: .assignFaults, on: .page, use: composeIncident)
        routes.post("incidents", may: .assignFaults, use: declareIncident)
            .tells("Declares an outage, in a building or at an entrance.")
            .takes { _ = IncidentDraft(&$0, $1[FaultSettings.section], zone: $1.timeZone, now: Date()) }
            .creates(IncidentJSON.self)
        routes.get("incidents/{id}", may: .seeOwnFaults, use: incident)
            .tells("One outage, by id or number.").gives(IncidentJSON.self)
        routes.get("incidents/{id}/edit", may: .assignFaults, on: .page, use: incidentEditor)
        routes.post("incidents/{id}/edit", may: .assignFaults, on: .page, use: editIncident)
        routes.patch("incidents/{id}", may: .assignFaults, use: editIncident)
            .tells("Changes an outage: only what is given.")
            .takes { _ = IncidentEdit(&$0, $1[FaultSettings.section], zone: $1.timeZone, now: Date()) }.gives(IncidentJSON.self)
        routes.post("incidents/{id}/faults", may: .assignFaults, use: gather)
            .tells("Gathers faults under an outage.").takes { _ = Self.gathered(&$0) }.gives(IncidentJSON.self)
        routes.post("incidents/{id}/faults/release", may: .assignFaults, use: release)
            .tells("Lets faults go again.").takes { _ = Self.released(&$0) }.gives(IncidentJSON.self)
        routes.post("incidents/{id}/members", may: .reportFaults, use: joinIncident)
            .tells("Says that an outage concerns you, too.").gives(IncidentJSON.self)
        routes.get("incidents/{id}/notices", may: .assignFaults, use: composeNotice)
            .tells("Who would be told, and in which languages.").gives(IncidentNoticeJSON.self)
        routes.post("incidents/{id}/notices", may: .assignFaults, use: sendNotice)
            .tells("Tells everybody who lives there, in each of their languages; with `preview` nobody is told yet.")
            .takes { _ = IncidentNotice(&$0, languages: $1.locales) }.gives(IncidentNoticeJSON.self).creates(IncidentJSON.self)
        routes.post("incidents/{id}/resolution", may: .assignFaults, use: resolveIncident)
            .tells("Ends an outage, and with it the faults that are named.").takes { _ = IncidentEnd(&$0) }
            .gives(IncidentJSON.self)
        routes.post("incidents/{id}/reopening", may: .assignFaults, use: reopenIncident)
            .tells("Says that an outage goes on.").takes { _ = Self.reopening(&$0) }.gives(IncidentJSON.self)
    }

    // MARK: Reading

    @Sendable func incidents(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, request) = (FaultDesk(context), try IncidentListRequest(incoming))
        let condition = request.condition(desk)
        let (lines, total) = try await context.read(
            Incident.page(condition, request.cursor, size: request.size, desk.viewer), Incident.count(condition))
        let page = KeysetPage(lines, size: request.size, cursor: request.cursor) { $0.id }
        return .show(
            desk.incidents(page, total, request),
            json: ListJSON(items: page.lines.map { IncidentJSON($0) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func exportIncidents(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, request) = (FaultDesk(context), try IncidentListRequest(incoming))
        var csv = CSV(head: [
            "number", "title", "category", "building", "entrance", "state", "since", "expected_end", "resolved_at", "faults",
            "joined"
        ])
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(Incident.page(request.condition(desk), cursor, size: 1000, desk.viewer))
            for line in lines.prefix(1000) { csv.append(line.cells) }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "incidents.csv"))
    }

    @Sendable func incident(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let record = try await desk.incident(try incoming.incidentKey())
        return .show(desk.show(record), json: IncidentJSON(record, desk))
    }

    // MARK: Declaring

    @Sendable func composeIncident(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let ids = try incoming.query.read { form in form.uuids("fault_ids", max: 200) }
        let from = incoming.query.single("fault").map(FaultKey.init) ?? ids.last.map(FaultKey.id)
        let (seed, places) = (try await desk.seed(from), try await context.read(desk.incidentPlaces))
        return .page(desk.compose(seed, ticked: Set(ids.map(\.text)), places))
    }

    @Sendable func declareIncident(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        do {
            let draft = try incoming.submission.read {
                IncidentDraft(&$0, desk.settings, zone: context.outer.zone, now: context.now)
            }
            return try await context.once(incoming) { tx in
                let incident = try await desk.incidents(tx).declare(draft)
                return try Effect(
                    IncidentJSON(incident), at: "\(incident.path)/notices",
                    flash: Flash(desk.t.incident.declared(number: incident.number)))
            }
        } catch let errors as FormErrors {
            return try await refusedIncident(errors, desk)
        } catch let failure as Failure where context.face == .page && failure.code == "validation_failed" {
            return try await refusedIncident(FormErrors(failure.problems, values: incoming.values), desk)
        }
    }

    private func refusedIncident(_ errors: FormErrors, _ desk: FaultDesk) async throws -> Reply {
        let seed = try await desk.seed(errors.values["from"].isEmpty ? nil : FaultKey(errors.values["from"]))
        let places = try await desk.context.read(desk.incidentPlaces)
        return .refused(page: { desk.compose(seed, places, errors) }, errors.problems)
    }

    // MARK: Changing

    @Sendable func incidentEditor(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let incident = try await context.read(Incident.find(try incoming.incidentKey(), desk.viewer, today: desk.today))
        return .page(desk.edit(incident))
    }

    @Sendable func editIncident(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, key) = (FaultDesk(context), try incoming.incidentKey())
        do {
            let draft = try incoming.submission.read {
                IncidentEdit(&$0, desk.settings, zone: context.outer.zone, now: context.now)
            }
            let incident = try await context.write { tx in try await desk.incidents(tx).edit(key, draft) }
            return try .done(
                IncidentJSON(incident), at: incident.path, flash: Flash(desk.t.edit.saved(number: incident.number)))
        } catch let errors as FormErrors {
            return try await refusedEdit(key, errors, desk)
        } catch let failure as Failure where context.face == .page && failure.code == "validation_failed" {
            return try await refusedEdit(key, FormErrors(failure.problems, values: incoming.values), desk)
        } catch let failure as Failure where context.face == .page && failure.code == "stale_version" {
            let incident = try await context.read(Incident.find(key, desk.viewer, today: desk.today))
            return .conflict(page: { desk.edit(incident, FormErrors([], values: incoming.values), stale: true) }, failure)
        }
    }

    private func refusedEdit(_ key: FaultKey, _ errors: FormErrors, _ desk: FaultDesk) async throws -> Reply {
        let incident = try await desk.context.read(Incident.find(key, desk.viewer, today: desk.today))
        return .refused(page: { desk.edit(incident, errors) }, errors.problems)
    }
}

extension Incoming {
    /// By number or id, as faults are named.
    func incidentKey() throws -> FaultKey { FaultKey(try parameter("id")) }
}

extension FaultDesk {
    func incidents(_ tx: Tx) -> Incidents { Incidents(faults: faults(tx)) }
}

extension Incident {
    var cells: [String] {
        [
            number, title, category, building, entrance ?? "", state.rawValue, since.formatted(.iso8601),
            expectedEnd?.formatted(.iso8601) ?? "", resolvedAt?.formatted(.iso8601) ?? "", String(faults), String(joined)
        ]
    }
}
