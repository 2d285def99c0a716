import Property
import Tenancy
import Web

extension Permission {
    package static let reportFaults = Permission("faults:report")
    /// What one reported, and what concerns one's own units and buildings.
    package static let seeOwnFaults = Permission("faults:see_own", within: "faults:see_all")
    package static let seeAllFaults = Permission("faults:see_all")
    /// Assign, change, cancel: managing.
    package static let assignFaults = Permission("faults:assign")
    /// Start, hold and resolve what is assigned to one.
    package static let workOnFaults = Permission("faults:work")
    /// Confirm or reopen what was resolved for one.
    package static let confirmFaults = Permission("faults:confirm")

    /// The monthly report.
    package static let seeReports = Permission("reports:see")

    package static let faults: [Permission] = [
        .reportFaults, .seeOwnFaults, .seeAllFaults, .assignFaults, .workOnFaults, .confirmFaults, .seeReports
    ]
}

extension Tenant {
    /// Roles of people who work for the company: those that may see all faults, assign them or work on them.
    var faultStaff: [String] {
        let all = [Permission.seeAllFaults, .assignFaults, .workOnFaults].flatMap { roleKeys(granting: $0) }
        return Array(Set(all)).sorted()
    }
}

extension MemberContext {
    var faultViewer: FaultViewer {
        FaultViewer(
            tenant: tenant.id, member: memberID, seesAll: may(.seeAllFaults), manages: may(.assignFaults),
            works: may(.workOnFaults),
            reports: may(.reportFaults) || may(.confirmFaults), lent: delegated(.reportFault))
    }
}
