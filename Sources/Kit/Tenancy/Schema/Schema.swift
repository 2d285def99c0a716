/// What may stand at one place of a tenant's file: reads it into a Swift value and prints itself as JSON Schema. One definition
/// does both, so that an editor and the server cannot disagree.
///
/// Schemas are built from each other: `.text()`, `.integer(1...72)`, `.choice(of: Priority.self)`, `.list(of:)`, `.keyed(of:)`,
/// `.object(.required("title", .translated()), …, make: Category.init)`, `.variant("rule", …)`.
public struct Schema<Value: Sendable>: Sendable {
    /// Nil when a problem was noted; reading goes on elsewhere, so that one run reports everything.
    let read: @Sendable (YAMLNode, inout Reading) -> Value?
    let json: @Sendable (Vocabulary) -> JSON
    /// The value as JSON, for printing defaults; nil where a default would be longer than it is useful.
    let print: @Sendable (Value) -> JSON?

    init(
        json: @escaping @Sendable (Vocabulary) -> JSON, print: @escaping @Sendable (Value) -> JSON? = { _ in nil },
        read: @escaping @Sendable (YAMLNode, inout Reading) -> Value?
    ) {
        self.json = json
        self.print = print
        self.read = read
    }

    /// The same place in the file, as another Swift type.
    public func map<Other: Sendable>(_ make: @escaping @Sendable (Value) -> Other) -> Schema<Other> {
        Schema<Other>(json: json) { node, reading in read(node, &reading).map(make) }
    }

    /// A rule that JSON Schema cannot say. `problem` returns what is wrong, or nil; `rule` is printed as `$comment`.
    public func checked(_ rule: String, _ problem: @escaping @Sendable (Value) -> String?) -> Schema {
        Schema(json: { json($0).adding("$comment", .string(rule)) }, print: print) { node, reading in
            guard let value = read(node, &reading) else { return nil }
            guard let message = problem(value) else { return value }
            reading.refuse(message, at: node.position)
            return nil
        }
    }
}
