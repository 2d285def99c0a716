import Database
import Foundation

extension DemoRecords {
    /// An entrance or a common part.
    struct Part: Sendable {
        let id: UUID
        let building: Int
        let name: String
        let createdAt: Date
    }

    /// What a unit's form shows besides its label and floor.
    struct UnitFacts: Sendable {
        /// Hundredths of a square metre.
        let area: Int32
        let entrance: UUID?
    }

    /// An owner's part of a unit: numerator and denominator.
    struct OwnedPart: Sendable {
        let numerator: Int64
        let denominator: Int64
    }

    /// Entrances and common parts of every house. Dice of its own, so that nothing else of the demo data moves.
    mutating func addParts(_ company: DemoCompany) {
        for (number, building) in buildings.enumerated() {
            let count = max(1, (building.house.unitsPerFloor + 3) / 4)
            let start = entrances.count
            for place in 0..<count {
                entrances.append(
                    part(number, company.words.entrance(place), "entrance/\(place)", place, company, building.createdAt))
            }
            for (place, name) in company.words.commonParts.enumerated() where building.house.hasLift || place > 0 {
                commonParts.append(part(number, name, "common/\(place)", place, company, building.createdAt))
            }
            var dice = Dice(company.slug, "areas", String(number))
            let own = units.indices.filter { units[$0].building == number }
            for (place, unit) in own.enumerated() {
                let column = place % building.house.unitsPerFloor
                unitFacts[unit] = UnitFacts(
                    area: Int32(dice.whole(34...118)) * 100 + Int32(dice.pick([0, 25, 50, 75])),
                    entrance: entrances[start + min(count - 1, column / 4)].id)
            }
        }
    }

    private func part(_ building: Int, _ name: String, _ key: String, _ order: Int, _ company: DemoCompany, _ at: Date) -> Part {
        Part(
            id: .demo(at: at, order: order, "\(company.slug)/building/\(building)/\(key)"), building: building, name: name,
            createdAt: at)
    }

    /// Who owns which part: most units belong to one, some to two halves, some to three thirds, a few to uneven parts.
    mutating func addShares(_ company: DemoCompany) {
        var dice = Dice(company.slug, "shares")
        let sole = occupancies.indices.filter { occupancies[$0].kind == "owner" }
        let owners = Array(Set(sole.map { occupancies[$0].member })).sorted()
        for index in sole {
            let parts = dice.pick([[1], [1], [1], [1], [1], [1], [1, 1], [1, 1], [1, 1, 1], [271, 729]])
            let whole = parts.reduce(0, +)
            shares[occupancies[index].id] = OwnedPart(numerator: Int64(parts[0]), denominator: Int64(whole))
            var taken = Set([occupancies[index].member])
            for part in parts.dropFirst() {
                var other = dice.pick(owners)
                while !taken.insert(other).inserted { other = dice.pick(owners) }
                let unit = occupancies[index].unit
                let at = units[unit].createdAt.addingTimeInterval(86_400)
                let occupancy = Occupancy(
                    id: .demo(at: at, order: occupancies.count, "\(members[other].id)/\(units[unit].id)/part"), unit: unit,
                    member: other, kind: "owner", since: occupancies[index].since, until: nil)
                shares[occupancy.id] = OwnedPart(numerator: Int64(part), denominator: Int64(whole))
                occupancies.append(occupancy)
            }
        }
    }
}
