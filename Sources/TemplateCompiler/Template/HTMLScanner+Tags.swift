// MARK: - Start tags, attributes, end tags

extension HTMLScanner {
    mutating func readTagName(_ byte: UInt8, _ offset: Int) throws -> Int {
        if byte.isWord || byte == UInt8(ascii: "-") {
            element.name.unicodeScalars.append(Unicode.Scalar(byte))
            output.append(byte)
            return offset + 1
        }
        try requireEnd(of: "an element's name", byte, offset)
        beginAttributes()
        return offset
    }

    mutating func beginAttributes() {
        element.name = element.name.lowercased()
        selfClosing = false
        gap = false
        state = .betweenAttributes
    }

    func requireEnd(of what: String, _ byte: UInt8, _ offset: Int) throws {
        guard byte.isSpace || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") else {
            throw Mistake(offset: offset, message: "\(what) holds only letters, digits and '-'")
        }
    }

    mutating func readBetween(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        let byte = source[offset]
        if byte.isSpace {
            gap = true
        } else if byte == UInt8(ascii: ">") {
            try finishStartTag(offset)
        } else if byte == UInt8(ascii: "/") {
            guard offset + 1 < end, source[offset + 1] == UInt8(ascii: ">") else {
                throw Mistake(offset: offset, message: "'/' stands only directly before '>'")
            }
            selfClosing = true
        } else if byte.isWord || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@") {
            guard gap else { throw Mistake(offset: offset, message: "a space is missing before this attribute") }
            attribute = Element(name: "", at: offset)
            state = .attributeName
            output.append(0x20)
            return offset
        } else {
            throw Mistake(
                offset: offset, message: "an attribute's name begins with a letter: remove '\(Character(Unicode.Scalar(byte)))'")
        }
        return offset + 1
    }

    mutating func readAttributeName(_ byte: UInt8, _ offset: Int) throws -> Int {
        if byte.isWord || "-:.@".utf8.contains(byte) {
            attribute.name.unicodeScalars.append(Unicode.Scalar(byte))
            output.append(byte)
            return offset + 1
        }
        try finishName(offset)
        if byte == UInt8(ascii: "=") {
            state = .beforeValue
            output.append(byte)
            return offset + 1
        }
        try requireEnd(of: "an attribute's name", byte, offset)
        state = .afterAttributeName
        return offset
    }

    /// Refuses attributes that the content security policy makes useless whatever their value.
    mutating func finishName(_ offset: Int) throws {
        attribute.name = attribute.name.lowercased()
        if case .closed(let advice) = AttributeMeaning.of(attribute.name, in: element.name), !Self.mayBeLiteral(attribute.name) {
            throw Mistake(offset: attribute.at, message: advice)
        }
    }

    static func mayBeLiteral(_ name: String) -> Bool { ["content", "http-equiv", "href"].contains(name) }

    mutating func readAfterName(_ byte: UInt8, _ offset: Int) throws -> Int {
        if byte.isSpace {
            gap = true
            return offset + 1
        }
        if byte == UInt8(ascii: "=") {
            state = .beforeValue
            output.append(byte)
            return offset + 1
        }
        state = .betweenAttributes
        return offset
    }

    mutating func readBeforeValue(_ byte: UInt8, _ offset: Int) throws -> Int {
        if byte.isSpace { return offset + 1 }
        guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else {
            throw Mistake(offset: offset, message: "an attribute's value stands in quotes: \(attribute.name)=\"…\"")
        }
        state = .value(quote: byte)
        valueLength = 0
        valueIsWhole = false
        valueText = []
        output.append(byte)
        return offset + 1
    }

    mutating func readValue(_ byte: UInt8, _ offset: Int, _ quote: UInt8) throws -> Int {
        output.append(byte)
        if byte == quote {
            try finishValue(offset)
            state = .betweenAttributes
            gap = false
        } else if valueIsWhole {
            throw Mistake(offset: offset, message: wholeValueAdvice)
        } else {
            valueLength += 1
            if valueText.count < 64 { valueText.append(byte) }
        }
        return offset + 1
    }

    var wholeValueAdvice: String {
        "the whole value of \(attribute.name) is one {{ WebPath }}: build it in the page struct (\"/faults/\\(number)\")"
    }

    /// A literal address must not be a script either.
    func finishValue(_ offset: Int) throws {
        let meaning = AttributeMeaning.of(attribute.name, in: element.name)
        guard meaning == .url || meaning == .path else { return }
        let text = String(decoding: valueText.filter { $0 > 0x20 }, as: UTF8.self).lowercased()
        if ["javascript:", "data:", "vbscript:"].contains(where: text.hasPrefix) {
            throw Mistake(offset: attribute.at, message: "\(attribute.name) must be an address: this scheme is blocked")
        }
    }

    mutating func readEndTag(_ byte: UInt8, _ offset: Int) throws -> Int {
        if byte.isWord || byte == UInt8(ascii: "-"), !gap {
            element.name.unicodeScalars.append(Unicode.Scalar(byte))
        } else if byte.isSpace {
            gap = true
        } else if byte == UInt8(ascii: ">") {
            gap = false
            try closeElement()
        } else {
            throw Mistake(offset: offset, message: "an end tag holds only the element's name")
        }
        return offset + 1
    }
}

// MARK: - Elements

extension HTMLScanner {
    mutating func finishStartTag(_ offset: Int) throws {
        let name = element.name
        if let reason = Elements.refused[name] { throw Mistake(offset: element.at, message: "<\(name)> is refused: \(reason)") }
        try requireAllowedHere(name)
        let foreign = isForeign || Elements.foreign.contains(name) || Elements.drawing.contains(name)
        if selfClosing, !foreign, !Elements.void.contains(name) {
            throw Mistake(offset: element.at, message: "browsers ignore '/>' here: write <\(name) …></\(name)>")
        }
        output += Array((selfClosing && foreign ? "/>" : ">").utf8)
        gap = false
        state = .text
        if Elements.void.contains(name) && !isForeign || selfClosing { return }
        if Elements.raw.contains(name) { state = .raw }
        if Elements.plainText.contains(name), !isForeign { state = .plainText }
        dropsLineEnd = Elements.preformatted.contains(name)
        open.append(element)
    }

    func requireAllowedHere(_ name: String) throws {
        if Elements.closesParagraph.contains(name),
            let scope = open.last(where: { $0.name == "p" || Elements.paragraphScope.contains($0.name) }), scope.name == "p"
        {
            throw Mistake(
                offset: element.at, message: "<\(name)> would end the open <p>: close the paragraph before it, or use <div>")
        }
        if Elements.neverNested.contains(name), open.contains(where: { $0.name == name }), !isForeign {
            throw Mistake(offset: element.at, message: "<\(name)> cannot stand inside another <\(name)>")
        }
    }

    mutating func closeElement() throws {
        let name = element.name.lowercased()
        if Elements.void.contains(name), !isForeign {
            throw Mistake(offset: element.at, message: "<\(name)> has no end tag: remove it")
        }
        guard let last = open.last else {
            throw Mistake(offset: element.at, message: "</\(name)> closes nothing: remove it or open <\(name)> before")
        }
        guard last.name == name else {
            throw Mistake(
                offset: element.at, message: "</\(name)> stands where </\(last.name)> is expected: close <\(last.name)> first")
        }
        guard open.count > barrier else {
            throw Mistake(
                offset: element.at,
                message: "</\(name)> closes an element that was opened outside this block: keep both on one side")
        }
        open.removeLast()
        output += Array("</\(element.name)>".utf8)
        state = .text
    }
}
