import Database
import Forms
import Foundation
import HTML

/// What a house is made of. All four are entered, changed and archived the same way.
enum EstateKind: String, CaseIterable, Sendable {
    case building, unit, entrance
    case commonPart = "common_part"

    /// As addresses name it.
    var segment: String {
        switch self {
        case .building: "buildings"
        case .unit: "units"
        case .entrance: "entrances"
        case .commonPart: "common-parts"
        }
    }

    /// In English, for programs.
    var article: String {
        switch self {
        case .building: "a building"
        case .unit: "a unit"
        case .entrance: "an entrance"
        case .commonPart: "a common part"
        }
    }

    var table: SQL {
        switch self {
        case .building: "app.building"
        case .unit: "app.unit"
        case .entrance: "app.entrance"
        case .commonPart: "app.common_part"
        }
    }

    /// Names of the form's fields; `columns` gives their values as text, in the same order.
    var fields: [String] {
        switch self {
        case .building: ["name", "street", "postal_code", "city"]
        case .unit: ["label", "floor", "kind", "area", "entrance_id"]
        case .entrance, .commonPart: ["name", "note"]
        }
    }

    var columns: SQL {
        switch self {
        case .building: "array[r.name, r.street, r.postal_code, r.city]"
        case .unit: "array[r.label, r.floor::text, r.kind, coalesce(r.area::text, ''), coalesce(r.entrance_id::text, '')]"
        case .entrance, .commonPart: "array[r.name, r.note]"
        }
    }

    /// The field that must be its only one in the company or building.
    var naming: String { self == .unit ? "label" : "name" }

    func read(_ name: String, _ form: inout FormReader) -> String {
        switch (self, name) {
        case (.building, "name"), (.building, "city"): form.text(name, .required, .max(120))
        case (.building, "street"): form.text(name, .required, .max(200))
        case (.building, "postal_code"): form.text(name, .required, .max(20))
        case (.unit, "label"), (_, "name"): form.text(name, .required, .max(60))
        case (.unit, "floor"): String(form.optionalInt(name, in: -20...200) ?? 0)
        case (.unit, "kind"): form.choice(name, UnitKind.self, default: .flat).rawValue
        case (.unit, "area"): readArea(&form)
        case (.unit, "entrance_id"): form.optionalUUID(name).map { $0.uuidString.lowercased() } ?? ""
        default: form.text(name, .max(500), .lines)
        }
    }

    /// Hundredths of a square metre; people may write a point or a comma.
    private func readArea(_ form: inout FormReader) -> String {
        let decimal: Character = form.values["area"].contains(",") ? "," : "."
        return form.optionalScaled("area", digits: 2, decimal: decimal, in: 1...10_000_000).map(String.init) ?? ""
    }
}

package enum UnitKind: String, CaseIterable, Sendable, SQLBindable, SQLDecodable {
    case flat, commercial, parking, storage, other
}

extension EstateKind {
    /// `name = …, street = …` for an UPDATE.
    func assignments(_ fields: [String: String]) -> SQL {
        let text = { (name: String) in fields[name] ?? "" }
        return switch self {
        case .building:
            "name = \(text("name")), street = \(text("street")), postal_code = \(text("postal_code")), city = \(text("city"))"
        case .unit:
            """
            label = \(text("label")), floor = \(Int32(text("floor")) ?? 0), kind = \(text("kind")), area = \(Int32(text("area"))),
            entrance_id = \(UUID(uuidString: text("entrance_id")))
            """
        case .entrance, .commonPart: "name = \(text("name")), note = \(text("note"))"
        }
    }

    func insert(_ id: UUID, in building: UUID?, _ fields: [String: String], _ tenant: Int32) -> SQL {
        let text = { (name: String) in fields[name] ?? "" }
        return switch self {
        case .building:
            """
            insert into app.building(tenant_id, id, name, street, postal_code, city)
            values (\(tenant), \(id), \(text("name")), \(text("street")), \(text("postal_code")), \(text("city")))
            """
        case .unit:
            """
            insert into app.unit(tenant_id, id, building_id, label, floor, kind, area, entrance_id)
            values (\(tenant), \(id), \(building), \(text("label")), \(Int32(text("floor")) ?? 0), \(text("kind")),
                    \(Int32(text("area"))), \(UUID(uuidString: text("entrance_id"))))
            """
        case .entrance, .commonPart:
            """
            insert into \(table)(tenant_id, id, building_id, name, note)
            values (\(tenant), \(id), \(building), \(text("name")), \(text("note")))
            """
        }
    }
}
