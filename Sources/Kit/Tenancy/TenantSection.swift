/// The part of `tenant.yaml` under one top-level key, owned by one area.
///
/// Read it with `tenant[FaultSettings.section]`; a file without the key gives `standard`.
public struct TenantSection<Value: Sendable>: Sendable {
    public let key: String
    let description: String
    let schema: Schema<Value>
    let standard: Value

    public init(_ key: String, _ description: String, _ schema: Schema<Value>, standard: Value) {
        self.key = key
        self.description = description
        self.schema = schema
        self.standard = standard
    }
}

/// A section without its type, so that the server can list them all on one page.
public struct AnyTenantSection: Sendable {
    let key: String
    let json: @Sendable (Vocabulary) -> JSON
    let read: @Sendable (YAMLNode, inout Reading) -> (any Sendable)?

    public init<Value>(_ section: TenantSection<Value>) {
        key = section.key
        json = { section.schema.json($0).adding("description", .string(section.description)) }
        read = { section.schema.read($0, &$1) }
    }
}
