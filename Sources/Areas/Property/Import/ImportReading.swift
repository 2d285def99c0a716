import Database
import Foundation

/// What one row says, read by the mapping; and what is wrong with it.
struct ImportReading: Sendable {
    struct Problem: Sendable, Equatable {
        let field: ImportField
        let value: String
        let code: String
    }

    let number: Int32
    private(set) var texts: [ImportField: String] = [:]
    private(set) var floor: Int32?
    private(set) var area: Int32?
    private(set) var unitKind: String?
    private(set) var role: OccupancyKind?
    private(set) var share: Share?
    private(set) var since: CalendarDate?
    private(set) var until: CalendarDate?
    private(set) var problems: [Problem] = []

    init(_ number: Int32, _ cells: [String], _ mapping: [ImportField: Int], columns: Int) {
        self.number = number
        for (field, column) in mapping where cells.indices.contains(column) && !cells[column].isEmpty {
            texts[field] = cells[column]
        }
        if cells.dropFirst(columns).contains(where: { !$0.isEmpty }) { fail(.building, "too_many_cells", cells.last ?? "") }
        checkLengths()
        readUnit()
        readPerson()
    }

    subscript(_ field: ImportField) -> String? { texts[field] }

    private static let lengths: [ImportField: Int] = [
        .building: 120, .street: 200, .postalCode: 20, .city: 120, .entrance: 60, .unit: 60, .person: 120, .email: 254
    ]

    private mutating func checkLengths() {
        for (field, most) in Self.lengths where (texts[field]?.unicodeScalars.count ?? 0) > most { fail(field, "too_long") }
    }

    private mutating func readUnit() {
        if let text = texts[.floor] {
            floor = Self.floor(text)
            if floor == nil { fail(.floor, "floor_invalid") }
        }
        if let text = texts[.area] {
            area = Self.area(text)
            if area == nil { fail(.area, "area_invalid") }
        }
        if let text = texts[.unitKind] {
            unitKind = Self.kinds[ImportField.plain(text)]
            if unitKind == nil { fail(.unitKind, "kind_unknown") }
        }
        if texts[.building] == nil {
            for field in [ImportField.street, .postalCode, .city, .entrance, .unit] where texts[field] != nil {
                return fail(.building, "required", "")
            }
            if texts[.email] == nil { fail(.building, "required", "") }
        }
        if texts[.unit] == nil {
            for field in [ImportField.entrance, .floor, .area, .unitKind] where texts[field] != nil {
                return fail(.unit, "required", "")
            }
        }
    }

    private mutating func readPerson() {
        if let text = texts[.share] {
            share = Share(text)
            if share == nil { fail(.share, "share_invalid") }
        }
        if let text = texts[.role] {
            role = Self.roles[ImportField.plain(text)]
            if role == nil { fail(.role, "role_unknown") }
        } else if texts[.email] != nil {
            role = texts[.share] == nil ? .resident : .owner
        }
        if role == .resident, texts[.share] != nil { fail(.share, "share_of_resident") }
        since = date(.since)
        until = date(.until)
        if let since, let until, until < since { fail(.until, "ends_before_start") }
        if until != nil, texts[.since] == nil { fail(.since, "required", "") }
        if let text = texts[.email] {
            texts[.email] = text.lowercased()
            if !Self.isAddress(text) { fail(.email, "email_invalid") }
        } else {
            for field in [ImportField.person, .role, .share, .since, .until] where texts[field] != nil {
                return fail(.email, "required", "")
            }
        }
        if texts[.unit] == nil, texts[.share] != nil || texts[.since] != nil { fail(.unit, "required", "") }
    }

    private mutating func date(_ field: ImportField) -> CalendarDate? {
        guard let text = texts[field] else { return nil }
        let date = Self.date(text)
        if date == nil { fail(field, "date_invalid") }
        return date
    }

    private mutating func fail(_ field: ImportField, _ code: String, _ value: String? = nil) {
        guard !problems.contains(where: { $0.field == field }) else { return }
        problems.append(Problem(field: field, value: String((value ?? texts[field] ?? "").prefix(200)), code: code))
    }
}

