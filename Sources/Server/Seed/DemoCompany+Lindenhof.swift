import Foundation

extension DemoCompany {
    /// German, euro: seven houses with 240 flats; most faults are assigned by rule. The town and its postal code do not exist.
    static let lindenhof = DemoCompany(
        slug: "lindenhof", words: .german, zone: TimeZone(identifier: "Europe/Berlin") ?? .gmt,
        password: "kastanie-regen-41-laterne",
        mailDomain: "lindenhof.example",
        houses: [
            House(
                name: "Lindenhof Vorderhaus", street: "Lindenstraße 8", postalCode: "05123", city: "Auenstadt", floors: 7,
                unitsPerFloor: 6, hasLift: true),
            House(
                name: "Lindenhof Gartenhaus", street: "Lindenstraße 8a", postalCode: "05123", city: "Auenstadt", floors: 5,
                unitsPerFloor: 4, hasLift: false),
            House(
                name: "Kastanienhof", street: "Kastanienallee 21–25", postalCode: "05125", city: "Auenstadt", floors: 6,
                unitsPerFloor: 8,
                hasLift: true),
            House(
                name: "Am Mühlgraben", street: "Am Mühlgraben 5", postalCode: "05121", city: "Auenstadt", floors: 4,
                unitsPerFloor: 6,
                hasLift: false),
            House(
                name: "Haus Sonnenwinkel", street: "Sonnenwinkel 3", postalCode: "05127", city: "Auenstadt", floors: 5,
                unitsPerFloor: 6,
                hasLift: true),
            House(
                name: "Uferhaus", street: "Uferstraße 31", postalCode: "05121", city: "Auenstadt", floors: 6, unitsPerFloor: 6,
                hasLift: true),
            House(
                name: "Rosenquartier", street: "Rosengasse 12–16", postalCode: "05127", city: "Auenstadt", floors: 5,
                unitsPerFloor: 8,
                hasLift: true)
        ],
        staff: [
            Staff(role: "admin", count: 2), Staff(role: "manager", count: 3), Staff(role: "caretaker", count: 3),
            Staff(role: "technician", count: 6)
        ],
        owners: 52, residents: 252, formerResidents: 34, faults: 1_200, photographed: 90,
        deadlineHours: [.urgent: 4, .high: 24, .normal: 72, .low: 336],
        categories: [
            Category(key: "plumbing", summer: 22, winter: 18, priority: .high),
            Category(key: "heating", summer: 3, winter: 34, priority: .high),
            Category(key: "electrical", summer: 13, winter: 14, priority: .normal),
            Category(key: "elevator", summer: 7, winter: 6, priority: .urgent, resolveHours: 8),
            Category(key: "structural", summer: 10, winter: 13, priority: .normal),
            Category(key: "common_area", summer: 15, winter: 9, priority: .normal, assigns: "caretaker"),
            Category(key: "security", summer: 11, winter: 11, priority: .high),
            Category(key: "cleaning", summer: 11, winter: 8, priority: .low, assigns: "caretaker"),
            Category(key: "other", summer: 9, winter: 6, priority: .normal)
        ])
}
