import Crypto
import Foundation
import NIOCore

/// A JSON object as a submission: `{"price": {"amount": 5}}` is `price.amount`, `{"tags": ["a", "b"]}` is `tags` twice,
/// `{"lines": [{"text": "a"}]}` is `lines.0.text`, and a file is `{"filename", "contentType", "data": base64}`.
struct JSONForm {
    private let limits: FormLimits
    private(set) var submission = Submission()

    init(_ bytes: [UInt8], _ limits: FormLimits) throws(BodyError) {
        self.limits = limits
        let value = try JSONValue(parsing: bytes, limits: limits)
        guard case .object(let members) = value else { throw .malformed("The JSON text is not an object.") }
        submission.isJSON = true
        submission.size = bytes.count
        for member in members { try add(member.value, try Self.name(member.name, limits)) }
    }

    private mutating func add(_ value: JSONValue, _ name: String) throws(BodyError) {
        switch value {
        case .null: try field(name, "", .null)
        case .bool(let flag): try field(name, flag ? "true" : "false", .bool)
        case .number(let digits): try field(name, digits, .number)
        case .string(let text): try string(text, name)
        case .array(let items): try array(items, name)
        case .object(let members):
            if let file = FileObject(members) { return try add(file, name) }
            for member in members { try add(member.value, name + "." + (try Self.name(member.name, limits))) }
        }
    }

    private mutating func array(_ items: [JSONValue], _ name: String) throws(BodyError) {
        for (index, item) in items.enumerated() {
            switch item {
            case .object(let members) where FileObject(members) == nil: try add(item, "\(name).\(index)")
            case .array: throw .malformed("The JSON text has lists in lists.")
            default: try add(item, name)
            }
        }
    }

    private mutating func string(_ text: String, _ name: String) throws(BodyError) {
        if text.utf8.count <= limits.field { return try field(name, text, .text) }
        // No field is that long; a file may be.
        guard Base64.decode(text) != nil else { throw .tooLarge("A field is larger than \(limits.field) bytes.") }
        try add(FileObject(filename: "", contentType: "", data: text), name)
    }

    private mutating func field(_ name: String, _ value: String, _ kind: Submission.Kind) throws(BodyError) {
        guard submission.fields.count < limits.fields else { throw .malformed("The form has more than \(limits.fields) fields.") }
        submission.add(.init(name: name, value: value, kind: kind))
    }

    private mutating func add(_ file: FileObject, _ name: String) throws(BodyError) {
        guard submission.files.count < limits.files else { throw .tooLarge("The form has more than \(limits.files) files.") }
        guard let bytes = Base64.decode(file.data) else { return try field(name, file.data, .text) }
        guard bytes.count <= limits.file else { throw .tooLarge("A file is larger than \(limits.file) bytes.") }
        submission.files.append(Upload(name: name, filename: file.filename, type: file.contentType, bytes: bytes))
    }

    /// Dots and brackets mean levels in the names of HTML; a JSON name has neither.
    private static func name(_ raw: String, _ limits: FormLimits) throws(BodyError) -> String {
        guard !raw.utf8.contains(where: { ".[]".utf8.contains($0) }) else {
            throw .malformed("A JSON name has a dot or a bracket.")
        }
        return try FieldName.canonical(raw, limits)
    }
}

private struct FileObject {
    var filename = ""
    var contentType = ""
    var data: String

    init(filename: String, contentType: String, data: String) {
        self.filename = filename
        self.contentType = contentType
        self.data = data
    }

    init?(_ members: [JSONValue.Member]) {
        guard members.count > 1, let data = JSONValue.object(members)["data"]?.string else { return nil }
        self.data = data
        for member in members {
            switch (member.name, member.value) {
            case ("filename", .string(let text)): filename = text
            case ("contentType", .string(let text)), ("content_type", .string(let text)): contentType = text
            case ("data", _): break
            default: return nil
            }
        }
    }
}

enum Base64 {
    /// Standard base64, also as a `data:` URL. Nil when it is anything else.
    static func decode(_ text: String) -> [UInt8]? {
        var rest = text[...]
        if rest.hasPrefix("data:") {
            guard let comma = rest.firstIndex(of: ","), rest[..<comma].hasSuffix(";base64") else { return nil }
            rest = rest[rest.index(after: comma)...]
        }
        guard !rest.isEmpty, let data = Data(base64Encoded: String(rest)) else { return nil }
        return Array(data)
    }
}

extension Upload {
    /// A file whose bytes are at hand.
    init(name: String, filename: String, type: String, bytes: [UInt8]) {
        self.init(
            name: name, filename: FileName.sanitised(filename), declaredType: type, size: bytes.count,
            digest: Array(SHA256.hash(data: bytes)), content: .memory(ByteBuffer(bytes: bytes)))
    }
}
