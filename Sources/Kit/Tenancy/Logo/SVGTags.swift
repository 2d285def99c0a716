/// The tags and words of an XML file, one at a time: a small strict subset without document types, entities of their own,
/// CDATA and processing instructions.
struct SVGTags {
    enum Tag {
        case open(name: String, attributes: [Attribute], isClosed: Bool, Position)
        case close(name: String, Position)
        case text(String, Position)
    }

    struct Attribute {
        let name: String
        let value: String
        let position: Position
    }

    private let input: [Unicode.Scalar]
    private var at = 0
    private(set) var position = Position.start

    init(_ text: String) {
        input = Array(text.unicodeScalars)
        if input.first == "\u{FEFF}" { at = 1 }
    }

    mutating func next() throws(SVG.Refusal) -> Tag? {
        while let scalar = peek {
            let start = position
            guard scalar == "<" else { return try words() }
            if starts("<!--") { try skip(past: "-->", "the comment has no end"); continue }
            if starts("<?xml") { try skip(past: "?>", "the XML declaration has no end"); continue }
            if starts("<!DOCTYPE") || starts("<!doctype") {
                throw SVG.Refusal(message: "document types (<!DOCTYPE>) are not allowed: remove the line", position: start)
            }
            if starts("<!") || starts("<?") {
                throw SVG.Refusal(message: "CDATA, entities and processing instructions are not allowed", position: start)
            }
            return starts("</") ? try close(start) : try open(start)
        }
        return nil
    }

    private var peek: Unicode.Scalar? { at < input.count ? input[at] : nil }

    private mutating func take() -> Unicode.Scalar? {
        guard let scalar = peek else { return nil }
        at += 1
        position = position.after(scalar)
        return scalar
    }

    private func starts(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        return at + scalars.count <= input.count && input[at..<(at + scalars.count)].elementsEqual(scalars)
    }

    private mutating func skip(past end: String, _ missing: String) throws(SVG.Refusal) {
        let start = position
        while !starts(end) {
            guard take() != nil else { throw SVG.Refusal(message: missing, position: start) }
        }
        for _ in end.unicodeScalars { _ = take() }
    }

    private mutating func skipSpace() {
        while let scalar = peek, [" ", "\n", "\r", "\t"].contains(scalar) { _ = take() }
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(SVG.Refusal) {
        let start = position
        guard take() == scalar else { throw SVG.Refusal(message: "\"\(scalar)\" is missing here", position: start) }
    }

    private mutating func name() throws(SVG.Refusal) -> String {
        let start = position
        var name = ""
        while let scalar = peek, scalar.isASCII, let byte = UInt8(exactly: scalar.value),
            isLetter(byte) || isDigit(byte) || [":", "_", "-", "."].contains(scalar)
        {
            name.unicodeScalars.append(scalar)
            _ = take()
        }
        guard let first = name.utf8.first, isLetter(first) || first == 0x5F, name.utf8.count <= 60 else {
            throw SVG.Refusal(message: "a name is missing or malformed here", position: start)
        }
        return name
    }

    private mutating func close(_ start: Position) throws(SVG.Refusal) -> Tag {
        _ = (take(), take())
        let name = try name()
        skipSpace()
        try expect(">")
        return .close(name: name, start)
    }

    private mutating func open(_ start: Position) throws(SVG.Refusal) -> Tag {
        _ = take()
        let name = try name()
        var attributes: [Attribute] = []
        while true {
            skipSpace()
            if starts("/>") {
                _ = (take(), take())
                return .open(name: name, attributes: attributes, isClosed: true, start)
            }
            if peek == ">" {
                _ = take()
                return .open(name: name, attributes: attributes, isClosed: false, start)
            }
            let attribute = try attribute()
            if attributes.contains(where: { $0.name == attribute.name }) {
                throw SVG.Refusal(message: "\(attribute.name) stands twice in <\(name)>", position: attribute.position)
            }
            attributes.append(attribute)
        }
    }

    private mutating func attribute() throws(SVG.Refusal) -> Attribute {
        let start = position
        let name = try name()
        skipSpace()
        try expect("=")
        skipSpace()
        guard let quote = peek, quote == "\"" || quote == "'" else {
            throw SVG.Refusal(message: "the value of \(name) must stand in quotes", position: position)
        }
        _ = take()
        var value = ""
        while let scalar = peek, scalar != quote {
            if scalar == "<" { throw SVG.Refusal(message: "the value of \(name) must not contain \"<\"", position: position) }
            value.unicodeScalars.append(try character())
        }
        try expect(quote)
        return Attribute(name: name, value: value, position: start)
    }

    /// Up to the next tag; placed at the first character that is not space.
    private mutating func words() throws(SVG.Refusal) -> Tag {
        var text = ""
        var start: Position?
        while let scalar = peek, scalar != "<" {
            if start == nil, !scalar.properties.isWhitespace { start = position }
            text.unicodeScalars.append(try character())
        }
        return .text(text, start ?? position)
    }

    /// One character; references only to the five names of XML and to printable characters by number.
    private mutating func character() throws(SVG.Refusal) -> Unicode.Scalar {
        let start = position
        guard let scalar = take(), scalar.value >= 0x20 || ["\n", "\r", "\t"].contains(scalar) else {
            throw SVG.Refusal(message: "contains a control character", position: start)
        }
        guard scalar == "&" else { return scalar }
        var reference = ""
        while let next = take(), next != ";", reference.utf8.count < 10 { reference.unicodeScalars.append(next) }
        if let known: Unicode.Scalar = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"][reference] { return known }
        if reference.hasPrefix("#"), let value = number(reference.dropFirst()), value >= 0x20, let scalar = Unicode.Scalar(value)
        {
            return scalar
        }
        throw SVG.Refusal(message: "the reference &\(printable(reference)); is not allowed", position: start)
    }

    private func number(_ digits: Substring) -> UInt32? {
        digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    }
}
