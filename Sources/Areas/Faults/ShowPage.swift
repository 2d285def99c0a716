import Audit
import Forms
import Foundation
import HTML
import Markdown
import UI
import Web

/// An act that was refused: its form stands open with what was typed.
struct RefusedAct: Sendable {
    let act: FaultAct
    let problems: [FieldProblem]
    let values: FormValues
    let failure: Failure?
}

extension FaultDesk {
    func show(_ record: FaultRecord, refused: RefusedAct? = nil) -> FaultPage {
        let fault = record.fault
        let pictures = { stage in
            record.photos.enumerated().filter { $0.element.stage == stage }.map { picture(record, $0.offset) }
        }
        let acts = acts(record, refused)
        return FaultPage(
            title: fault.title, crumbs: [Crumb(t.list.title, "/faults"), Crumb(fault.number)],
            badges: badges(fault.state, fault.priority, due: fault.dueAt), description: Markdown.html(fault.description),
            photos: pictures("report"), resolution: fault.resolution.map { Markdown.html($0) },
            resolutionPhotos: pictures("resolution"),
            facts: facts(fault), timeline: record.entries.map(entry), edit: viewer.mayEdit(fault) ? "\(fault.path)/edit" : nil,
            acts: acts, suggestion: suggestion(record), errors: refused.map { errors($0, fault, acts) } ?? [], version: fault.version,
            tabs: AuditDesk.tabs(fault.path, label: t.list.fault, isActivity: false, context))
    }

    /// What the summary says of a refused act. It leads to the form that was sent, as long as that form is still on the page.
    private func errors(_ refused: RefusedAct, _ fault: Fault, _ acts: FaultActs) -> [FieldError] {
        guard viewer.acts(on: fault, now: context.now).contains(refused.act) else {
            return [FieldError(field: "", code: refused.failure?.code ?? "invalid_transition", message: t.act.notNow)]
        }
        var errors = self.errors(refused.problems)
        // Three forms of the page ask for a reason.
        for index in errors.indices where errors[index].field == "reason" { errors[index].field = refused.act.rawValue }
        if let failure = refused.failure, failure.problems.isEmpty {
            errors.append(FieldError(field: "", code: failure.code, message: t.act.stale))
        }
        return errors.inOrder(of: acts.fields)
    }

    private func suggestion(_ record: FaultRecord) -> SuggestionForm? {
        guard let found = record.suggestion, viewer.mayEdit(record.fault), found.differs(from: record.fault, viewer) else {
            return nil
        }
        var facts: [Fact] = []
        if let category = found.category {
            facts.append(Fact(t.detail.category, settings.title(category, context.language.rawValue)))
        }
        if viewer.manages, let priority = found.priority {
            facts.append(Fact(t.detail.priority, t.priority(priority: priority.rawValue)))
        }
        facts.append(Fact(t.suggestion.confidence, t.suggestion.sure(percent: Int(found.confidence * 100))))
        return SuggestionForm(
            action: "\(record.fault.path)/suggestion", facts: facts,
            tags: found.tags.compactMap(FaultTag.init).map { Badge(t.suggestion.tag(tag: $0.rawValue)) })
    }

    private func facts(_ fault: Fault) -> [Fact] {
        var facts = [
            Fact(
                t.detail.place, place(fault.building, fault.unit),
                path: context.may(.seeProperty)
                    ? fault.unitID.map { "/units/\($0.text)" } ?? "/buildings/\(fault.buildingID.text)" : nil)
        ]
        if !fault.locationNote.isEmpty { facts.append(Fact(t.detail.locationNote, fault.locationNote)) }
        facts += [
            Fact(t.detail.category, settings.title(fault.category, context.language.rawValue)),
            Fact(t.detail.priority, t.priority(priority: fault.priority.rawValue)),
            Fact(t.detail.assignee, fault.assignee ?? t.detail.nobody)
        ]
        if viewer.sees(nameOf: fault.reporterID) { facts.append(Fact(t.detail.reporter, fault.reporter)) }
        facts.append(Fact(t.detail.reported, format.dateTime(fault.reportedAt)))
        if fault.state.isOpen { facts.append(Fact(t.detail.due, format.dateTime(fault.dueAt))) }
        if let reason = fault.holdReason { facts.append(Fact(t.detail.holdReason, reason)) }
        if let resolved = fault.resolvedAt { facts.append(Fact(t.detail.resolved, format.dateTime(resolved))) }
        return facts
    }

