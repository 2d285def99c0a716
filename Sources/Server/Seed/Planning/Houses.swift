import Foundation

extension DemoRecords {
    mutating func addHouses(_ company: DemoCompany, _ span: DemoSpan) {
        let at = span.founded
        for (number, house) in company.houses.enumerated() {
            let name = "\(company.slug)/building/\(number)"
            buildings.append(Building(id: .demo(at: at, order: number, name), house: house, createdAt: at))
            var count = 0
            for floor in 0..<house.floors {
                for place in 1...house.unitsPerFloor {
                    count += 1
                    let created = at.addingTimeInterval(Double(number * 60 + count))
                    units.append(
                        Unit(
                            id: .demo(at: created, "\(name)/unit/\(count)"), building: number,
                            label: company.words.unit(floor, place, count), floor: floor, createdAt: created))
                }
            }
        }
    }
}
