import Database
import Forms
import Foundation
import HTML
import Property
import Tenancy
import UI
import Web

/// One request's view of the faults: who looks, by which rules, in which words. Builds the pages.
struct FaultDesk: Sendable {
    let context: MemberContext
    let viewer: FaultViewer
    let settings: FaultSettings
    let t: FaultsMessages
    let today: CalendarDate

    init(_ context: MemberContext) {
        self.context = context
        viewer = context.faultViewer
        settings = context.tenant[FaultSettings.section]
        t = FaultsMessages(context.language)
        today = CalendarDate(context.now, in: context.tenant.timeZone)
    }

    var format: Format { context.format }
    var calendar: FaultCalendar { FaultCalendar(today: today, zone: context.tenant.timeZone) }
    var workers: [String] { context.tenant.roleKeys(granting: .workOnFaults) }

    func faults(_ tx: Tx) -> Faults {
        Faults(
            tx: tx, viewer: viewer, settings: settings, workers: workers, staff: context.tenant.faultStaff,
            zone: context.tenant.timeZone)
    }

    // MARK: What pages need besides the faults

    var buildings: Query<[BuildingName]> {
        viewer.seesAll ? context.kept(BuildingName.all(context.tenant.id), .buildings) : .known([])
    }

    var people: Query<[WorkerName]> {
        viewer.seesAll ? context.kept(WorkerName.all(context.tenant.id, workers), .members) : .known([])
    }

    /// How many faults a list has. What staff see depends on the faults alone, unless it is narrowed down by words or by the time.
    func total(_ request: FaultListRequest) -> Query<Int> {
        let count = FaultLine.count(request.condition)
        return viewer.seesAll && !request.filter.changesByItself ? context.kept(count, .faults) : count
    }

    /// Of the faults reported in the last days; midnights, so that the answer can be kept until a fault changes.
    func responseTimes(days: Int) -> Query<[ResponseTimes]> {
        let zone = context.tenant.timeZone
        let from = (today.adding(days: -days) ?? today).start(in: zone)
        let until = (today.adding(days: 1) ?? today).start(in: zone)
        return context.kept(ResponseTimes.all(viewer.tenant, from: from, until: until), .faults)
    }

    var views: Query<[FaultView]> { context.kept(FaultView.all(viewer), .views) }

    /// How many faults each column of the board has; kept as long as the list's total is.
    func counts(_ request: FaultListRequest) -> Query<[StateCount]> {
        let count = StateCount.all(request.condition)
        return viewer.seesAll && !request.filter.changesByItself ? context.kept(count, .faults) : count
    }

    var places: Query<[PlaceLine]> {
        PlaceLine.all(
            context.tenant.id, of: viewer.seesAll ? nil : viewer.member, today: today, lent: viewer.lent, .reportFault)
    }

    /// Open faults of the last seven days at the reporter's own places.
    var similar: Query<[FaultLine]> {
        guard !viewer.seesAll else { return .known([]) }
        let week = context.now.addingTimeInterval(-7 * 86_400)
        let condition = viewer.condition(FaultFilter(states: FaultState.open), now: context.now, today: today)
        return FaultLine.page([condition, "f.reported_at > \(week)"].joined(separator: " and "), .first, size: 2)
    }

    var money: MoneyRule {
        MoneyRule(context.tenant, decimal: context.language == .de ? "," : ".")
    }

    /// A fault with everything that its page shows: one round trip.
    func record(_ key: FaultKey) async throws -> FaultRecord {
        let (
            fault, entries, photos, comments, people, duplicates, similar, suggestion, visitor, incident
        ) = try await context.read(
            Fault.find(key, viewer, today: today), FaultEntry.of(key, viewer.tenant), FaultPhoto.of(key, viewer.tenant),
            FaultComment.of(key, viewer), viewer.manages ? Assignable.all(viewer.tenant, workers) : .known([]),
            viewer.isStaff ? FaultLink.duplicates(of: key, viewer.tenant) : .known([]),
            viewer.manages ? FaultLine.similar(to: key, viewer.tenant) : .known([]),
            FaultSuggestion.of(key, viewer.tenant), FaultVisitor.of(key, viewer, contact: context.may(.seePeople)),
            IncidentLink.of(key, viewer.tenant))
        return FaultRecord(
            fault: fault, entries: entries, photos: photos, comments: comments, people: people, duplicates: duplicates,
            similar: fault.state.isOpen ? similar : [], suggestion: suggestion, visitor: visitor, incident: incident)
    }

