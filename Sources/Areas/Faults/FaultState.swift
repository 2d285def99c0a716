import Database

/// Where a fault stands, and where it may go from there (FLOWS-1, flow 7).
package enum FaultState: String, SQLBindable, SQLDecodable, Codable, CaseIterable, Sendable {
    case reported, assigned
    case inProgress = "in_progress"
    case onHold = "on_hold"
    case resolved, closed, reopened, cancelled

    /// The states that may follow this one, in the order that pages offer them. Being assigned again means: to somebody else.
    package var next: [FaultState] {
        switch self {
        case .reported: [.assigned, .cancelled]
        case .assigned: [.inProgress, .onHold, .resolved, .assigned, .cancelled]
        case .inProgress: [.onHold, .resolved, .assigned]
        case .onHold: [.inProgress, .assigned, .cancelled]
        case .resolved: [.closed, .reopened]
        case .closed: [.reopened]
        case .reopened: [.assigned, .inProgress, .cancelled]
        case .cancelled: []
        }
    }

    /// Somebody still has to do something about it.
    package var isOpen: Bool {
        self != .resolved && self != .closed && self != .cancelled
    }

    static let open = allCases.filter(\.isOpen)
    /// Open, or resolved and not yet confirmed.
    static let unfinished = open + [.resolved]
}

package enum FaultPriority: String, SQLBindable, SQLDecodable, Codable, CaseIterable, Sendable {
    case urgent, high, normal, low

    /// Hours until a fault of this priority is due, unless its category says otherwise.
    var hours: Int {
        switch self {
        case .urgent: 4
        case .high: 24
        case .normal: 72
        case .low: 14 * 24
        }
    }
}

/// What somebody wants to do with a fault. Each has its address, its right, and the state it leads to.
package enum FaultAct: String, CaseIterable, Sendable {
    case assign, start, hold, resolve, confirm, reopen, cancel

    var target: FaultState {
        switch self {
        case .assign: .assigned
        case .start: .inProgress
        case .hold: .onHold
        case .resolve: .resolved
        case .confirm: .closed
        case .reopen: .reopened
        case .cancel: .cancelled
        }
    }

    /// In English, for programs.
    var summary: String {
        switch self {
        case .assign: "Gives a fault to somebody."
        case .start: "Begins work on a fault."
        case .hold: "Puts a fault on hold, with a reason."
        case .resolve: "Says that a fault is resolved, and how."
        case .confirm: "Confirms that a fault is gone, perhaps with a rating; that closes it."
        case .reopen: "Says that a fault is not gone."
        case .cancel: "Takes a report back."
        }
    }

    init?(target: FaultState) {
        guard let act = Self.allCases.first(where: { $0.target == target }) else { return nil }
        self = act
    }
}
