import Web

extension Permission {
    /// The company's whole audit log.
    package static let seeAudit = Permission("audit:see")
    /// What happened to a record that one may see anyway, value by value.
    package static let seeActivity = Permission("activity:see")
    package static let audit: [Permission] = [.seeAudit, .seeActivity]
}
