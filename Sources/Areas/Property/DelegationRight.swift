import Database
import Web

/// A right on a unit that an owner may lend to somebody else.
package enum DelegationRight: String, CaseIterable, Sendable, SQLBindable, SQLDecodable, SQLArrayElement {
    case vote
    case viewDocuments = "view_documents"
    case viewFinance = "view_finance"
    case pay
    case reportFault = "report_fault"
    case submitReading = "submit_reading"
    case message

    /// What the owner's own role must grant before it can be lent; nil where owning the unit is enough. By name, because the areas
    /// that declare these permissions stand above this one.
    package var permission: Permission? {
        switch self {
        case .reportFault: Permission("faults:report")
        default: nil
        }
    }

    /// What the delegate's requests may pass; whose affairs they then concern, `Delegated` says.
    package var opens: [Permission] {
        switch self {
        case .reportFault: [Permission("faults:report"), Permission("faults:see_own"), Permission("faults:confirm")]
        case .vote: [Permission("votes:see")]
        default: []
        }
    }

    /// For `Doors.lent`.
    @Sendable package static func opened(by rights: [String]) -> Set<String> {
        Set(rights.compactMap(DelegationRight.init(rawValue:)).flatMap(\.opens).map(\.name))
    }
}

extension Permission {
    /// Who has lent which rights on which unit to whom, of the whole company.
    package static let seeDelegations = Permission("delegations:see")
}
