import Database
import Foundation

extension DemoRecords {
    mutating func addPeople(_ company: DemoCompany, _ span: DemoSpan) {
        var town = Townspeople(company: company, span: span)
        for staff in company.staff {
            for _ in 0..<staff.count { members.append(town.worker(staff.role)) }
        }
        // One technician has left: known from old faults, cannot sign in.
        var former = town.worker("technician")
        former.disabledAt = span.daysAgo(150)
        members.append(former)
        let owners = (0..<company.owners).map { _ in
            members.append(town.neighbour("owner", since: nil))
            return members.count - 1
        }
        addOwners(owners, &town)
        addResidents(company, &town)
        addFormerResidents(company, &town)
        // Somebody from outside, who acts for an owner.
        members.append(town.neighbour("portal", since: nil))
        for role in company.staff.map(\.role) + ["owner", "resident", "portal"] { face(role, company) }
    }

    /// Every unit has one owner; the first owners have several.
    private mutating func addOwners(_ owners: [Int], _ town: inout Townspeople) {
        for unit in units.indices {
            let owner =
                unit < owners.count
                ? owners[unit] : owners[min(town.dice.whole(0...owners.count - 1), town.dice.whole(0...owners.count - 1))]
            occupy(unit, owner, "owner", since: town.span.day(daysAgo: town.dice.whole(700...6_000)))
        }
    }

    /// Nineteen of twenty flats are lived in, one in ten by its owner; some by two.
    private mutating func addResidents(_ company: DemoCompany, _ town: inout Townspeople) {
        var left = company.residents
        var settled = Set<Int>()
        var lived: [Int] = []
        for unit in units.indices where unit == 0 || !town.dice.chance(0.05) {
            let owner = occupancies[unit].member
            if unit > 0, town.dice.chance(0.1), settled.insert(owner).inserted {
                members[owner].roles.append("resident")
                occupy(unit, owner, "resident", since: occupancies[unit].since)
            } else {
                settle(unit, town.neighbour("resident", since: nil), &town)
            }
            left -= 1
            lived.append(unit)
        }
        while left > 0, let unit = lived.popLast() {
            guard let first = occupancies.last(where: { $0.unit == unit && $0.kind == "resident" }) else { continue }
            let partner = town.neighbour("resident", since: nil, family: members[first.member].name)
            members.append(partner)
            occupy(unit, members.count - 1, "resident", since: first.since)
            left -= 1
        }
    }

    private mutating func settle(_ unit: Int, _ member: Member, _ town: inout Townspeople) {
        members.append(member)
        let days = unit == 0 ? 1_900 : town.dice.whole(560...4_500)
        occupy(unit, members.count - 1, "resident", since: town.span.day(daysAgo: days))
    }

    /// Some flats changed hands within the span: the former resident left, the present one came a little later.
    private mutating func addFormerResidents(_ company: DemoCompany, _ town: inout Townspeople) {
        let candidates = occupancies.indices.filter { occupancies[$0].kind == "resident" && occupancies[$0].unit > 0 }
        var changed = Set<Int>()
        while changed.count < company.formerResidents {
            let present = candidates[town.dice.whole(0...candidates.count - 1)]
            let unit = occupancies[present].unit
            guard changed.insert(unit).inserted else { continue }
            let leftDays = town.dice.whole(40...500)
            let since = town.span.day(daysAgo: leftDays - town.dice.whole(2...30))
            for index in occupancies.indices where occupancies[index].unit == unit && occupancies[index].kind == "resident" {
                occupancies[index] = moved(occupancies[index], since: since, until: nil)
            }
            members.append(town.neighbour("resident", since: nil))
            occupy(
                unit, members.count - 1, "resident", since: town.span.day(daysAgo: town.dice.whole(900...3_000)),
                until: town.span.day(daysAgo: leftDays))
        }
    }

    private func moved(_ occupancy: Occupancy, since: CalendarDate, until: CalendarDate?) -> Occupancy {
        Occupancy(
            id: occupancy.id, unit: occupancy.unit, member: occupancy.member, kind: occupancy.kind, since: since, until: until)
    }

    private mutating func occupy(_ unit: Int, _ member: Int, _ kind: String, since: CalendarDate, until: CalendarDate? = nil) {
        let number = occupancies.count
        let at = units[unit].createdAt.addingTimeInterval(86_400)
        occupancies.append(
            Occupancy(
                id: .demo(at: at, order: number, "\(members[member].id)/\(units[unit].id)/\(kind)"), unit: unit, member: member,
                kind: kind,
                since: since, until: until))
    }

    /// The first of a role is the one who signs in: `manager@lindenhof.example`.
    private mutating func face(_ role: String, _ company: DemoCompany) {
        guard let first = members.firstIndex(where: { $0.roles.first == role && $0.disabledAt == nil }) else { return }
        faces[role] = first
        members[first].email = "\(role)@\(company.mailDomain)"
    }
}
