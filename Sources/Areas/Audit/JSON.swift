import Database
import Foundation
import Web

package struct AuditJSON: Codable, Sendable {
    let id: String
    let at: Date
    let actor: String?
    let onBehalfOf: String?
    let via: String?
    let action: String
    let entity: String
    let entityId: String?
    let before: [String: String?]?
    let after: [String: String?]?
    let address: String?
    let requestId: String?
    let seal: Int?

    package init(_ line: AuditLine) {
        id = line.id.text
        at = line.at
        actor = line.actor
        onBehalfOf = line.behalf
        via = line.via
        action = line.action
        entity = line.entity
        entityId = line.entityID?.text
        before = line.before?.auditValues
        after = line.after?.auditValues
        address = line.address
        requestId = line.requestID
        seal = line.seal
    }
}

extension JSONBytes {
    /// Stored values by field; nil when they are no object. Anything but a text stands as JSON writes it.
    var auditValues: [String: String?]? {
        (try? decode([String: AuditValue].self))?.mapValues(\.text)
    }
}

/// A stored value: text as a rule, but a line may hold whatever jsonb can.
private struct AuditValue: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            text = nil
        } else if let value = try? container.decode(String.self) {
            text = value
        } else if let value = try? container.decode(Bool.self) {
            text = String(value)
        } else if let value = try? container.decode(Int.self) {
            text = String(value)
        } else if let value = try? container.decode(Double.self) {
            text = String(value)
        } else if let values = try? container.decode([AuditValue].self) {
            text = values.map { $0.text ?? "–" }.joined(separator: ", ")
        } else {
            text = "…"
        }
    }
}

extension AuditLine {
    static let head = [
        "at", "actor", "on_behalf_of", "via", "action", "entity", "entity_id", "before", "after", "address", "request_id", "seal"
    ]

    /// For CSV: as stored, times in UTC.
    var cells: [String] {
        [
            at.formatted(.iso8601), actor ?? "", behalf ?? "", via ?? "", action, entity, entityID?.text ?? "",
            before?.text ?? "",
            after?.text ?? "", address ?? "", requestID ?? "", seal.map { String($0) } ?? ""
        ]
    }
}