// MARK: - How people write things

extension ImportReading {
    /// `2026-11-21` or `21.11.2026`, from 1900 to 2199.
    static func date(_ text: String) -> CalendarDate? {
        let date: CalendarDate?
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 3,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 4 && $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }),
            parts[2].utf8.count == 4, let day = Int(parts[0]), let month = Int(parts[1]), let year = Int(parts[2])
        {
            date = CalendarDate(year: year, month: month, day: day)
        } else {
            date = CalendarDate(text)
        }
        return date.flatMap { (1900...2199).contains($0.year) ? $0 : nil }
    }

    /// `3`, `-1`, `EG`, `3. OG`, `1. UG`, `ground floor`.
    static func floor(_ text: String) -> Int32? {
        if let number = Int32(text) { return (-20...200).contains(number) ? number : nil }
        let plain = ImportField.plain(text)
        if ["eg", "erdgeschoss", "parterre", "groundfloor", "ground", "gf"].contains(plain) { return 0 }
        let digits = plain.filter(\.isNumber)
        let words = plain.filter { !$0.isNumber }
        guard digits.utf8.count <= 3, let number = digits.isEmpty ? 1 : Int32(digits), (0...200).contains(number) else {
            return nil
        }
        if ["og", "obergeschoss", "etage", "stock", "floor"].contains(words) { return digits.isEmpty ? nil : number }
        if ["ug", "untergeschoss", "keller", "basement"].contains(words), number <= 20 { return -number }
        return nil
    }

    /// Square metres with up to two decimals, by point or comma: `75,5`, `1.234,50 m²`. In hundredths.
    static func area(_ text: String) -> Int32? {
        var plain = text.filter { !$0.isWhitespace }
        for unit in ["m²", "m2", "qm", "sqm"] where plain.lowercased().hasSuffix(unit) { plain.removeLast(unit.count) }
        if let comma = plain.lastIndex(of: ","), let point = plain.lastIndex(of: ".") {
            plain.removeAll { $0 == (comma > point ? "." : ",") }
        }
        let halves = plain.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "," || $0 == "." }
        let fraction = halves.count == 2 ? halves[1] : ""
        guard let whole = halves.first, !whole.isEmpty, fraction.count <= 2, whole.count <= 6,
            (whole + fraction).utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let value = Int32(whole + fraction + String(repeating: "0", count: 2 - fraction.count)),
            (1...10_000_000).contains(value)
        else { return nil }
        return value
    }

    private static let kinds = words(UnitKind.self) {
        switch $0 {
        case .flat: ["flat", "apartment", "wohnung", "whg"]
        case .commercial: ["commercial", "shop", "office", "gewerbe", "laden", "buro", "buero"]
        case .parking: ["parking", "garage", "parkingspace", "stellplatz", "tiefgarage"]
        case .storage: ["storage", "cellar", "keller", "lager", "kellerabteil"]
        case .other: ["other", "sonstiges", "andere"]
        }
    }.mapValues(\.rawValue)

    private static let roles = words(OccupancyKind.self) {
        switch $0 {
        case .resident: ["resident", "tenant", "mieter", "mieterin", "bewohner", "bewohnerin"]
        case .owner: ["owner", "eigentumer", "eigentumerin", "eigentuemer", "eigentuemerin"]
        }
    }

    private static func words<Value: CaseIterable>(_: Value.Type, _ words: (Value) -> [String]) -> [String: Value] {
        var table: [String: Value] = [:]
        for value in Value.allCases { for word in words(value) { table[word] = value } }
        return table
    }

    private static func isAddress(_ text: String) -> Bool {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        return halves.count == 2 && halves.allSatisfy { !$0.isEmpty && $0.utf8.count <= 190 } && halves[1].contains(".")
            && !halves[1].hasPrefix(".") && !halves[1].hasSuffix(".") && !text.contains("..")
            && !text.unicodeScalars.contains { $0.properties.isWhitespace || "<>()[],;:\\\"".unicodeScalars.contains($0) }
    }
}
