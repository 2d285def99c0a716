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

    private(set) var state = State.text
    private(set) var open: [Element] = []
    /// Elements below this index were opened outside the current block and may not be closed inside it.
    private var barrier = 0
    private(set) var element = Element(name: "", at: 0)
    private(set) var attribute = Element(name: "", at: 0)
    /// White space stands before the place, so an attribute may begin.
    private var gap = false
    /// Bytes and expressions in the value so far.
    private var valueLength = 0
    private var valueIsWhole = false
    private var valueText: [UInt8] = []
    private var selfClosing = false
    /// Directly after `<pre>` or `<textarea>`, where browsers drop a first line end.
    private var dropsLineEnd = false

    var output: [UInt8] = []

    private var preservesSpace: Bool { open.contains { Elements.preformatted.contains($0.name) } }
    private var isForeign: Bool { open.contains { Elements.foreign.contains($0.name) } }

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

    private mutating func step(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
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

    private mutating func readText(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        let byte = source[offset]
        if byte == UInt8(ascii: "<") { return try readMarkup(source, offset, end) }
        if byte.isSpace, !preservesSpace { return collapseSpace(source, offset, end) }
        output.append(byte)
        return offset + 1
    }

    private mutating func collapseSpace(_ source: SourceText, _ offset: Int, _ end: Int) -> Int {
        let after = source.skipSpace(offset, to: end)
        output.append(source.bytes[offset..<after].contains(10) ? 10 : 0x20)
        return after
    }

    private mutating func readMarkup(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
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
            throw Mistake(offset: offset, message: "an element's name cannot be an expression: write {{ #if }} with both elements")
        }
        throw Mistake(offset: offset, message: "'<' begins no element here: write &lt;")
    }

    private mutating func readDeclaration(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        if source.starts(offset, with: "<!--") {
            guard let close = (offset + 4..<max(end, offset + 4)).first(where: { source.starts($0, with: "-->") && $0 + 3 <= end }) else {
                throw Mistake(offset: offset, message: "an HTML comment holds no tags and is closed with -->: write {{! … }} instead")
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
    private func closes(_ source: SourceText, _ offset: Int, _ end: Int) -> Bool {
        guard let name = open.last?.name, source.starts(offset, with: "</") else { return false }
        let nameEnd = offset + 2 + name.utf8.count
        guard nameEnd < end else { return false }
        let found = String(decoding: source.bytes[offset + 2..<nameEnd], as: UTF8.self).lowercased()
        return found == name && !source[nameEnd].isWord
    }

    private mutating func readPlainText(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        guard source[offset] == UInt8(ascii: "<") else {
            output.append(source[offset])
            return offset + 1
        }
        guard closes(source, offset, end) else {
            throw Mistake(offset: offset, message: "<\(open.last?.name ?? "")> holds text without markup: write &lt;, or close it")
        }
        element = Element(name: "", at: offset)
        state = .endTag
        return offset + 2
    }

    private mutating func readRaw(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
        if source[offset].isSpace { return offset + 1 }
        guard closes(source, offset, end) else { throw Mistake(offset: offset, message: rawAdvice) }
        element = Element(name: "", at: offset)
        state = .endTag
        return offset + 2
    }

    private var rawAdvice: String {
        switch open.last?.name {
        case "script": "inline scripts are blocked by the content security policy: put the code in a module under Public/"
        case "style": "inline styles are blocked by the content security policy: put the rules in a stylesheet under Public/"
        default: "<iframe> has no content: give it src and close it"
        }
    }

    // MARK: - Tags

    private mutating func readTagName(_ byte: UInt8, _ offset: Int) throws -> Int {
        if byte.isWord || byte == UInt8(ascii: "-") {
            element.name.unicodeScalars.append(Unicode.Scalar(byte))
            output.append(byte)
            return offset + 1
        }
        try requireEnd(of: "an element's name", byte, offset)
        beginAttributes()
        return offset
    }

    private mutating func beginAttributes() {
        element.name = element.name.lowercased()
        selfClosing = false
        gap = false
        state = .betweenAttributes
    }

    private func requireEnd(of what: String, _ byte: UInt8, _ offset: Int) throws {
        guard byte.isSpace || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") else {
            throw Mistake(offset: offset, message: "\(what) holds only letters, digits and '-'")
        }
    }

    private mutating func readBetween(_ source: SourceText, _ offset: Int, _ end: Int) throws -> Int {
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
            throw Mistake(offset: offset, message: "an attribute's name begins with a letter: remove '\(Character(Unicode.Scalar(byte)))'")
        }
        return offset + 1
    }

    private mutating func readAttributeName(_ byte: UInt8, _ offset: Int) throws -> Int {
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
    private mutating func finishName(_ offset: Int) throws {
        attribute.name = attribute.name.lowercased()
        if case .closed(let advice) = AttributeMeaning.of(attribute.name, in: element.name), !Self.mayBeLiteral(attribute.name) {
            throw Mistake(offset: attribute.at, message: advice)
        }
    }

    private static func mayBeLiteral(_ name: String) -> Bool { ["content", "http-equiv", "href"].contains(name) }

    private mutating func readAfterName(_ byte: UInt8, _ offset: Int) throws -> Int {
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

    private mutating func readBeforeValue(_ byte: UInt8, _ offset: Int) throws -> Int {
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

    private mutating func readValue(_ byte: UInt8, _ offset: Int, _ quote: UInt8) throws -> Int {
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

    private var wholeValueAdvice: String {
        "the whole value of \(attribute.name) is one {{ WebPath }}: build it in the page struct (\"/faults/\\(number)\")"
    }

    /// A literal address must not be a script either.
    private func finishValue(_ offset: Int) throws {
        let meaning = AttributeMeaning.of(attribute.name, in: element.name)
        guard meaning == .url || meaning == .path else { return }
        let text = String(decoding: valueText.filter { $0 > 0x20 }, as: UTF8.self).lowercased()
        if ["javascript:", "data:", "vbscript:"].contains(where: text.hasPrefix) {
            throw Mistake(offset: attribute.at, message: "\(attribute.name) must be an address: this scheme is blocked")
        }
    }

    private mutating func readEndTag(_ byte: UInt8, _ offset: Int) throws -> Int {
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

    // MARK: - Elements

    private mutating func finishStartTag(_ offset: Int) throws {
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

    private func requireAllowedHere(_ name: String) throws {
        if Elements.closesParagraph.contains(name),
            let scope = open.last(where: { $0.name == "p" || Elements.paragraphScope.contains($0.name) }), scope.name == "p" {
            throw Mistake(offset: element.at, message: "<\(name)> would end the open <p>: close the paragraph before it, or use <div>")
        }
        if Elements.neverNested.contains(name), open.contains(where: { $0.name == name }), !isForeign {
            throw Mistake(offset: element.at, message: "<\(name)> cannot stand inside another <\(name)>")
        }
    }

    private mutating func closeElement() throws {
        let name = element.name.lowercased()
        if Elements.void.contains(name), !isForeign {
            throw Mistake(offset: element.at, message: "<\(name)> has no end tag: remove it")
        }
        guard let last = open.last else {
            throw Mistake(offset: element.at, message: "</\(name)> closes nothing: remove it or open <\(name)> before")
        }
        guard last.name == name else {
            throw Mistake(offset: element.at, message: "</\(name)> stands where </\(last.name)> is expected: close <\(last.name)> first")
        }
        guard open.count > barrier else {
            throw Mistake(
                offset: element.at, message: "</\(name)> closes an element that was opened outside this block: keep both on one side")
        }
        open.removeLast()
        output += Array("</\(element.name)>".utf8)
        state = .text
    }
}

// MARK: - What may stand at a tag

extension HTMLScanner {
    enum Place {
        case text, attribute, url, path
    }

    /// Where an expression at this offset stands; a mistake if nothing may be printed there.
    mutating func place(ofValueAt offset: Int) throws -> Place {
        keepFirstLineEnd()
        switch state {
        case .text: return .text
        case .plainText: return .attribute
        case .value: return try placeInValue(offset)
        case .raw: throw Mistake(offset: offset, message: rawValueAdvice)
        case .beforeValue: throw Mistake(offset: offset, message: "an attribute's value stands in quotes: \(attribute.name)=\"{{ … }}\"")
        case .tagName, .endTag:
            throw Mistake(offset: offset, message: "an element's name cannot be an expression: write {{ #if }} with both elements")
        case .betweenAttributes, .attributeName, .afterAttributeName:
            throw Mistake(
                offset: offset, message: "an attribute's name cannot be an expression: write {{ #if condition }} name{{ /if }}")
        }
    }

    private var rawValueAdvice: String {
        "nothing can be printed inside <\(open.last?.name ?? "")>: pass values in data-… attributes"
    }

    private mutating func placeInValue(_ offset: Int) throws -> Place {
        let meaning = AttributeMeaning.of(attribute.name, in: element.name)
        if valueIsWhole || (meaning == .url || meaning == .path) && valueLength > 0 {
            throw Mistake(offset: offset, message: wholeValueAdvice)
        }
        valueLength += 1
        switch meaning {
        case .text: return .attribute
        case .pathList: return .path
        case .closed(let advice): throw Mistake(offset: offset, message: advice)
        case .url, .path:
            valueIsWhole = true
            return meaning == .url ? .url : .path
        }
    }

    /// Components and slots print markup, so they stand in text only.
    mutating func requireText(at offset: Int, _ what: String) throws {
        guard state == .text else {
            throw Mistake(offset: offset, message: "\(what) prints elements, so it stands between elements, not inside a tag or plain text")
        }
        keepFirstLineEnd()
    }

    private mutating func keepFirstLineEnd() {
        if dropsLineEnd { output.append(10) }
        dropsLineEnd = false
    }
}

// MARK: - Blocks

extension HTMLScanner {
    /// The place at which a block begins and each of its branches must end.
    struct Mark {
        fileprivate var state: State
        fileprivate var open: [Element]
        fileprivate var barrier: Int
        fileprivate var element: Element
        fileprivate var attribute: Element
        fileprivate var gap: Bool
    }

    mutating func beginBlock(at offset: Int) throws -> Mark {
        try settle(offset)
        keepFirstLineEnd()
        let mark = Mark(state: state, open: open, barrier: barrier, element: element, attribute: attribute, gap: gap)
        barrier = open.count
        return mark
    }

    /// Goes back to where the block began, for its next branch.
    mutating func restart(_ mark: Mark) {
        gap = mark.gap
    }

    mutating func endBranch(_ mark: Mark, at offset: Int) throws {
        try settle(offset)
        if let unclosed = open.dropFirst(barrier).last {
            throw Mistake(offset: unclosed.at, message: "<\(unclosed.name)> is not closed in its block: add </\(unclosed.name)>")
        }
        guard state == mark.state, open == mark.open, element.name == mark.element.name || state != .betweenAttributes,
            attribute == mark.attribute || state == .text || state == .plainText || state == .betweenAttributes
        else {
            throw Mistake(offset: offset, message: "this block must end where it begins: whole elements, whole attributes or parts of one value")
        }
    }

    mutating func endBlock(_ mark: Mark) {
        barrier = mark.barrier
        element = mark.element
        gap = false
    }

    /// Content for a component begins and ends in text and closes what it opens.
    mutating func finish(at offset: Int) throws {
        if let unclosed = open.dropFirst(barrier).last {
            throw Mistake(offset: unclosed.at, message: "<\(unclosed.name)> is not closed: add </\(unclosed.name)>")
        }
        guard state == .text else { throw Mistake(offset: element.at, message: "this tag is not finished: add '>'") }
    }

    /// A name ends where a block begins or ends; everything after it needs a space.
    private mutating func settle(_ offset: Int) throws {
        switch state {
        case .tagName: beginAttributes()
        case .attributeName:
            try finishName(offset)
            state = .betweenAttributes
            gap = false
        case .afterAttributeName: state = .betweenAttributes
        case .text, .plainText, .betweenAttributes: break
        case .value:
            let meaning = AttributeMeaning.of(attribute.name, in: element.name)
            if meaning != .text { throw Mistake(offset: offset, message: wholeValueAdvice) }
        case .raw: throw Mistake(offset: offset, message: rawValueAdvice)
        case .beforeValue: throw Mistake(offset: offset, message: "an attribute's value stands in quotes: \(attribute.name)=\"…\"")
        case .endTag: throw Mistake(offset: offset, message: "an end tag holds only the element's name")
        }
    }
}
