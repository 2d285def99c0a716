import Faults
import Foundation

/// What somebody reported: the part of a fault that stands before its story begins.
struct FaultReport: Sendable {
    let at: Date
    let category: DemoCompany.Category
    let complaint: Complaint
    let title: String
    let description: String
    let fix: String
    let building: Int
    let unit: Int?
    let locationNote: String
    let reporter: Int
}

/// One entry of a fault's timeline.
struct FaultStep: Sendable {
    let at: Date
    /// `nil`: the system itself.
    let actor: Int?
    let kind: String
    let from: FaultState?
    let to: FaultState
    var note = ""
    /// Who has it after an assignment.
    var assignee: Int?
    /// What an edit made of the priority.
    var priority: FaultPriority?
}

/// Where a fault stands after its steps: the columns that the server would have written on the way.
struct FaultStanding: Sendable {
    var state = FaultState.reported
    var stateAt: Date
    var priority: FaultPriority
    var assignee: Int?
    var resolution: String?
    var holdReason: String?
    var resolvedAt: Date?
    var closedAt: Date?
    var version = 0

    init(_ steps: [FaultStep], priority: FaultPriority, at: Date) {
        stateAt = at
        self.priority = priority
        for step in steps { take(step) }
    }

    private mutating func take(_ step: FaultStep) {
        version += 1
        priority = step.priority ?? priority
        guard step.kind != "edited" else { return }
        state = step.to
        stateAt = step.at
        assignee = step.assignee ?? assignee
        switch step.to {
        case .assigned, .inProgress: holdReason = nil
        case .onHold: holdReason = step.note
        case .resolved: (resolution, resolvedAt, holdReason) = (step.note, step.at, nil)
        case .closed: closedAt = step.at
        case .reopened: closedAt = nil
        case .reported, .cancelled: break
        }
    }
}
