import Forms
import Foundation
import HTML
import Markdown
import UI
import Web

/// An outage with everything that its page shows.
struct IncidentRecord: Sendable {
    let incident: Incident
    let entries: [IncidentEntry]
    /// For managers.
    let gathered: [FaultLine]
    let fitting: [FaultLine]
}

extension FaultDesk {
    func incident(_ key: FaultKey) async throws -> IncidentRecord {
        let (incident, entries, gathered, fitting) = try await context.read(
            Incident.find(key, viewer, today: today), IncidentEntry.of(key, viewer),
            viewer.isStaff && viewer.seesAll ? FaultLine.gathered(key, viewer.tenant) : .known([]),
            viewer.manages ? FaultLine.fitting(key, viewer.tenant) : .known([]))
        return IncidentRecord(
            incident: incident, entries: entries, gathered: gathered, fitting: incident.state == .open ? fitting : [])
    }

    func show(_ record: IncidentRecord, _ refused: FormErrors? = nil, _ failure: Failure? = nil) -> IncidentPage {
        let incident = record.incident
        var errors = self.errors(refused?.problems ?? [])
        if let failure, failure.problems.isEmpty {
            errors.append(FieldError(field: "", code: failure.code, message: t.incident.moved))
        }
        let mayJoin = incident.state == .open && !incident.hasJoined && viewer.reports && !viewer.manages
        return IncidentPage(
            title: incident.title, crumbs: [Crumb(t.incident.list, "/incidents"), Crumb(incident.number)],
            badge: badge(incident.state), errors: errors, facts: facts(incident), timeline: record.entries.map(entry),
            join: mayJoin ? "\(incident.path)/members" : nil, hasJoined: incident.hasJoined,
            manage: viewer.manages ? management(record, refused, errors) : nil)
    }

    private func facts(_ incident: Incident) -> [Fact] {
        var facts = [
            Fact(
                t.detail.place, place(incident),
                path: context.may(.seeProperty) ? "/buildings/\(incident.buildingID.text)" : nil),
            Fact(t.detail.category, settings.title(incident.category, context.language.rawValue)),
            Fact(t.incident.since, format.dateTime(incident.since))
        ]
        if incident.state == .open {
            facts.append(Fact(t.incident.expectedEnd, incident.expectedEnd.map(format.dateTime) ?? t.incident.unknownEnd))
        }
        if let end = incident.resolvedAt { facts.append(Fact(t.detail.resolved, format.dateTime(end))) }
        facts.append(
            Fact(t.incident.scope, t.incident.affected(faults: incident.faults, people: incident.joined)))
        return facts
    }

    private func entry(_ entry: IncidentEntry) -> TimelineEntry {
        let text = entry.texts[context.language.rawValue] ?? entry.texts.sorted { $0.key < $1.key }.first?.value
        let words =
            switch entry.kind {
            case "gathered": t.incident.gatheredCount(count: Int(entry.note) ?? 0)
            case "released": t.incident.releasedCount(count: Int(entry.note) ?? 0)
            default: t.incident.entry(kind: entry.kind)
            }
        let icon: Icon =
            switch entry.kind {
            case "declared": .warning
            case "told": .envelope
            case "resolved": .check
            case "reopened", "released": .repeated
            case "edited": .pencil
            default: .plus
            }
        let saysMore = entry.kind == "resolved" || entry.kind == "reopened"
        return TimelineEntry(
            actor: viewer.isStaff ? entry.actor ?? t.entry.system : context.tenant.name,
            text: words, moment: format.moment(entry.at), icon: icon,
            tone: entry.kind == "declared" || entry.kind == "reopened" ? .bad : entry.kind == "resolved" ? .ok : .neutral,
            note: text ?? (saysMore ? entry.note : nil))
    }

    private func management(_ record: IncidentRecord, _ refused: FormErrors?, _ errors: [FieldError]) -> IncidentManagement {
        let incident = record.incident
        let isOpen = incident.state == .open
        let open = record.gathered.filter(\.state.isOpen)
        let isEnd = refused.map { !$0.values["resolution"].isEmpty || $0.problems.contains { $0.field == "resolution" } } ?? false
        let isReopening = refused?.problems.contains { $0.field == "reason" } ?? false
        return IncidentManagement(
            notice: "\(incident.path)/notices", edit: "\(incident.path)/edit", gathered: record.gathered.map(row),
            release: "\(incident.path)/faults/release", fitting: record.fitting.map(row), gather: "\(incident.path)/faults",
            resolve: isOpen
                ? IncidentEndForm(
                    action: "\(incident.path)/resolution",
                    resolution: Field(
                        "resolution", label: t.act.resolution, value: refused?.values["resolution"] ?? "",
                        hint: t.incident.resolutionHint, error: errors.message(for: "resolution"), required: true, maxLength: 5000
                    ),
                    faults: Field("fault_ids", label: t.incident.ending, hint: t.incident.endingHint),
                    choices: open.map { Choice($0.id.text, "\($0.number) · \($0.title)", hint: place($0.building, $0.unit)) },
                    ticked: isEnd ? Set(refused?.values.all("fault_ids") ?? []) : Set(open.map(\.id.text)), open: isEnd) : nil,
            reopen: isOpen
                ? nil
                : ReasonForm(
                    action: "\(incident.path)/reopening",
                    reason: Field(
                        "reason", label: t.act.reopenReason, value: refused?.values["reason"] ?? "",
                        error: errors.message(for: "reason"), required: true, maxLength: 1000), open: isReopening),
            version: incident.version)
    }
}
