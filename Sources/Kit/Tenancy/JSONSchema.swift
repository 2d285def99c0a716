/// The rules as JSON Schema (draft 2020-12), for editors: completion and errors while a tenant's file is written.
public enum JSONSchema {
    /// Text of a schema for `tenant.yaml`, made from the definition that the server reads with.
    public static func print(_ rules: TenantRules) -> String {
        let shape = TenantBase.shape(rules.vocabulary)
        let sections = rules.sections.map { JSON.Member(key: $0.key, value: $0.json(rules.vocabulary)) }
        let schema = JSON.object([
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
            "title": .string("Portico tenant"),
            "type": .string("object"),
            "properties": .object(shape.properties(rules.vocabulary) + sections),
            "required": .strings(shape.required),
            "additionalProperties": .bool(false)
        ])
        return schema.text() + "\n"
    }
}
