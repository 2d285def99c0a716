import Database
import Forms
import Foundation
import HTML
import Markdown
import Tenancy
import UI
import Web

/// What the holder of a link sees: the fault with its public history, and nothing of people or other faults.
struct VisitorRecord: Sendable {
    let fault: Fault
    let entries: [FaultEntry]
    let photos: [FaultPhoto]
    let comments: [FaultComment]
    /// Whom the comments call by @, the longest name first.
    let called: [String]
    /// The outage that it is part of.
    let outage: IncidentLink?

    /// A comment's text without those names: they were written for colleagues.
    func words(_ comment: FaultComment) -> String {
        guard comment.authorID != nil else { return comment.body }
        return called.reduce(comment.body) { text, name in
            text.replacingOccurrences(of: "@\(name)", with: "@…", options: .caseInsensitive)
        }
    }
}

/// One request's view of a private link.
struct VisitorStatusDesk: Sendable {
    let context: TenantContext
    let token: String
    let visitor: VisitorLink
    let viewer: FaultViewer
    let settings: FaultSettings
    let t: FaultsMessages
    let today: CalendarDate

    init(_ context: TenantContext, _ token: String, _ visitor: VisitorLink) {
        (self.context, self.token, self.visitor) = (context, token, visitor)
        viewer = .visitor(context.tenant.id, of: visitor.fault)
        settings = context.tenant[FaultSettings.section]
        t = FaultsMessages(context.language)
        today = CalendarDate(context.arrival.now, in: context.tenant.timeZone)
    }

    var key: FaultKey { .id(visitor.fault) }
    var path: WebPath { "/s/\(token)" }
    var money: MoneyRule { MoneyRule(context.tenant, decimal: ".") }

    func write(_ body: (Faults) async throws -> Void) async throws {
        let tenant = context.tenant
        defer { context.house.kept.forget(tenant.id) }
        try await context.visit.write { tx in
            try await body(
                Faults(
                    tx: tx, viewer: viewer, settings: settings, workers: tenant.roleKeys(granting: .workOnFaults),
                    staff: tenant.faultStaff, zone: tenant.timeZone))
        }
    }

    func record() async throws -> VisitorRecord {
        let (fault, entries, photos, comments, called, outage) = try await context.walled.read(
            Fault.find(key, viewer, today: today), FaultEntry.of(key, viewer.tenant), FaultPhoto.of(key, viewer.tenant),
            FaultComment.of(key, viewer), called, IncidentLink.of(key, viewer.tenant))
        return VisitorRecord(
            fault: fault, entries: entries.filter { Self.told.contains($0.kind) }, photos: photos, comments: comments,
            called: called, outage: outage)
    }

    private var called: Query<[String]> {
        .values(
            """
            select distinct m.name from app.fault_mention n join app.member m on m.tenant_id = n.tenant_id and m.id = n.member_id
             where n.tenant_id = \(viewer.tenant) and n.fault_id = \(visitor.fault)
            """, String.self
        ).map { names in names.sorted { $0.count > $1.count } }
    }

    /// Kinds of entries that say something about this fault alone.
    private static let told: Set = [
        "reported", "assigned", "started", "held", "resumed", "resolved", "confirmed", "closed", "reopened", "cancelled", "merged"
    ]

    // MARK: Page

    func page(_ record: VisitorRecord, _ refused: VisitorRefused? = nil) -> VisitorStatusPage {
        let fault = record.fault
        let acts = Set(viewer.acts(on: fault, now: context.arrival.now))
        let errors = ProblemText.errors(refused?.errors.problems ?? [], context.language) { t.visit.problem(code: $0) }
        func reason(_ act: FaultAct, _ label: String) -> ReasonForm? {
            guard acts.contains(act) else { return nil }
            let isOpen = refused?.act == act
            return ReasonForm(
                action: "\(path)/\(act.rawValue)",
                reason: Field(
                    "reason", label: label, value: isOpen ? refused?.errors.values["reason"] ?? "" : "",
                    error: isOpen ? errors.message(for: "reason") : nil, required: true, maxLength: 1000, key: act.rawValue),
                open: isOpen)
        }
        let isConfirm = refused?.act == .confirm
        func word(_ name: String, _ label: String, hint: String? = nil, most: Int? = nil) -> Field {
            Field(
                name, label: label, value: isConfirm ? refused?.errors.values[name] ?? "" : "", hint: hint,
                error: isConfirm ? errors.message(for: name) : nil, maxLength: most)
        }
        let confirm = ConfirmForm(
            action: "\(path)/confirm", rating: word("rating", t.act.rating, hint: t.visit.ratingHint),
            ratings: (1...5).reversed().map { Choice(String($0), t.detail.ratingOf(count: $0)) },
            note: word("rating_note", t.act.ratingNote, most: 500))
        let isComment = refused != nil && refused?.act == nil
        return VisitorStatusPage(
            title: fault.title, badges: [badge(fault)], summary: summary(fault), errors: keyed(errors, refused?.act),
            facts: facts(record), description: Markdown.html(fault.description), photos: pictures(record, "report"),
            resolution: fault.resolution.map { Markdown.html($0) }, resolutionPhotos: pictures(record, "resolution"),
            timeline: timeline(record), confirm: acts.contains(.confirm) ? confirm : nil,
            reopen: reason(.reopen, t.visit.reopenReason), cancel: reason(.cancel, t.visit.cancelReason), version: fault.version,
            comment: "\(path)/comments",
            words: Field(
                "comment", label: t.visit.say, value: isComment ? refused?.errors.values["comment"] ?? "" : "",
                error: isComment ? errors.message(for: "comment") : nil, required: true, maxLength: 5000),
            files: Field(
                "photos", label: t.report.photos, hint: t.report.photosHint,
                error: isComment ? errors.message(for: "photos") : nil),
            keep: visitor.email == nil ? t.visit.keep : t.visit.keepMailed,
            forget: visitor.isKnown ? "\(path)/contact-deletion" : nil,
            contact: visitor.isKnown
                ? t.visit.contactKept(days: settings.visitorContactDays) : visitor.isForgotten ? t.visit.contactGone : "")
    }

