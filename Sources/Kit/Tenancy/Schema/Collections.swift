extension Schema {
    /// A list; items are named in errors by their number, from 1.
    public static func list<Item: Sendable>(of item: Schema<Item>, count: ClosedRange<Int> = 0...100) -> Schema<[Item]>
    where Value == [Item] {
        Schema(
            json: {
                .object([
                    "type": .string("array"), "items": item.json($0), "minItems": .integer(count.lowerBound),
                    "maxItems": .integer(count.upperBound)
                ])
            }, print: { printed($0, by: item) }
        ) { node, reading in readItems(node, item, count, &reading) }
    }

    /// A list in which nothing stands twice.
    public static func distinct<Item: Sendable & Hashable>(_ item: Schema<Item>, count: ClosedRange<Int> = 0...100) -> Schema<
        [Item]
    >
    where Value == [Item] {
        Schema(
            json: {
                .object([
                    "type": .string("array"), "items": item.json($0), "minItems": .integer(count.lowerBound),
                    "maxItems": .integer(count.upperBound), "uniqueItems": .bool(true)
                ])
            }, print: { printed($0, by: item) }
        ) { node, reading in
            guard let items = readItems(node, item, count, &reading), case .list(let nodes) = node.content else { return nil }
            var seen = Set<Item>()
            for (value, place) in zip(items, nodes) where !seen.insert(value).inserted {
                reading.refuse("\(place.kind) stands here twice: remove one", at: place.position)
                return nil
            }
            return items
        }
    }

    /// A mapping from keys that the tenant chooses; the order of the file is kept.
    public static func keyed<Item: Sendable>(
        by key: TextFormat = .key, of item: Schema<Item>, count: ClosedRange<Int> = 0...100
    ) -> Schema<Keyed<Item>> where Value == Keyed<Item> {
        Schema(json: {
            .object([
                "type": .string("object"), "propertyNames": .object(["pattern": .string(key.pattern)]),
                "additionalProperties": item.json($0), "minProperties": .integer(count.lowerBound),
                "maxProperties": .integer(count.upperBound)
            ])
        }) { node, reading in
            guard let entries = reading.mapping(node) else { return nil }
            reading.count(entries.count, in: count, at: node.position)
            var values: [Keyed<Item>.Entry] = []
            for entry in entries {
                reading.at(entry.key) { reading in
                    if !key.matches(entry.key) {
                        reading.refuse("\(quoted(entry.key)) is not \(key.description)", at: entry.position)
                    }
                    if let value = item.read(entry.value, &reading) { values.append(.init(key: entry.key, value: value)) }
                }
            }
            return values.count == entries.count ? Keyed(values) : nil
        }
    }
}

/// Values by key, in the order of the file.
public struct Keyed<Value: Sendable>: Sendable, RandomAccessCollection {
    public struct Entry: Sendable {
        public let key: String
        public let value: Value
    }

    private let entries: [Entry]
    private let places: [String: Int]

    public init(_ entries: [Entry]) {
        self.entries = entries
        places = Dictionary(zip(entries.map(\.key), entries.indices), uniquingKeysWith: { first, _ in first })
    }

    public subscript(key: String) -> Value? { places[key].map { entries[$0].value } }
    public var keys: [String] { entries.map(\.key) }
    public var startIndex: Int { entries.startIndex }
    public var endIndex: Int { entries.endIndex }
    public subscript(position: Int) -> Entry { entries[position] }
}

extension Reading {
    mutating func mapping(_ node: YAMLNode) -> [YAMLEntry]? {
        if case .mapping(let entries) = node.content { return entries }
        refuse("must be a mapping (key: value), not \(node.kind)", at: node.position)
        return nil
    }

    mutating func count(_ found: Int, in range: ClosedRange<Int>, at position: Position) {
        if !range.contains(found) {
            refuse("must have \(range.lowerBound) to \(range.upperBound) entries, has \(found)", at: position)
        }
    }
}

private func printed<Item>(_ items: [Item], by schema: Schema<Item>) -> JSON? {
    let texts = items.compactMap(schema.print)
    return texts.count == items.count ? .array(texts) : nil
}

private func readItems<Item>(
    _ node: YAMLNode, _ schema: Schema<Item>, _ count: ClosedRange<Int>, _ reading: inout Reading
) -> [Item]? {
    guard case .list(let nodes) = node.content else {
        reading.refuse("must be a list, not \(node.kind)", at: node.position)
        return nil
    }
    reading.count(nodes.count, in: count, at: node.position)
    var items: [Item] = []
    for (number, node) in nodes.enumerated() {
        reading.at(String(number + 1)) { reading in
            if let item = schema.read(node, &reading) { items.append(item) }
        }
    }
    return items.count == nodes.count && count.contains(items.count) ? items : nil
}
