/// CSV as spreadsheets read it (RFC 4180), with formulas made harmless.
public struct CSV: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init(head: [String]) {
        append(head)
    }

    public mutating func append(_ cells: [String]) {
        bytes += Array(cells.map(Self.cell).joined(separator: ",").utf8)
        bytes += [13, 10]
    }

    /// Everything since the last call, for a list that is sent piece by piece.
    public mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Cells that a spreadsheet would run get a leading apostrophe (T37); quotes are doubled.
    static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { text = "'" + text }
        guard text.unicodeScalars.contains(where: { ",\"\r\n;".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
