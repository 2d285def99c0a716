import Database
import Forms
import Foundation
import HTML
import Web

/// A building, unit, entrance or common part as its form shows it.
struct EstateRecord: Sendable {
    let kind: EstateKind
    let id: UUID
    /// Its own id for a building.
    let buildingID: UUID
    let building: String
    let fields: [String: String]
    let version: Int
    let archivedAt: Date?

    var name: String { fields[kind.naming] ?? "" }

    /// Where people go from it: entrances and common parts have no page of their own.
    var path: WebPath {
        switch kind {
        case .unit: "/units/\(id.text)"
        default: "/buildings/\(buildingID.text)"
        }
    }

    var own: WebPath { "/\(kind.segment)/\(id.text)" }

    /// - Throws: `NotFound` also for another company's.
    static func find(_ kind: EstateKind, _ id: UUID, _ tenant: Int32, lock: Bool = false) -> Query<EstateRecord> {
        let building: SQL = kind == .building ? "r.id" : "r.building_id"
        let locked: SQL = lock ? "for update of r" : SQL.empty
        return Query<[EstateRecord]>.many(
            """
            select r.id, \(building) as building_id, b.name as building, \(kind.columns) as fields, r.version, r.archived_at
              from \(kind.table) r join app.building b on b.tenant_id = r.tenant_id and b.id = \(building)
             where r.tenant_id = \(tenant) and r.id = \(id) \(locked)
            """
        ) { try EstateRecord(kind, $0) }.map { found in
            guard let record = found.first else { throw NotFound() }
            return record
        }
    }

    private init(_ kind: EstateKind, _ row: Row) throws {
        self.kind = kind
        id = try row["id"]
        buildingID = try row["building_id"]
        building = try row["building"]
        let values: [String] = try row["fields"]
        fields = Dictionary(zip(kind.fields, values)) { first, _ in first }
        version = try row["version"]
        archivedAt = try row["archived_at"]
    }

    /// As the form's fields hold them: an area in square metres.
    func shown(_ decimal: String) -> [String: String] {
        var shown = fields
        shown["area"] = fields["area"].map { Area.text($0, decimal: decimal) }
        return shown
    }
}

/// Square metres, kept as whole hundredths.
enum Area {
    /// "75.5" for "7550"; empty stays empty.
    static func text(_ hundredths: String, decimal: String) -> String {
        guard let value = Int(hundredths), value >= 0 else { return "" }
        let rest = value % 100
        if rest == 0 { return String(value / 100) }
        let digits = rest < 10 ? "0\(rest)" : rest % 10 == 0 ? String(rest / 10) : String(rest)
        return "\(value / 100)\(decimal)\(digits)"
    }
}

/// The same for programs, with the fields under their own names.
struct EstateJSON: Encodable, Sendable {
    let record: EstateRecord

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    /// As `encode(to:)` writes it.
    static func shape(_ kind: EstateKind) -> JSONShape {
        var fields: [JSONShape.Field] = [.init("id", .text), .init("version", .integer), .init("archivedAt", .nullable(.instant))]
        if kind != .building { fields.append(.init("buildingId", .text)) }
        for name in kind.fields {
            switch name {
            case "floor": fields.append(.init(jsonName(name), .nullable(.integer)))
            case "area": fields.append(.init(jsonName(name), .nullable(.number)))
            case "entrance_id": fields.append(.init(jsonName(name), .nullable(.text)))
            default: fields.append(.init(jsonName(name), .text))
            }
        }
        let name = kind.rawValue.split(separator: "_").map(\.capitalized).joined()
        return .object(.init("Entered\(name)", fields))
    }

    private static func jsonName(_ name: String) -> String {
        name == "postal_code" ? "postalCode" : name == "entrance_id" ? "entranceId" : name
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(record.id.text, forKey: Key("id"))
        if record.kind != .building { try container.encode(record.buildingID.text, forKey: Key("buildingId")) }
        try container.encode(record.version, forKey: Key("version"))
        try container.encode(record.archivedAt, forKey: Key("archivedAt"))
        for name in record.kind.fields {
            let key = Key(Self.jsonName(name))
            let value = record.fields[name] ?? ""
            switch name {
            case "floor": try container.encode(Int(value), forKey: key)
            case "area": try container.encode(Double(value).map { $0 / 100 }, forKey: key)
            case "entrance_id": try container.encode(value.isEmpty ? nil : value, forKey: key)
            default: try container.encode(value, forKey: key)
            }
        }
    }
}
