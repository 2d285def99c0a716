/// Finds where the Swift inside a tag ends. It knows brackets and string literals (also raw, multi-line and with
/// interpolations), so `}}` in a string or at the end of a closure does not end the tag.
struct SwiftScanner {
    private enum Open {
        case bracket(closer: UInt8, at: Int)
        case string(hashes: Int, multiline: Bool, at: Int)
    }

    private let source: SourceText
    private var open: [Open] = []
    private var offset: Int

    private init(_ source: SourceText, from offset: Int) {
        self.source = source
        self.offset = offset
    }

    /// The offset of the `}}` that ends the tag which begins at `tag`.
    static func end(in source: SourceText, tag: Int) throws -> Int {
        var scanner = SwiftScanner(source, from: tag + 2)
        return try scanner.scan(tag: tag)
    }

    /// The offset after the `)` that closes the `(` at `start`, looking no further than `limit`.
    static func afterParenthesis(in source: SourceText, at start: Int, limit: Int) throws -> Int? {
        var scanner = SwiftScanner(source, from: start)
        repeat {
            try scanner.step()
        } while !scanner.open.isEmpty && scanner.offset < limit
        return scanner.open.isEmpty && scanner.offset <= limit ? scanner.offset : nil
    }

    private mutating func scan(tag: Int) throws -> Int {
        while offset < source.bytes.count {
            if open.isEmpty, source.starts(offset, with: "}}") { return offset }
            try step()
        }
        switch open.first {
        case .string(_, _, let at): throw Mistake(offset: at, message: "this string is not closed before the end of the file")
        case .bracket(let closer, let at) where source[at] != UInt8(ascii: "{"):
            throw Mistake(offset: at, message: "'\(character(source[at]))' is not closed: add '\(character(closer))' before }}")
        default: throw Mistake(offset: tag, message: "this tag is not closed: end it with }}")
        }
    }

    private mutating func step() throws {
        if case .string(let hashes, let multiline, let at) = open.last {
            try stepInString(hashes: hashes, multiline: multiline, at: at)
        } else {
            try stepInCode()
        }
    }

    private mutating func stepInCode() throws {
        switch source[offset] {
        case UInt8(ascii: "("): push(UInt8(ascii: ")"))
        case UInt8(ascii: "["): push(UInt8(ascii: "]"))
        case UInt8(ascii: "{"): push(UInt8(ascii: "}"))
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): try pop()
        case UInt8(ascii: "\""), UInt8(ascii: "#"): beginString()
        case UInt8(ascii: ";") where open.isEmpty:
            throw Mistake(offset: offset, message: "a tag holds one expression: prepare the value in the page struct")
        case UInt8(ascii: "/") where source[offset + 1] == UInt8(ascii: "/") || source[offset + 1] == UInt8(ascii: "*"):
            throw Mistake(offset: offset, message: "no comment inside a tag: write {{! comment }} beside it")
        default: offset += 1
        }
    }

    private mutating func push(_ closer: UInt8) {
        open.append(.bracket(closer: closer, at: offset))
        offset += 1
    }

    private mutating func pop() throws {
        guard case .bracket(let closer, let at) = open.last else {
            throw Mistake(offset: offset, message: "'\(character(source[offset]))' closes nothing: remove it or open it first")
        }
        guard closer == source[offset] else {
            throw Mistake(
                offset: at, message: "'\(character(source[at]))' is not closed: add '\(character(closer))' before }}")
        }
        open.removeLast()
        offset += 1
    }

    private mutating func beginString() {
        let start = offset
        var hashes = 0
        while source[offset] == UInt8(ascii: "#") {
            hashes += 1
            offset += 1
        }
        guard source[offset] == UInt8(ascii: "\"") else { return }
        let multiline = source.starts(offset, with: "\"\"\"")
        offset += multiline ? 3 : 1
        open.append(.string(hashes: hashes, multiline: multiline, at: start))
    }

    private mutating func stepInString(hashes: Int, multiline: Bool, at: Int) throws {
        switch source[offset] {
        case UInt8(ascii: "\n") where !multiline:
            throw Mistake(offset: at, message: "this string is not closed on its line: add \"")
        case UInt8(ascii: "\\") where hasHashes(hashes, at: offset + 1):
            offset += 1 + hashes
            if source[offset] == UInt8(ascii: "(") { push(UInt8(ascii: ")")) } else if source[offset] != 10 { offset += 1 }
        case UInt8(ascii: "\"") where !multiline && hasHashes(hashes, at: offset + 1):
            open.removeLast()
            offset += 1 + hashes
        case UInt8(ascii: "\"") where source.starts(offset, with: "\"\"\"") && hasHashes(hashes, at: offset + 3):
            open.removeLast()
            offset += 3 + hashes
        default: offset += 1
        }
    }

    private func hasHashes(_ count: Int, at start: Int) -> Bool {
        (start..<start + count).allSatisfy { source[$0] == UInt8(ascii: "#") }
    }

    private func character(_ byte: UInt8) -> Character { Character(Unicode.Scalar(byte)) }
}