    /// Two forms of the page ask for a reason.
    private func keyed(_ errors: [FieldError], _ act: FaultAct?) -> [FieldError] {
        errors.map { error in
            var error = error
            if error.field == "reason", let act { error.field = act.rawValue }
            return error
        }
    }

    private func badge(_ fault: Fault) -> Badge {
        guard fault.duplicateOf == nil else { return Badge(t.merged.badge, tone: .note, mark: .half) }
        return Badge(t.state(state: fault.state.rawValue), tone: fault.state.tone, mark: fault.state.mark)
    }

    private func summary(_ fault: Fault) -> String {
        t.visit.summary(number: fault.number, place: fault.building)
    }

    private func facts(_ record: VisitorRecord) -> [Fact] {
        let fault = record.fault
        var facts = [Fact(t.detail.place, fault.building)]
        if !fault.locationNote.isEmpty { facts.append(Fact(t.detail.locationNote, fault.locationNote)) }
        facts += [
            Fact(t.detail.category, settings.title(fault.category, context.language.rawValue)),
            Fact(t.detail.reported, context.format.dateTime(fault.reportedAt))
        ]
        if let reason = fault.holdReason { facts.append(Fact(t.detail.holdReason, reason)) }
        if let outage = record.outage { facts.append(Fact(t.incident.one, outage.title)) }
        if let rating = fault.rating {
            let words = t.detail.ratingOf(count: rating)
            facts.append(Fact(t.detail.rating, fault.ratingNote.map { "\(words): \($0)" } ?? words))
        }
        if let state = fault.originalState { facts.append(Fact(t.detail.together, t.state(state: state.rawValue))) }
        return facts
    }

    private func isOwn(_ entry: FaultEntry) -> Bool {
        (try? entry.facts.decode([String: String].self))?["by"] == "visitor"
    }

    private func timeline(_ record: VisitorRecord) -> [TimelineEntry] {
        let entries = record.entries.map { entry in
            (
                entry.at,
                TimelineEntry(
                    actor: isOwn(entry) ? t.visit.you : context.tenant.name,
                    text: isOwn(entry) ? t.visit.yourStep(kind: entry.kind) : t.visit.step(kind: entry.kind),
                    moment: context.format.moment(entry.at), icon: entry.icon, tone: entry.to.tone,
                    note: entry.note.isEmpty ? nil : entry.note)
            )
        }
        let comments = record.comments.map { comment in
            (
                comment.at,
                TimelineEntry(
                    actor: comment.authorID == nil ? t.visit.you : context.tenant.name,
                    text: t.visit.wrote(who: comment.authorID == nil ? "you" : "company"),
                    moment: context.format.moment(comment.at), icon: .chat, body: Markdown.html(record.words(comment)))
            )
        }
        return (entries + comments).enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
    }

    private func pictures(_ record: VisitorRecord, _ stage: String) -> [Picture] {
        let photos = record.photos.filter { $0.stage == stage }
        return photos.enumerated().map { index, photo in
            let scale = 400 / Double(max(photo.width, photo.height, 400))
            return Picture(
                thumbnail: "\(path)/photos/\(photo.id.text)/thumbnail", page: "\(path)/photos/\(photo.id.text)",
                alt: t.detail.photoAlt(index: index + 1, count: photos.count, number: record.fault.number),
                caption: photo.caption(t),
                width: Int(Double(photo.width) * scale), height: Int(Double(photo.height) * scale))
        }
    }

    func stop(done: Bool) -> VisitorStopPage {
        VisitorStopPage(
            title: done ? t.visit.stopped : t.visit.stop, text: done ? t.visit.stoppedText : t.visit.stopText,
            action: done ? nil : "/unsubscribe/reports/\(token)", back: path)
    }

    // MARK: Programs

    func json(_ record: VisitorRecord) -> VisitorStatusJSON {
        let fault = record.fault
        let entries = record.entries.map {
            VisitorStatusJSON.Entry(
                at: $0.at, by: isOwn($0) ? "you" : "company", kind: $0.kind, status: $0.to.rawValue, text: $0.note)
        }
        let comments = record.comments.map {
            VisitorStatusJSON.Entry(
                at: $0.at, by: $0.authorID == nil ? "you" : "company", kind: "comment", status: nil,
                text: record.words($0))
        }
        return VisitorStatusJSON(
            number: fault.number, title: fault.title, description: fault.description, status: fault.state.rawValue,
            place: fault.building, reportedAt: fault.reportedAt, resolution: fault.resolution, rating: fault.rating,
            ratingNote: fault.ratingNote, outage: record.outage?.title, contactKept: visitor.isKnown,
            allowedTransitions: viewer.acts(on: fault, now: context.arrival.now).map(\.target.rawValue), version: fault.version,
            history: (entries + comments).enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
                .map(\.element),
            photos: record.photos.map { .init(stage: $0.stage, url: "/api/v1/public/status/\(token)/photos/\($0.id.text)") })
    }
}
