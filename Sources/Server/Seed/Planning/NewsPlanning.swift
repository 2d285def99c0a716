import Foundation

extension DemoRecords {
    struct News: Sendable {
        let id: UUID
        let script: DemoNews
        let at: Date
        let author: Int
        /// Whom it is for, today.
        let readers: [Int]
        let building: Int?
        let entrance: UUID?
        let unit: Int?
    }

    mutating func addNews(_ company: DemoCompany, _ span: DemoSpan) {
        guard let author = faces["manager"], let flat = faces["resident"].flatMap({ home(of: $0) }) else { return }
        for (number, script) in DemoNews.all(language).enumerated() {
            let at = span.daysAgo(script.daysAgo)
            var (building, entrance, unit): (Int?, UUID?, Int?)
            switch script.whom {
            case .everybody, .roles: break
            case .house: building = units[flat].building
            case .entrance: entrance = entrances.first { $0.building == units[flat].building }?.id
            case .flat: unit = flat
            }
            if case .entrance = script.whom, entrance == nil { building = units[flat].building }
            news.append(
                News(
                    id: .demo(at: at, order: number, "\(company.slug)/news/\(number)"), script: script, at: at, author: author,
                    readers: readers(script.whom, building: units[flat].building, unit: flat), building: building,
                    entrance: entrance, unit: unit))
        }
    }

    private func home(of member: Int) -> Int? {
        occupancies.first { $0.member == member && $0.kind == "resident" && $0.until == nil }?.unit
    }

    private func readers(_ whom: DemoNews.Whom, building: Int, unit: Int) -> [Int] {
        let present = members.indices.filter { members[$0].disabledAt == nil }
        switch whom {
        case .everybody: return present
        case .roles(let roles): return present.filter { !Set(members[$0].roles).isDisjoint(with: roles) }
        case .house, .entrance:
            let there = Set(occupancies.filter { $0.until == nil && units[$0.unit].building == building }.map(\.member))
            return present.filter(there.contains)
        case .flat:
            let there = Set(occupancies.filter { $0.until == nil && $0.unit == unit }.map(\.member))
            return present.filter(there.contains)
        }
    }

    /// The building of whoever signs in as a resident.
    var houseOfFace: Int? { faces["resident"].flatMap { home(of: $0) }.map { units[$0].building } }
}
