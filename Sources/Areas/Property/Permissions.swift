import Web

extension Permission {
    /// Buildings, units and who lives there.
    package static let seeProperty = Permission("property:see")
    package static let property: [Permission] = [.seeProperty]
}
