/// Follows HTML's own grammar through the literal parts of a template, so that at every tag it is known where it stands:
/// in text, in which attribute, in a place where nothing may be printed. What it writes is the literal with comments dropped
/// and indentation collapsed.
///
/// It is stricter than browsers: attributes are quoted, elements closed, `<` is written `&lt;`. That is what makes the answer
/// certain: where browsers would repair, a value could end up somewhere else than it seems.
struct HTMLScanner {
    enum State: Equatable {
        case text
        /// `<textarea>`, `<title>`: text without markup.
        case plainText
        /// `<script>`, `<style>`, `<iframe>`: must stay empty.
        case raw
        case tagName, betweenAttributes, attributeName, afterAttributeName, beforeValue
        case value(quote: UInt8)
        case endTag
    }

    struct Element: Equatable {
        var name: String
        var at: Int
    }

    var state = State.text
    var open: [Element] = []
    /// Elements below this index were opened outside the current block and may not be closed inside it.
    var barrier = 0
    var element = Element(name: "", at: 0)
    var attribute = Element(name: "", at: 0)
    /// White space stands before the place, so an attribute may begin.
    var gap = false
    /// Bytes and expressions in the value so far.
    var valueLength = 0
    var valueIsWhole = false
    var valueText: [UInt8] = []
    var selfClosing = false
    /// Directly after `<pre>` or `<textarea>`, where browsers drop a first line end.
    var dropsLineEnd = false

    var output: [UInt8] = []

    var preservesSpace: Bool { open.contains { Elements.preformatted.contains($0.name) } }
    var isForeign: Bool { open.contains { Elements.foreign.contains($0.name) } }

    // MARK: - Literal text

    mutating func read(_ source: SourceText, _ range: Range<Int>) throws {
        var offset = range.lowerBound
        if offset < range.upperBound { dropsLineEnd = false }
        // A text that begins a line follows a line of silent tags, which keeps no indentation either.
        if state == .text, source[offset - 1] == 10, !preservesSpace {
            while offset < range.upperBound, source[offset].isSpace, source[offset] != 10 { offset += 1 }
        }
        while offset < range.upperBound {
            offset = try step(source, offset, range.upperBound)
        }
    }

    mutating func step(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        switch state {
        case .text: try readText(source, offset, end)
        case .plainText: try readPlainText(source, offset, end)
        case .raw: try readRaw(source, offset, end)
        case .tagName: try readTagName(source[offset], offset)
        case .betweenAttributes: try readBetween(source, offset, end)
        case .attributeName: try readAttributeName(source[offset], offset)
        case .afterAttributeName: try readAfterName(source[offset], offset)
        case .beforeValue: try readBeforeValue(source[offset], offset)
        case .value(let quote): try readValue(source[offset], offset, quote)
        case .endTag: try readEndTag(source[offset], offset)
        }
    }

    mutating func readText(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        let byte = source[offset]
        if byte == UInt8(ascii: "<") { return try readMarkup(source, offset, end) }
        if byte.isSpace, !preservesSpace { return collapseSpace(source, offset, end) }
        output.append(byte)
        return offset + 1
    }

    mutating func collapseSpace(_ source: SourceText, _ offset: Int, _ end: Int) -> Int {
        let after = source.skipSpace(offset, to: end)
        output.append(source.bytes[offset..<after].contains(10) ? 10 : 0x20)
        return after
    }

    mutating func readMarkup(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        let next = offset + 1 < end ? source[offset + 1] : 0
        if next.isLetter {
            element = Element(name: "", at: offset)
            state = .tagName
            output.append(UInt8(ascii: "<"))
            return offset + 1
        }
        if next == UInt8(ascii: "/"), offset + 2 < end, source[offset + 2].isLetter {
            element = Element(name: "", at: offset)
            state = .endTag
            return offset + 2
        }
        if next == UInt8(ascii: "!") { return try readDeclaration(source, offset, end) }
        if offset + 1 >= end && end < source.bytes.count || next == UInt8(ascii: "/") && offset + 2 >= end {
            throw Mistake(
                offset: offset, message: "an element's name cannot be an expression: write {{ #if }} with both elements")
        }
        throw Mistake(offset: offset, message: "'<' begins no element here: write &lt;")
    }

    mutating func readDeclaration(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        if source.starts(offset, with: "<!--") {
            guard
                let close = (offset + 4..<max(end, offset + 4)).first(where: { source.starts($0, with: "-->") && $0 + 3 <= end })
            else {
                throw Mistake(
                    offset: offset, message: "an HTML comment holds no tags and is closed with -->: write {{! … }} instead")
            }
            return close + 3
        }
        let word = String(decoding: source.bytes[offset..<min(offset + 9, end)], as: UTF8.self).lowercased()
        guard word == "<!doctype", let close = source.bytes[offset..<end].firstIndex(of: UInt8(ascii: ">")) else {
            throw Mistake(offset: offset, message: "only <!doctype html> and <!-- comments --> begin with '<!'")
        }
        output += source.bytes[offset...close]
        return close + 1
    }

    /// True when `</name` stands here; the name must be whole, or a value after it could complete it.
    func closes(_ source: SourceText, _ offset: Int, _ end: Int) -> Bool {
        guard let name = open.last?.name, source.starts(offset, with: "</") else { return false }
        let nameEnd = offset + 2 + name.utf8.count
        guard nameEnd < end else { return false }
        let found = String(decoding: source.bytes[offset + 2..<nameEnd], as: UTF8.self).lowercased()
        return found == name && !source[nameEnd].isWord
    }

    mutating func readPlainText(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        guard source[offset] == UInt8(ascii: "<") else {
            output.append(source[offset])
            return offset + 1
        }
        guard closes(source, offset, end) else {
            throw Mistake(
                offset: offset, message: "<\(open.last?.name ?? "")> holds text without markup: write &lt;, or close it")
        }
        element = Element(name: "", at: offset)
        state = .endTag
        return offset + 2
    }

    mutating func readRaw(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        if source[offset].isSpace { return offset + 1 }
        guard closes(source, offset, end) else { throw Mistake(offset: offset, message: rawAdvice) }
        element = Element(name: "", at: offset)
        state = .endTag
        return offset + 2
    }

    var rawAdvice: String {
        switch open.last?.name {
        case "script": "inline scripts are blocked by the content security policy: put the code in a module under Public/"
        case "style": "inline styles are blocked by the content security policy: put the rules in a stylesheet under Public/"
        default: "<iframe> has no content: give it src and close it"
        }
    }
}
