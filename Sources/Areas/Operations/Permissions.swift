import Web

extension Permission {
    package static let seeJobs = Permission("jobs:see")
    /// Replay and discard parked jobs.
    package static let operateJobs = Permission("jobs:operate")
    package static let operations: [Permission] = [.seeJobs, .operateJobs, .seeConfiguration]
}
