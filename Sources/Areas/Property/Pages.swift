import HTML
import UI

/// `/buildings`.
package struct BuildingsPage: Sendable {
    var action: WebPath
    var words: Field
    var state: Field
    var states: [Choice]
    /// "12 buildings".
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath?
    var rows: [BuildingRow]
    /// Nil for those who may not enter any.
    var new: WebPath?
    var imports: WebPath?
}

package struct BuildingRow: Sendable {
    var path: WebPath
    var name: String
    var address: String
    var units: String
}

/// `/buildings/{id}`: a building with its units, entrances and common parts.
package struct BuildingPage: Sendable {
    var name: String
    var crumbs: [Crumb]
    var archived: Bool
    var facts: [Fact]
    /// "24 units".
    var summary: String
    var units: [UnitRow]
    var entrances: PartList
    var commonParts: PartList
    /// Nil for those who may not change it; the same below.
    var newUnit: WebPath?
    var edit: WebPath?
    /// POST.
    var archive: WebPath?
    var restore: WebPath?
    /// Nil when the viewer may not see or report faults.
    var faults: WebPath?
    var report: WebPath?
    /// The sheet for its staircase, for those who may print it.
    var sheet: WebPath?
    /// None for those who may not see its activity.
    var tabs: [Tab] = []
}

/// The entrances, or the common parts, of a building.
package struct PartList: Sendable {
    var title: String
    var rows: [PartRow]
    var new: WebPath?
}

package struct PartRow: Sendable {
    var name: String
    var note: String
    var archived: Bool
    var edit: WebPath?
    /// POST.
    var archive: WebPath?
    var restore: WebPath?
}

/// `/units`: the units of all buildings.
package struct UnitsPage: Sendable {
    var action: WebPath
    var words: Field
    var filters: [ListFilter]
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath
    var rows: [UnitRow]
    var pager: Pager
}

/// One select of a filter bar.
package struct ListFilter: Sendable {
    var field: Field
    var choices: [Choice]
    /// The choice that filters nothing.
    var all: String
}

package struct UnitRow: Sendable {
    var path: WebPath
    var label: String
    var building: String
    var floor: String
    var kind: String
    /// Names, joined; empty when nobody lives there.
    var residents: String
    var archived: Bool
}

/// `/units/{id}`: a unit with who lives in it and owns it.
package struct UnitPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var archived: Bool
    var facts: [Fact]
    /// Present and future ones.
    var residents: [OccupantRow]
    var owners: [OccupantRow]
    var former: [OccupantRow]
    /// What its owners have lent to others; empty for those who may not see that.
    var lent: [LentRow] = []
    /// Nil for those who may not change it; the same below.
    var newResident: WebPath?
    var newOwner: WebPath?
    var edit: WebPath?
    /// POST.
    var archive: WebPath?
    var restore: WebPath?
    var faults: WebPath?
    var report: WebPath?
    /// Writing to somebody about it; nil for those who only look at a member's pages.
    var write: WebPath?
    var tabs: [Tab] = []
}

package struct OccupantRow: Sendable {
    var name: String
    /// Nil for those who may not see people.
    var path: WebPath?
    var initials: String
    /// "Resident since 1 Mar 2024", "Owner, 2019 to 2023".
    var role: String
    /// "1/3"; empty for residents and where it is not on record.
    var share: String
    var former: Bool
    var end: WebPath?
    var transfer: WebPath?
    var withdraw: WebPath?
}

/// `/people`.
package struct PeoplePage: Sendable {
    var action: WebPath
    var words: Field
    var filters: [ListFilter]
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath
    /// Nil for those who invite nobody.
    var invite: WebPath? = nil
    var rows: [PersonRow]
    var pager: Pager
}

package struct PersonRow: Sendable {
    var path: WebPath
    var name: String
    var email: String
    var roles: String
    /// Where they live and what they own, joined.
    var places: String
    /// Second factor, disabled; what is out of the ordinary.
    var badges: [Badge] = []
    /// Nil: never.
    var signedIn: Moment?
}

/// `/people/{id}`.
package struct PersonPage: Sendable {
    var name: String
    var crumbs: [Crumb]
    var badges: [Badge] = []
    var facts: [Fact]
    /// Nil for those who decide nothing about this person.
    var desk: PersonDesk? = nil
    var present: [PlaceRow]
    var former: [PlaceRow]
    /// For those who may end them.
    var signIns: PersonSignIns?
}

/// What the viewer may do about somebody; each is nil where they may not, or where there is nothing to do.
package struct PersonDesk: Sendable {
    var roles: WebPath?
    var preview: WebPath?
    /// POST, both.
    var disable: WebPath?
    var enable: WebPath?
    var export: WebPath?
    var anonymise: WebPath?
    var activity: WebPath?
}

package struct PersonSignIns: Sendable {
    var signIns: String
    var tokens: String
    /// When any of them was last used.
    var seen: Moment?
    /// Nil when there is nothing to end.
    var end: WebPath?
}

package struct PlaceRow: Sendable {
    var path: WebPath
    var place: String
    var role: String
    var share: String
}
