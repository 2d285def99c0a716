/// The generated Swift while it grows. It copies Swift from the template to the very line and column where it stands there, so
/// that the compiler's own errors point into the template.
struct SwiftCode {
    /// Beyond this column only the line is kept: padding thousands of long lines would cost more than it tells.
    private static let widestPadding = 1000

    private(set) var text = ""
    /// Every word that stands in copied Swift: decides which constants the function needs.
    private(set) var words: Set<String> = []
    private let source: SourceText

    init(_ source: SourceText) {
        self.source = source
    }

    mutating func line(_ line: String) {
        text += line + "\n"
    }

    mutating func append(_ other: SwiftCode) {
        text += other.text
        words.formUnion(other.words)
    }

    mutating func raw(_ bytes: [UInt8], to writer: String) {
        if !bytes.isEmpty { line("\(writer).raw(\(Self.literal(String(decoding: bytes, as: UTF8.self))))") }
    }

    /// Copies the Swift of a tag between `before` and `after`. `before` may be broken over two lines between its parts, when the
    /// tag stands so far left that it does not fit in front.
    mutating func copy(_ range: Range<Int>, before: [String], after: String) {
        collectWords(range)
        let place = source.location(range.lowerBound)
        let code = source.string(range)
        let whole = before.joined()
        let room = place.column <= Self.widestPadding ? place.column - 1 : 0
        if whole.count <= room || place.line == 1 || room == 0 {
            locate(place.line)
            line(Self.spaces(room - whole.count) + whole + code + after)
        } else if let last = before.last, last.count <= room {
            locate(place.line - 1)
            line(before.dropLast().joined())
            line(Self.spaces(room - last.count) + last + code + after)
        } else {
            locate(place.line - 1)
            line("do { let _value =")
            line(Self.spaces(room) + code)
            locate(place.line)
            line(whole + "_value" + after + " }")
        }
    }

    mutating func locate(_ line: Int) {
        self.line("#sourceLocation(file: \(Self.literal(source.file)), line: \(max(line, 1)))")
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

    private mutating func collectWords(_ range: Range<Int>) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let word = source.identifier(at: offset, to: range.upperBound)
            let previous = source[offset - 1]
            if !word.isEmpty, previous != UInt8(ascii: "."), !previous.isWord { words.insert(source.string(word)) }
            offset = max(word.upperBound, offset + 1)
        }
    }

    static func literal(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// What stands between the quotes of a Swift literal.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.properties.generalCategory == .format:
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
