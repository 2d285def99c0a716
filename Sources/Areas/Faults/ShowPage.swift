import Audit
import Database
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
    /// - Parameters:
    ///   - wanted: the act whose form shall stand open, as the board asks for it.
    ///   - comment: what was typed into the refused form for comments; `original` the same for merging.
    func show(
        _ record: FaultRecord, refused: RefusedAct? = nil, wanted: FaultAct? = nil, comment: FormErrors? = nil,
        original: FormErrors? = nil
    ) -> FaultPage {
        let fault = record.fault
        let pictures = { stage in
            record.photos.enumerated().filter { $0.element.stage == stage }.map { picture(record, $0.offset) }
        }
        let acts = acts(record, refused, wanted, original)
        let errors =
            refused.map { self.errors($0, fault, acts) }
            ?? self.errors((comment?.problems ?? []) + (original?.problems ?? []))
        return FaultPage(
            title: fault.title, crumbs: [Crumb(t.list.title, "/faults"), Crumb(fault.number)],
            badges: badges(fault), description: Markdown.html(fault.description),
            photos: pictures("report"), resolution: fault.resolution.map { Markdown.html($0) },
            resolutionPhotos: pictures("resolution"),
            facts: facts(record), timeline: timeline(record), comment: commentForm(fault, comment),
            similar: similar(record),
            sheet: viewer.works ? ("/faults/sheets" as WebPath).adding(query: [("fault_ids", fault.id.text)]) : nil,
            merged: merged(record), edit: viewer.mayEdit(fault) ? "\(fault.path)/edit" : nil,
            acts: acts, suggestion: suggestion(record), errors: errors, version: fault.version,
            tabs: AuditDesk.tabs(fault.path, label: t.list.fault, isActivity: false, context),
            declare: viewer.manages && fault.state.isOpen && record.incident == nil
                ? ("/incidents/new" as WebPath).adding(query: [("fault", fault.number)]) : nil,
            write: context.session.preview == nil && context.session.support == nil
                ? ("/messages/new" as WebPath).adding(query: [("fault", fault.id.text)]) : nil,
            topic: LiveTopic("fault", fault.id).text)
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

    private func facts(_ record: FaultRecord) -> [Fact] {
        let fault = record.fault
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
        if let reporter = fault.reporterID, viewer.sees(nameOf: reporter, on: fault) {
            facts.append(Fact(t.detail.reporter, acting(fault.reporter ?? "", fault)))
        }
        facts += self.visitor(record)
        facts.append(Fact(t.detail.reported, format.dateTime(fault.reportedAt)))
        if fault.state.isOpen { facts.append(Fact(t.detail.due, format.dateTime(fault.dueAt))) }
        if let reason = fault.holdReason { facts.append(Fact(t.detail.holdReason, reason)) }
        if let until = fault.holdUntil { facts.append(Fact(t.detail.holdUntil, day(until))) }
        if let resolved = fault.resolvedAt { facts.append(Fact(t.detail.resolved, format.dateTime(resolved))) }
        if viewer.isStaff, let cost = fault.cost {
            facts.append(Fact(t.detail.cost, format.money(minor: cost.minor, currency: cost.currency)))
        }
        if viewer.seesRating(of: fault), let rating = fault.rating {
            let words = t.detail.ratingOf(count: rating)
            facts.append(Fact(t.detail.rating, fault.ratingNote.map { "\(words): \($0)" } ?? words))
        }
        return facts + links(record)
    }

    /// What it was merged into, and what was merged into it; links only for those who may see the others.
    private func links(_ record: FaultRecord) -> [Fact] {
        var facts: [Fact] = []
        if let incident = record.incident {
            facts.append(Fact(t.incident.one, "\(incident.number) · \(incident.title)", path: "/incidents/\(incident.number)"))
        }
        if let number = record.fault.original, let state = record.fault.originalState {
            let words = t.state(state: state.rawValue)
            facts.append(
                viewer.isStaff
                    ? Fact(t.detail.original, "\(number) · \(words)", path: "/faults/\(number)")
                    : Fact(t.detail.together, words))
        }
        return facts
            + record.duplicates.map { Fact(t.detail.duplicate, "\($0.number) · \($0.title)", path: "/faults/\($0.number)") }
    }

    func day(_ day: CalendarDate) -> String {
        format.date(day.noon(in: format.timeZone))
    }

    private func badges(_ fault: Fault) -> [Badge] {
        guard fault.duplicateOf == nil else { return [Badge(t.merged.badge, tone: .note, mark: .half)] }
        return badges(fault.state, fault.priority, due: fault.dueAt)
    }

    /// Entries and comments in one stream, oldest first.
    private func timeline(_ record: FaultRecord) -> [TimelineEntry] {
        let entries = record.entries.map { ($0.at, entry($0, record.fault)) }
        let comments = record.comments.map { ($0.at, self.comment($0, record.fault)) }
        // Both are in order; of one moment the entry comes first.
        return (entries + comments).enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
    }

    private func comment(_ comment: FaultComment, _ fault: Fault) -> TimelineEntry {
        TimelineEntry(
            actor: viewer.sees(nameOf: comment.authorID, on: fault)
                ? isDelegate(comment.authorID, fault) ? acting(comment.author ?? "", fault) : comment.author ?? t.entry.visitor
                : t.entry.neighbour,
            text: comment.isInternal ? t.comment.noted : t.comment.said, moment: format.moment(comment.at), icon: .chat,
            tone: comment.isInternal ? .warn : .neutral, badge: comment.isInternal ? Badge(t.comment.badge, tone: .warn) : nil,
            body: Markdown.html(comment.body))
    }

    /// What may be the same, for managers, each with a button that merges this one into it.
    private func similar(_ record: FaultRecord) -> [SimilarFault] {
        record.similar.map { SimilarFault(row: row($0), number: $0.number) }
    }

    /// The button that takes a merge back, while it can be.
    private func merged(_ record: FaultRecord) -> WebPath? {
        guard viewer.manages, record.fault.duplicateOf != nil,
            let merge = record.entries.last(where: { $0.kind == "merged" }),
            context.now.timeIntervalSince(merge.at) <= Faults.undoTime
        else { return nil }
        return "\(record.fault.path)/original/undo"
    }

    private func isDelegate(_ person: UUID?, _ fault: Fault) -> Bool {
        fault.behalfID != nil && person == fault.reporterID
    }

    /// "Jan Weber on behalf of Maria Kern".
    private func acting(_ name: String, _ fault: Fault) -> String {
        fault.behalf.map { t.entry.behalf(name: name, owner: $0) } ?? name
    }

    private func entry(_ entry: FaultEntry, _ fault: Fault) -> TimelineEntry {
        let facts = (try? entry.facts.decode([String: String].self)) ?? [:]
        let number = viewer.isStaff ? facts["number"] ?? "" : ""
        let text =
            switch entry.kind {
            case "assigned": t.entry.assigned(name: facts["assignee"] ?? "")
            case "held":
                facts["until"].flatMap { CalendarDate($0) }.map { t.entry.heldUntil(day: day($0)) } ?? t.entry.text(kind: "held")
            case "merged", "absorbed", "separated", "released": t.entry.merging(kind: entry.kind, number: number)
            default: t.entry.text(kind: entry.kind)
            }
        let byDelegate = facts["by"] == "delegate" ? entry.actor.map { acting($0, fault) } : entry.actor
        let name = viewer.sees(nameOf: entry.actorID, on: fault) ? byDelegate : t.entry.neighbour
        return TimelineEntry(
            actor: name ?? (facts["by"] == "visitor" ? t.entry.visitor : t.entry.system), text: text,
            moment: format.moment(entry.at), icon: entry.icon,
            tone: entry.to.tone,
            note: entry.note.isEmpty ? nil : entry.note)
    }

    private func picture(_ record: FaultRecord, _ index: Int) -> Picture {
        let photo = record.photos[index]
        let scale = 400 / Double(max(photo.width, photo.height, 400))
        return Picture(
            thumbnail: "/files/\(photo.id.text)/thumbnail", page: "\(record.fault.path)/photos/\(photo.id.text)",
            alt: t.detail.photoAlt(index: index + 1, count: record.photos.count, number: record.fault.number),
            caption: photo.caption(t),
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
            caption: t.detail.photoCaption(
                name: viewer.sees(nameOf: photo.addedByID, on: record.fault)
                    ? photo.addedBy ?? t.entry.visitor : t.entry.neighbour,
                moment: format.dateTime(photo.addedAt)), words: photo.words, width: photo.width, height: photo.height,
            previous: path(index - 1), next: path(index + 1), back: record.fault.path)
    }
}

extension FaultPhoto {
    /// The beginning of what was read on it, for below its thumbnail.
    func caption(_ t: FaultsMessages) -> String? {
        words.map { t.photo.words(words: $0.count > 80 ? $0.prefix(79) + "…" : $0) }
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
        case "reopened", "unassigned", "resumed", "separated", "released", "undone": .repeated
        case "merged", "absorbed": .journal
        case "cancelled": .crossCircle
        case "edited": .pencil
        default: .clock
        }
    }
}
