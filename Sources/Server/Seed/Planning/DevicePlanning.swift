import Foundation

extension DemoRecords {
    /// A machine of the company's with the token that it has; nobody has that.
    struct Device: Sendable {
        let id: UUID
        let token: UUID
        let maker: Int
        let name: String
        let place: String
        let scopes: [String]
        let madeAt: Date
        var usedAt: Date?
        var revokedAt: Date?

        var expiresAt: Date { madeAt.addingTimeInterval(365 * 86_400) }
    }

    /// One that works and one that was taken away.
    mutating func addDevices(_ company: DemoCompany, _ span: DemoSpan) {
        guard let admin = faces["admin"], let house = buildings.first else { return }
        func device(_ order: Int, _ name: String, _ place: String, made: Double) -> Device {
            let at = span.daysAgo(made).addingTimeInterval(9 * 3600)
            return Device(
                id: .demo(at: at, order: order, "\(company.slug)/device/\(order)"),
                token: .demo(at: at, order: order, "\(company.slug)/device-token/\(order)"), maker: admin, name: name,
                place: place,
                scopes: ["faults:report", "faults:see_all"], madeAt: at)
        }
        var panel = device(0, "Panel in the lobby", house.house.name, made: 60)
        panel.usedAt = span.daysAgo(1).addingTimeInterval(17 * 3600)
        var lift = device(1, "Gateway of the lift", "Plant room", made: 120)
        lift.usedAt = span.daysAgo(50)
        lift.revokedAt = span.daysAgo(48)
        devices += [panel, lift]
    }
}
