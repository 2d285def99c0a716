import Web

extension Permission {
    /// Buildings, units and who lives there.
    package static let seeProperty = Permission("property:see")
    /// Enter and change buildings, units, residents and owners; imports.
    package static let editProperty = Permission("property:edit")
    /// Everybody of the company with their addresses and units.
    package static let seePeople = Permission("people:see")
    package static let property: [Permission] = [.seeProperty, .editProperty, .seePeople, .seeDelegations]
}