    private func entry(_ entry: FaultEntry) -> TimelineEntry {
        let facts = (try? entry.facts.decode([String: String].self)) ?? [:]
        let text = entry.kind == "assigned" ? t.entry.assigned(name: facts["assignee"] ?? "") : t.entry.text(kind: entry.kind)
        return TimelineEntry(
            actor: entry.actor.map(name) ?? t.entry.system, text: text, moment: format.moment(entry.at), icon: entry.icon,
            tone: entry.to.tone,
            note: entry.note.isEmpty ? nil : entry.note)
    }

    /// A name, or a word for one that this viewer does not learn.
    private func name(_ name: String) -> String {
        name.isEmpty ? t.entry.somebody : name
    }

    private func picture(_ record: FaultRecord, _ index: Int) -> Picture {
        let photo = record.photos[index]
        let scale = 400 / Double(max(photo.width, photo.height, 400))
        return Picture(
            thumbnail: "/files/\(photo.id.text)/thumbnail", page: "\(record.fault.path)/photos/\(photo.id.text)",
            alt: t.detail.photoAlt(index: index + 1, count: record.photos.count, number: record.fault.number),
            width: Int(Double(photo.width) * scale), height: Int(Double(photo.height) * scale))
    }

    func photo(_ record: FaultRecord, _ index: Int) -> PhotoPage {
        let photo = record.photos[index]
        let path = { (at: Int) in
            record.photos.indices.contains(at) ? "\(record.fault.path)/photos/\(record.photos[at].id.text)" as WebPath : nil
        }
        return PhotoPage(
            title: t.photo.title(index: index + 1, count: record.photos.count),
            crumbs: [
                Crumb(t.list.title, "/faults"), Crumb(record.fault.number, record.fault.path),
                Crumb(t.photo.title(index: index + 1, count: record.photos.count))
            ],
            image: "/files/\(photo.id.text)",
            alt: t.detail.photoAlt(index: index + 1, count: record.photos.count, number: record.fault.number),
            caption: t.detail.photoCaption(name: name(photo.addedBy), moment: format.dateTime(photo.addedAt)), width: photo.width,
            height: photo.height,
            previous: path(index - 1), next: path(index + 1), back: record.fault.path)
    }

    // MARK: Acts

    private func acts(_ record: FaultRecord, _ refused: RefusedAct?) -> FaultActs {
        let fault = record.fault
        let allowed = Set(viewer.acts(on: fault, now: context.now))
        let errors = self.errors(refused?.problems ?? [])
        func path(_ act: FaultAct) -> WebPath? { allowed.contains(act) ? "\(fault.path)/\(act.rawValue)" : nil }
        func isOpen(_ act: FaultAct) -> Bool { refused?.act == act }
        func field(_ act: FaultAct, _ name: String, _ label: String, hint: String? = nil, most: Int? = nil, required: Bool = true)
            -> Field
        {
            let values = isOpen(act) ? refused?.values : nil
            return Field(
                name, label: label, value: values?[name] ?? "", hint: hint, error: isOpen(act) ? errors.message(for: name) : nil,
                required: required, maxLength: most, key: name == "reason" ? act.rawValue : nil)
        }
        func reason(_ act: FaultAct, _ label: String) -> ReasonForm? {
            path(act).map {
                ReasonForm(action: $0, reason: field(act, "reason", label, hint: t.act.reasonHint, most: 1000), open: isOpen(act))
            }
        }
        return FaultActs(
            assign: path(.assign).map { action in
                AssignForm(
                    action: action, assignee: field(.assign, "assignee_id", t.act.assignee),
                    people: record.people.map { Choice($0.id.text, t.act.load(name: $0.name, count: $0.load)) },
                    open: isOpen(.assign) || (refused == nil && (fault.state == .reported || fault.state == .reopened)))
            },
            start: path(.start), hold: reason(.hold, t.act.holdReason),
            resolve: path(.resolve).map { action in
                ResolveForm(
                    action: action,
                    resolution: field(.resolve, "resolution", t.act.resolution, hint: t.act.resolutionHint, most: 5000),
                    photos: field(.resolve, "photos", t.report.photos, hint: t.report.photosHint, required: false),
                    open: isOpen(.resolve) || (refused == nil && fault.state == .inProgress))
            },
            confirm: path(.confirm), reopen: reason(.reopen, t.act.reopenReason), cancel: reason(.cancel, t.act.cancelReason))
    }
}

extension FaultEntry {
    var icon: Icon {
        switch kind {
        case "reported": .flag
        case "assigned": .personPlus
        case "started": .play
        case "held": .pause
        case "resolved", "confirmed": .check
        case "reopened", "unassigned": .repeated
        case "cancelled": .crossCircle
        case "edited": .pencil
        default: .clock
        }
    }
}
