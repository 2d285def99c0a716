enum Token {
    case text(Range<Int>)
    case tag(Tag)
}

/// Splits a template into literal text and tags.
struct TagLexer {
    private let source: SourceText
    private var tokens: [Token] = []

    private init(_ source: SourceText) {
        self.source = source
    }

    static func tokens(of source: SourceText) throws -> [Token] {
        var lexer = TagLexer(source)
        try lexer.split()
        lexer.removeSilentLines()
        return lexer.tokens
    }

    private mutating func split() throws {
        var textStart = 0
        var offset = 0
        while offset < source.bytes.count {
            guard source.starts(offset, with: "{{") else {
                offset += 1
                continue
            }
            if textStart < offset { tokens.append(.text(textStart..<offset)) }
            let tag = try tag(at: offset)
            tokens.append(.tag(tag))
            offset = tag.range.upperBound
            textStart = offset
        }
        if textStart < offset { tokens.append(.text(textStart..<offset)) }
    }

    private func tag(at start: Int) throws -> Tag {
        let inside = source.skipSpace(start + 2, to: source.bytes.count)
        if source[inside] == UInt8(ascii: "!") {
            guard let end = (inside..<source.bytes.count).first(where: { source.starts($0, with: "}}") }) else {
                throw Mistake(offset: start, message: "this comment is not closed: end it with }}")
            }
            return Tag(kind: .comment, range: start..<end + 2)
        }
        let end = try SwiftScanner.end(in: source, tag: start)
        let reader = TagReader(source: source, body: source.trimmed(start + 2..<end))
        return Tag(kind: try reader.kind(), range: start..<end + 2)
    }

    /// Takes away the line end after a line that holds only silent tags, so that blocks leave no empty lines.
    private mutating func removeSilentLines() {
        var lineIsBlank = true
        var afterSilentTag = false
        for index in tokens.indices {
            switch tokens[index] {
            case .tag(let tag):
                afterSilentTag = tag.isSilent
                lineIsBlank = lineIsBlank && tag.isSilent
            case .text(let range):
                let bytes = source.bytes[range]
                let firstLine = bytes.firstIndex(of: 10)
                if afterSilentTag, lineIsBlank, let firstLine, bytes[..<firstLine].allSatisfy(\.isSpace) {
                    tokens[index] = .text(firstLine + 1..<range.upperBound)
                }
                let lastLine = bytes.lastIndex(of: 10).map { bytes[($0 + 1)...] }
                lineIsBlank = lastLine.map { $0.allSatisfy(\.isSpace) } ?? (lineIsBlank && bytes.allSatisfy(\.isSpace))
                afterSilentTag = false
            }
        }
    }
}
