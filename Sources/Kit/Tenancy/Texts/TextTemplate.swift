import Mustache

/// A company's own text for a notice: its first line is the subject, an empty line follows, then the text.
public struct TextTemplate: Sendable {
    public static let maximumBytes = 8 << 10

    private let subject: MustacheTemplate
    private let text: MustacheTemplate
    /// For the page that shows it.
    public let source: String

    /// - Throws: what is wrong, and where in the file.
    init(_ bytes: [UInt8], fields: [String]) throws(TextScanner.Mistake) {
        guard bytes.count <= Self.maximumBytes else {
            throw .init(position: .start, message: "is larger than \(Self.maximumBytes) bytes")
        }
        guard let whole = String(validating: bytes, as: UTF8.self) else {
            throw .init(position: .start, message: "is not UTF-8")
        }
        source = whole.replacing("\r\n", with: "\n")
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, !first.allSatisfy(\.isWhitespace) else {
            throw .init(position: .start, message: "the first line must be the subject")
        }
        guard lines.count > 2, lines[1].allSatisfy(\.isWhitespace) else {
            throw .init(position: Position(line: 2, column: 1), message: "an empty line must stand between subject and text")
        }
        let rest = lines.dropFirst(2).joined(separator: "\n")
        subject = try Self.template(String(first), fields, line: 1)
        text = try Self.template(rest, fields, line: 3)
    }

    private static func template(_ text: String, _ fields: [String], line: Int) throws(TextScanner.Mistake) -> MustacheTemplate {
        if let mistake = TextScanner.mistake(in: text, fields: fields, line: line) { throw mistake }
        do {
            // Plain text: nothing is escaped here; whoever makes HTML of it escapes it there.
            return try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}\n" + text)
        } catch {
            throw .init(position: Position(line: line, column: 1), message: "cannot be read: \(error)")
        }
    }

    /// - Parameter fields: rendered strings; leave a field out to make its section false.
    public func render(_ fields: [String: String]) -> (subject: String, text: String) {
        (subject.render(fields), text.render(fields))
    }
}
