import Forms
import Web

extension JSONShape {
    /// JSON Schema; named objects are only referred to.
    var schema: Tree {
        switch self {
        case .text: ["type": "string"]
        case .instant: ["type": "string", "format": "date-time"]
        case .choice(let values): ["type": "string", "enum": .texts(values)]
        case .integer: ["type": "integer"]
        case .number: ["type": "number"]
        case .bool: ["type": "boolean"]
        case .any: [:]
        case .list(let item): ["type": "array", "items": item.schema]
        case .map(let value): ["type": "object", "additionalProperties": value.schema]
        case .nullable(let shape): ["anyOf": [shape.schema, ["type": "null"]]]
        case .object(let object): object.name.map { .reference("schemas/\($0)") } ?? object.schema
        }
    }

    /// Itself and all that it is made of.
    var objects: [Object] {
        switch self {
        case .list(let shape), .map(let shape), .nullable(let shape): shape.objects
        case .object(let object): [object] + object.fields.flatMap(\.shape.objects)
        default: []
        }
    }
}

extension JSONShape.Object {
    var schema: Tree {
        let required = fields.filter(\.isAlways).map(\.name)
        let properties = Dictionary(fields.map { ($0.name, $0.shape.schema) }, uniquingKeysWith: { first, _ in first })
        let schema: Tree = ["type": "object", "properties": .object(properties)]
        return required.isEmpty ? schema : schema.with(["required": .texts(required)])
    }
}

extension FieldShape {
    /// Of its value, however often it may be given.
    func schema(binary: Bool = false) -> Tree {
        let one = kinds.count == 1 ? kinds[0].schema(binary) : ["anyOf": .list(kinds.map { $0.schema(binary) })]
        var whole = one
        if let count {
            whole = ["type": "array", "items": one, "maxItems": .number(count.upperBound)]
            if count.lowerBound > 0 { whole = whole.with(["minItems": .number(count.lowerBound)]) }
        } else if isRequired, case .text = kinds.first {
            whole = whole.with(["minLength": 1])
        }
        return note.map { whole.with(["description": .text($0)]) } ?? whole
    }
}

extension FieldShape.Kind {
    fileprivate func schema(_ binary: Bool) -> Tree {
        switch self {
        case .text(_, let max, _): ["type": "string", "maxLength": .number(max)]
        case .email: ["type": "string", "format": "email", "maxLength": 254]
        case .password: ["type": "string", "format": "password"]
        case .flag: ["type": "boolean"]
        case .uuid: ["type": "string", "format": "uuid"]
        case .date: ["type": "string", "format": "date"]
        case .instant: ["type": "string", "format": "date-time"]
        case .choice(let values): ["type": "string", "enum": .texts(values)]
        case .listed: ["type": "string", "description": "One of those that the company has"]
        case .int(let range): .object(Self.bounds("integer", range.lowerBound, range.upperBound))
        case .decimal(let digits, let range):
            [
                "type": "number", "minimum": .decimal(Self.scaled(range.lowerBound, digits)),
                "maximum": .decimal(Self.scaled(range.upperBound, digits)), "description": .text("At most \(digits) decimals")
            ]
        case .number(let range): ["type": "number", "minimum": .decimal(range.lowerBound), "maximum": .decimal(range.upperBound)]
        case .file(let max): binary ? ["type": "string", "format": "binary"] : Self.file(max)
        case .rows(let fields): fields.objectSchema(binary: binary)
        }
    }

    /// As JSON has it: base64 alone, or with a name.
    private static func file(_ max: Int) -> Tree {
        let data: Tree = ["type": "string", "contentEncoding": "base64", "description": .text("At most \(max >> 20) MiB")]
        return [
            "anyOf": [
                data,
                [
                    "type": "object", "required": ["filename", "data"],
                    "properties": ["filename": ["type": "string"], "contentType": ["type": "string"], "data": data]
                ]
            ]
        ]
    }

    private static func bounds(_ type: String, _ least: Int, _ most: Int) -> [String: Tree] {
        var members: [String: Tree] = ["type": .text(type)]
        if least > Int.min { members["minimum"] = .number(least) }
        if most < Int.max { members["maximum"] = .number(most) }
        return members
    }

    static func scaled(_ value: Int64, _ digits: Int) -> Double {
        (0..<digits).reduce(Double(value)) { number, _ in number / 10 }
    }
}

extension [FieldShape] {
    /// Names with dots lead into objects.
    func objectSchema(binary: Bool = false) -> Tree {
        var properties: [String: Tree] = [:]
        var required: [String] = []
        for (name, group) in Dictionary(grouping: self, by: { String($0.jsonName.prefix { $0 != "." }) }) {
            let inner = group.compactMap { $0.within(name) }
            if inner.isEmpty, let field = group.first {
                properties[name] = field.schema(binary: binary)
                if field.isRequired { required.append(name) }
                continue
            }
            properties[name] = inner.objectSchema(binary: binary)
            // Where an object may be left out, or a text stands for it, nothing in it is always needed.
            if let field = group.first(where: { $0.jsonName == name }) {
                properties[name] = ["anyOf": [field.schema(binary: binary), inner.objectSchema(binary: binary)]]
            }
            if inner.contains(where: \.isRequired) { required.append(name) }
        }
        let schema: Tree = ["type": "object", "properties": .object(properties)]
        return required.isEmpty ? schema : schema.with(["required": .texts(required.sorted())])
    }
}

extension FieldShape {
    /// The field as the object of that name has it.
    fileprivate func within(_ object: String) -> FieldShape? {
        guard name.contains("."), jsonName.hasPrefix(object + ".") else { return nil }
        var inner = FieldShape(
            String(name.drop { $0 != "." }.dropFirst()), kinds[0], required: isRequired, count: count, note: note)
        inner.kinds = kinds
        return inner
    }
}
