/// Reads a company's text before swift-mustache does, and lets only `{{name}}`, `{{#name}}`, `{{^name}}` and `{{/name}}` pass.
///
/// Everything else of Mustache is refused: partials and deep nesting end the process, `{{.}}`, `{{{x}}}`, `{{&x}}` and pragmas
/// print more or otherwise than they should, `{{=…=}}` changes what a tag is, and an unknown name renders as nothing.
struct TextScanner {
    static let maximumDepth = 3

    struct Mistake: Error, Equatable {
        let position: Position
        let message: String
        var suggestion: String?
    }

    private let fields: [String]
    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var line: Int
    private var column = 1
    private var open: [(name: String, position: Position)] = []

    private init(_ text: String, fields: [String], line: Int) {
        self.fields = fields
        scalars = Array(text.unicodeScalars)
        self.line = line
    }

    /// The first mistake of a text that begins on that line of its file; nil when it is right.
    static func mistake(in text: String, fields: [String], line: Int = 1) -> Mistake? {
        var scanner = TextScanner(text, fields: fields.sorted(), line: line)
        do {
            try scanner.scan()
            return nil
        } catch {
            return error
        }
    }

    private mutating func scan() throws(Mistake) {
        while place < scalars.count {
            let scalar = scalars[place]
            if scalar == "{", peek(1) == "{" {
                try tag()
            } else if scalar.properties.generalCategory == .control, scalar != "\n", scalar != "\t", scalar != "\r" {
                throw Mistake(position: position, message: "has a control character")
            } else {
                step()
            }
        }
        if let last = open.last {
            throw Mistake(position: last.position, message: "{{#\(last.name)}} is never closed by {{/\(last.name)}}")
        }
    }

    private mutating func tag() throws(Mistake) {
        let start = position
        step(2)
        var kind: Unicode.Scalar?
        if let sign = peek(0), "#^/".unicodeScalars.contains(sign) {
            kind = sign
            step()
        }
        var name = ""
        while let scalar = peek(0), scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
            name.unicodeScalars.append(scalar)
            step()
        }
        guard !name.isEmpty, peek(0) == "}", peek(1) == "}", peek(2) != "}" else {
            throw Mistake(position: start, message: "only {{name}}, {{#name}}, {{^name}} and {{/name}} may stand here")
        }
        step(2)
        guard fields.contains(name) else {
            throw Mistake(
                position: start, message: "{{\(name)}} is no field of this text. Allowed: \(fields.joined(separator: ", "))",
                suggestion: suggestion(for: name, among: fields))
        }
        try nest(kind, name, start)
    }

    private mutating func nest(_ kind: Unicode.Scalar?, _ name: String, _ start: Position) throws(Mistake) {
        switch kind {
        case "#", "^":
            open.append((name, start))
            guard open.count <= Self.maximumDepth else {
                throw Mistake(position: start, message: "sections may be nested \(Self.maximumDepth) deep at most")
            }
        case "/":
            guard let last = open.popLast(), last.name == name else {
                throw Mistake(position: start, message: "{{/\(name)}} closes no section that is open here")
            }
        default: break
        }
    }

    private var position: Position { Position(line: line, column: column) }

    private func peek(_ ahead: Int) -> Unicode.Scalar? { place + ahead < scalars.count ? scalars[place + ahead] : nil }

    private mutating func step(_ count: Int = 1) {
        for _ in 0..<count where place < scalars.count {
            if scalars[place] == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
            place += 1
        }
    }
}
