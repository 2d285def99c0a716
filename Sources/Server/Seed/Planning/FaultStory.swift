import Faults
import Foundation

/// Lets a fault live from its report on, step by step, until it is over, the span ends, or it is stuck where it shall be.
struct FaultStory {
    /// Whom the company could ask.
    struct Cast {
        let managers: [Int]
        let workers: [Int]
    }

    private let report: FaultReport
    private let words: DemoWords
    private let cast: Cast
    private let hours: WorkingHours
    private let end: Date
    /// Where it stays; `nil` lets it run its course.
    private let stuck: FaultState?
    private(set) var steps: [FaultStep] = []
    private var dice: Dice
    private var state = FaultState.reported
    private var at: Date
    private var priority: FaultPriority
    private var worker = 0
    private var isOver = false
    private var counts: [FaultState: Int] = [:]

    init(
        _ report: FaultReport, _ words: DemoWords, _ cast: Cast, _ hours: WorkingHours, until end: Date, stuck: FaultState?,
        _ dice: Dice
    ) {
        self.report = report
        self.words = words
        self.cast = cast
        self.hours = hours
        self.end = end
        self.stuck = stuck
        self.dice = dice
        at = report.at
        priority = Self.firstPriority(report)
        steps.append(FaultStep(at: at, actor: report.reporter, kind: "reported", from: nil, to: .reported))
        while !isOver, stuck != state { advance() }
    }

    static func firstPriority(_ report: FaultReport) -> FaultPriority {
        report.complaint.isDanger ? .urgent : report.category.priority
    }

    private mutating func advance() {
        switch state {
        case .reported: fromReported()
        case .assigned: fromAssigned()
        case .inProgress: fromInProgress()
        case .onHold: fromOnHold()
        case .resolved: fromResolved()
        case .reopened: fromReopened()
        case .closed: fromClosed()
        case .cancelled: isOver = true
        }
    }

    // MARK: From each state onward

    private mutating func fromReported() {
        if stuck == nil, dice.chance(0.035) {
            return go(
                .cancelled, "cancelled", after: dice.between(0.2, 9), .home, by: report.reporter,
                note: dice.pick(words.cancelReasons))
        }
        worker = dice.pick(cast.workers)
        if report.category.assigns != nil {
            go(.assigned, "assigned", after: dice.between(0.003, 0.02), .always, by: nil, assignee: worker)
        } else {
            go(.assigned, "assigned", after: dice.between(0.3, 18) * pace, shift(.office), by: manager(), assignee: worker)
        }
        weigh()
    }

    private mutating func fromAssigned() {
        let luck = stuck == .inProgress || stuck == .onHold ? 1 : dice.unit()
        if luck < 0.05, counts[.assigned, default: 0] < 2, cast.workers.count > 1 { return reassign() }
        if luck < 0.1, counts[.onHold] == nil { return hold() }
        if luck < 0.18 { return resolve(after: dice.between(2, 40) * pace) }
        if luck < 0.195, stuck == nil {
            return go(
                .cancelled, "cancelled", after: dice.between(2, 30), .office, by: manager(), note: dice.pick(words.cancelReasons))
        }
        go(.inProgress, "started", after: dice.between(1, 44) * pace, shift(.rounds), by: worker)
    }

    private mutating func fromInProgress() {
        if stuck == .onHold || (counts[.onHold] == nil && dice.chance(0.14)) { return hold() }
        if counts[.assigned, default: 0] < 2, cast.workers.count > 1, dice.chance(0.03) { return reassign() }
        resolve(after: dice.between(0.4, 4))
    }

    private mutating func fromOnHold() {
        if dice.chance(0.1), cast.workers.count > 1 { return reassign() }
        go(.inProgress, "started", after: dice.between(40, 240) * max(pace, 0.3), .rounds, by: worker)
    }

    private mutating func fromResolved() {
        if stuck == .reopened || (counts[.reopened] == nil && dice.chance(0.055)) { return reopen(after: dice.between(5, 90)) }
        if dice.chance(0.6) {
            go(.closed, "confirmed", after: dice.between(1, 110), .home, by: report.reporter)
        } else {
            go(.closed, "closed", after: 14 * 24 + dice.between(0.01, 0.08), .always, by: nil)
        }
    }

    private mutating func fromReopened() {
        if dice.chance(0.3) {
            go(.assigned, "assigned", after: dice.between(0.5, 20) * pace, .office, by: manager(), assignee: worker)
        } else {
            go(.inProgress, "started", after: dice.between(1, 30) * pace, shift(.rounds), by: worker)
        }
    }

    private mutating func fromClosed() {
        if counts[.reopened] == nil, dice.chance(0.008) { return reopen(after: dice.between(20, 300)) }
        isOver = true
    }

    // MARK: Steps

    private mutating func hold() {
        go(.onHold, "held", after: dice.between(0.3, 3), .rounds, by: worker, note: dice.pick(words.holdReasons))
    }

    private mutating func reassign() {
        let others = cast.workers.filter { $0 != worker }
        worker = dice.pick(others)
        go(.assigned, "assigned", after: dice.between(0.5, 12) * pace, .office, by: manager(), assignee: worker)
    }

    private mutating func resolve(after: Double) {
        let note = counts[.reopened] == nil ? report.fix : dice.pick(words.secondFixes)
        go(.resolved, "resolved", after: after, shift(.rounds), by: worker, note: note)
    }

    private mutating func reopen(after: Double) {
        go(.reopened, "reopened", after: after, .home, by: report.reporter, note: dice.pick(words.reopenReasons))
    }

    /// A manager who finds it more or less pressing than its category says so once.
    private mutating func weigh() {
        guard !isOver, let wanted = report.complaint.priority, wanted != priority, dice.chance(0.6) else { return }
        let moment = hours.next(shift(.office), from: at.addingTimeInterval(dice.between(120, 2_400).rounded()), &dice)
        guard moment < end else { return }
        at = moment
        priority = wanted
        steps.append(FaultStep(at: at, actor: manager(), kind: "edited", from: state, to: state, priority: wanted))
    }

    private mutating func go(
        _ to: FaultState, _ kind: String, after: Double, _ shift: WorkingHours.Shift, by actor: Int?, note: String = "",
        assignee: Int? = nil
    ) {
        let moment = hours.next(shift, from: at.addingTimeInterval((after * 3_600).rounded()), &dice)
        guard moment < end else {
            isOver = true
            return
        }
        steps.append(FaultStep(at: moment, actor: actor, kind: kind, from: state, to: to, note: note, assignee: assignee))
        state = to
        at = moment
        counts[to, default: 0] += 1
    }

    private mutating func manager() -> Int { dice.pick(cast.managers) }

    /// How fast things go, normal being 1.
    private var pace: Double {
        switch priority {
        case .urgent: 0.05
        case .high: 0.35
        case .normal: 1
        case .low: 2.2
        }
    }

    /// Emergencies know no closing time.
    private func shift(_ usual: WorkingHours.Shift) -> WorkingHours.Shift {
        priority == .urgent ? .always : usual
    }
}
