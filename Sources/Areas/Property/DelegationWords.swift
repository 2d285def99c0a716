import Database
import Foundation
import HTML
import UI
import Web

/// An open delegation as a unit's page lists it.
package struct LentRow: Sendable {
    var path: WebPath
    var delegator: String
    var delegate: String
    var rights: String
    var state: Badge
    var until: String
}

extension LentRow {
    init(_ line: DelegationLine, _ context: MemberContext) {
        let t = PropertyMessages(context.language).delegation
        self.init(
            path: "/delegations/\(line.id.text)", delegator: line.delegator, delegate: line.delegate,
            rights: line.rights.map { t.right(right: $0.rawValue) }.joined(separator: ", "),
            state: line.badge(context), until: line.until(context))
    }
}

extension DelegationLine {
    package func badge(_ context: MemberContext) -> Badge {
        let state = state(at: context.now)
        return Badge(
            PropertyMessages(context.language).delegation.stateName(state: state.rawValue), tone: state.tone, mark: state.mark)
    }

    /// "until 31 Dec 2026", "until it is revoked". The last moment counts, so that a day's end is that day.
    package func until(_ context: MemberContext) -> String {
        let t = PropertyMessages(context.language).delegation
        return expiresAt.map { t.until(day: context.format.date($0.addingTimeInterval(-1))) } ?? t.open
    }
}

extension DelegationRight {
    package func words(_ language: Language) -> String {
        PropertyMessages(language).delegation.right(right: rawValue)
    }
}

extension DelegationState {
    package var tone: Tone {
        switch self {
        case .pending: .info
        case .accepted: .ok
        case .declined, .revoked, .expired: .neutral
        }
    }

    package var mark: Mark {
        switch self {
        case .pending: .ring
        case .accepted: .check
        case .declined, .revoked: .strike
        case .expired: .none
        }
    }
}

extension DelegationState {
    package func words(_ language: Language) -> String {
        PropertyMessages(language).delegation.stateName(state: rawValue)
    }
}