    // MARK: Words

    func badges(_ state: FaultState, _ priority: FaultPriority, due: Date) -> [Badge] {
        var badges = [Badge(t.state(state: state.rawValue), tone: state.tone, mark: state.mark)]
        if state.isOpen, due < context.now { badges.append(Badge(t.overdue, tone: .bad, mark: .triangle)) }
        if state.isOpen, priority == .urgent || priority == .high {
            badges.append(Badge(t.priority(priority: priority.rawValue), tone: priority == .urgent ? .bad : .warn))
        }
        return badges
    }

    func place(_ building: String, _ unit: String?) -> String {
        t.place(building: building, unit: unit ?? t.commonPart)
    }

    func row(_ line: FaultLine) -> FaultRow {
        FaultRow(
            id: line.id.text, path: "/faults/\(line.number)", number: line.number, title: line.title,
            place: place(line.building, line.unit),
            badges: badges(line.state, line.priority, due: line.dueAt)
                + (line.source == "qr" && viewer.isStaff ? [Badge(t.visit.badge, tone: .note)] : []),
            category: settings.title(line.category, context.language.rawValue),
            assignee: line.assignee ?? "", due: line.state.isOpen ? format.moment(line.dueAt, now: context.now) : nil,
            reported: format.moment(line.reportedAt, now: context.now))
    }

    private static let choices: Set = ["place", "category", "priority", "assignee_id"]

    func errors(_ problems: [FieldProblem]) -> [FieldError] {
        ProblemText.errors(problems, context.language) { t.problem(code: $0) }.map { error in
            var error = error
            // Nobody fills in a list.
            if error.code == "required", Self.choices.contains(error.field) { error.message = t.report.choose }
            return error
        }
    }

    var categories: [Choice] {
        settings.categories.map { Choice($0.key, $0.value.title[context.language.rawValue]) }
    }

    var priorities: [Choice] {
        FaultPriority.allCases.map {
            Choice($0.rawValue, t.priority(priority: $0.rawValue), hint: t.priorityHint(priority: $0.rawValue))
        }
    }
}

/// A fault with everything that its page shows.
struct FaultRecord: Sendable {
    let fault: Fault
    let entries: [FaultEntry]
    let photos: [FaultPhoto]
    let comments: [FaultComment]
    let people: [Assignable]
    /// What was merged into it.
    let duplicates: [FaultLink]
    /// Open faults that may be the same.
    let similar: [FaultLine]
    let suggestion: FaultSuggestion?
    /// Who reported it through the code on a sheet; for staff alone.
    let visitor: FaultVisitor?
    /// The outage that it is part of.
    let incident: IncidentLink?

    func json(_ desk: FaultDesk) -> FaultJSON {
        FaultJSON(fault, desk.viewer, now: desk.context.now).with(self, desk.viewer)
    }
}

extension FaultState {
    /// UX §7: one map for badge, filter, board and mail.
    var tone: Tone {
        switch self {
        case .reported, .inProgress: .info
        case .assigned: .note
        case .onHold, .reopened: .warn
        case .resolved: .ok
        case .closed, .cancelled: .neutral
        }
    }

    var mark: Mark {
        switch self {
        case .reported, .reopened: .ring
        case .assigned, .onHold: .half
        case .inProgress: .dot
        case .resolved, .closed: .check
        case .cancelled: .strike
        }
    }
}

extension KeptAnswers.Topic {
    static let buildings = Self("building")
    static let members = Self("member")
    static let faults = Self("fault")
}
