import Foundation

extension DemoRecords {
    struct Invitation: Sendable {
        let id: UUID
        let email: String
        let role: String
        let unit: Int?
        let inviter: Int
        let at: Date
        let expiresAt: Date
        var acceptedBy: Int?
        var revokedAt: Date?
    }

    struct Registration: Sendable {
        let id: UUID
        let email: String
        let name: String
        let requestedRole: String?
        let at: Date
        /// Nil: the address was never confirmed.
        var member: Int?
        var granted: Bool?
    }

    /// Invitations in every state, and where people may register by themselves, some who did.
    mutating func addArrivals(_ company: DemoCompany, _ span: DemoSpan) {
        guard let manager = faces["manager"] else { return }
        let residents = members.indices.filter { members[$0].roles == ["resident"] && members[$0].disabledAt == nil }
        let newcomers = ["robin.falk", "kim.sander", "sascha.lorenz", "toni.behrens", "alex.winter", "chris.marlow"]
        func invite(_ order: Int, _ email: String, days: Double, role: String = "resident", unit: Int? = nil) -> Invitation {
            let at = span.daysAgo(days).addingTimeInterval(9 * 3600)
            return Invitation(
                id: .demo(at: at, order: order, "\(company.slug)/invitation/\(order)"), email: email, role: role, unit: unit,
                inviter: manager, at: at, expiresAt: at.addingTimeInterval(14 * 86_400))
        }
        for (order, name) in newcomers.prefix(3).enumerated() {
            invitations.append(
                invite(
                    order, "\(name)@mail.example", days: Double(order + 1), role: order == 2 ? "technician" : "resident",
                    unit: order == 2 ? nil : order))
        }
        for (order, member) in residents.prefix(2).enumerated() {
            var accepted = invite(10 + order, members[member].email, days: 60 - Double(order))
            accepted.acceptedBy = member
            invitations.append(accepted)
        }
        var revoked = invite(20, "\(newcomers[3])@mail.example", days: 30)
        revoked.revokedAt = span.daysAgo(29)
        invitations += [revoked, invite(21, "\(newcomers[4])@mail.example", days: 40)]
        guard company.slug == "harbour", residents.count > 4 else { return }
        addRegistrations(company, span, Array(residents.suffix(3)))
    }

    private mutating func addRegistrations(_ company: DemoCompany, _ span: DemoSpan, _ residents: [Int]) {
        for (order, member) in residents.enumerated() {
            let at = span.daysAgo(Double(order) + 2).addingTimeInterval(19 * 3600)
            registrations.append(
                Registration(
                    id: .demo(at: at, order: order, "\(company.slug)/registration/\(order)"), email: members[member].email,
                    name: members[member].name, requestedRole: order == 2 ? nil : "owner", at: at, member: member,
                    granted: order == 1 ? false : nil))
        }
        let at = span.daysAgo(1).addingTimeInterval(20 * 3600)
        registrations.append(
            Registration(
                id: .demo(at: at, order: 9, "\(company.slug)/registration/9"), email: "sam.carver@mail.example",
                name: "Sam Carver", requestedRole: nil, at: at))
    }
}
