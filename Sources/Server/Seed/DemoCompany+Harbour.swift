import Foundation

extension DemoCompany {
    /// English, pounds: five houses with 160 flats; the front desk assigns nearly everything. The town and its postcode do not exist.
    static let harbour = DemoCompany(
        slug: "harbour", words: .english, zone: TimeZone(identifier: "Europe/London") ?? .gmt,
        password: "copper-kettle-93-orchard",
        mailDomain: "harbour.example",
        houses: [
            House(
                name: "Quayside House", street: "1 Quayside", postalCode: "SX4 2QP", city: "Saltmere", floors: 8,
                unitsPerFloor: 6,
                hasLift: true),
            House(
                name: "Lantern Court", street: "14–18 Lantern Street", postalCode: "SX4 1LC", city: "Saltmere", floors: 5,
                unitsPerFloor: 6,
                hasLift: true),
            House(
                name: "The Chandlery", street: "7 Rope Lane", postalCode: "SX4 2RL", city: "Saltmere", floors: 4,
                unitsPerFloor: 5,
                hasLift: false),
            House(
                name: "Gull Wing", street: "52 Breakwater Road", postalCode: "SX5 3BR", city: "Saltmere", floors: 5,
                unitsPerFloor: 6,
                hasLift: true),
            House(
                name: "Ropewalk Mews", street: "3 Ropewalk", postalCode: "SX4 2RW", city: "Saltmere", floors: 4, unitsPerFloor: 8,
                hasLift: true)
        ],
        staff: [Staff(role: "admin", count: 1), Staff(role: "manager", count: 3), Staff(role: "technician", count: 6)],
        owners: 38, residents: 170, formerResidents: 22, faults: 800, photographed: 60,
        deadlineHours: [.urgent: 2, .high: 24, .normal: 96, .low: 504],
        categories: [
            Category(key: "elevator", summer: 10, winter: 9, priority: .urgent, assigns: "technician"),
            Category(key: "security", summer: 15, winter: 14, priority: .high, resolveHours: 12, assigns: "technician"),
            Category(key: "plumbing", summer: 24, winter: 20, priority: .high),
            Category(key: "electrical", summer: 14, winter: 15, priority: .normal),
            Category(key: "heating", summer: 4, winter: 30, priority: .normal),
            Category(key: "structural", summer: 11, winter: 13, priority: .low),
            Category(key: "common_area", summer: 18, winter: 11, priority: .low),
            Category(key: "other", summer: 10, winter: 7, priority: .normal)
        ])
}
