import HTML
import UI

/// `/buildings`.
package struct BuildingsPage: Sendable {
    var action: WebPath
    var words: Field
    /// "12 buildings".
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath?
    var rows: [BuildingRow]
}

package struct BuildingRow: Sendable {
    var path: WebPath
    var name: String
    var address: String
    var units: String
}

/// `/buildings/{id}`: a building with its units.
package struct BuildingPage: Sendable {
    var name: String
    var crumbs: [Crumb]
    var facts: [Fact]
    /// "24 units".
    var summary: String
    var units: [UnitRow]
    /// Nil when the viewer may not see or report faults.
    var faults: WebPath?
    var report: WebPath?
    /// None for those who may not see its activity.
    var tabs: [Tab] = []
}

package struct UnitRow: Sendable {
    var path: WebPath
    var label: String
    var floor: String
    /// Names, joined; empty when nobody lives there.
    var residents: String
}

/// `/units/{id}`: a unit with who lives in it and owns it.
package struct UnitPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var facts: [Fact]
    var people: [OccupantRow]
    var faults: WebPath?
    var report: WebPath?
    var tabs: [Tab] = []
}

package struct OccupantRow: Sendable {
    var name: String
    var initials: String
    /// "Resident since 1 Mar 2024", "Owner, 2019 to 2023".
    var role: String
    var former: Bool
}
