import Foundation
import Web

struct BuildingJSON: Codable, Sendable {
    struct Part: Codable, Sendable {
        let id: String
        let name: String
        let note: String
        let archived: Bool

        init(_ line: PartLine) {
            id = line.id.text
            name = line.name
            note = line.note
            archived = line.isArchived
        }
    }

    let id: String
    let name: String
    let street: String
    let postalCode: String
    let city: String
    let unitCount: Int
    let archived: Bool
    let units: [UnitJSON]?
    let entrances: [Part]?
    let commonParts: [Part]?

    init(_ line: BuildingLine) {
        self.init(line, nil, nil, nil)
    }

    init(_ line: BuildingLine, _ units: [UnitJSON]?, _ entrances: [PartLine]?, _ commonParts: [PartLine]?) {
        id = line.id.text
        name = line.name
        street = line.street
        postalCode = line.postalCode
        city = line.city
        unitCount = line.units
        archived = line.isArchived
        self.units = units
        self.entrances = entrances?.map(Part.init)
        self.commonParts = commonParts?.map(Part.init)
    }
}

struct UnitJSON: Codable, Sendable {
    let id: String
    let label: String
    let floor: Int
    let kind: String
    /// Square metres.
    let area: Double?
    let entrance: String?
    let buildingId: String
    let building: String
    let archived: Bool
    let residents: [String]
    let occupancies: [OccupancyJSON]?

    init(_ line: UnitLine, _ people: [OccupancyLine]? = nil) {
        id = line.id.text
        label = line.label
        floor = line.floor
        kind = line.kind.rawValue
        area = line.area.map { Double($0) / 100 }
        entrance = line.entrance
        buildingId = line.buildingID.text
        building = line.building
        archived = line.isArchived
        residents = line.residents
        occupancies = people?.map(OccupancyJSON.init)
    }
}

extension UnitLine {
    /// For CSV.
    var cells: [String] {
        [
            building, label, String(floor), kind.rawValue, area.map { Area.text(String($0), decimal: ".") } ?? "", entrance ?? "",
            residents.joined(separator: ", ")
        ]
    }
}
