import Foundation

extension Schema where Value == TimeZone {
    /// A zone of the IANA database by its full name. Offsets and abbreviations (`GMT+1`, `CET`) know nothing of summer time or
    /// mean several places, so they are refused.
    static var timeZone: Schema {
        let text = Schema<String>.text(3...60)
        return Schema(json: { _ in
            .object(["type": .string("string"), "pattern": .string("^(UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2})$")])
        }) { node, reading in
            guard let name = text.read(node, &reading) else { return nil }
            if zoneNames.contains(name), let zone = TimeZone(identifier: name) { return zone }
            reading.refuseZone(name, at: node.position)
            return nil
        }
    }
}

extension Reading {
    fileprivate mutating func refuseZone(_ name: String, at position: Position) {
        let near = suggestion(for: name, among: zoneNames.sorted()).map { " – did you mean \"\($0)\"?" } ?? ""
        refuse("\(quoted(name)) is not an IANA time zone such as Europe/Berlin or UTC\(near)", at: position)
    }
}

private let zoneNames = Set(TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") } + ["UTC"])
