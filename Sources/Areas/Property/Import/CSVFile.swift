import Foundation

/// A CSV file as people's spreadsheets write it (RFC 4180 and its common relatives): UTF-8 with or without a mark, `,` `;` or tab
/// between cells, quotes doubled inside quotes, any line end. Cells are data, whatever they begin with.
package struct CSVFile: Sendable {
    package struct Line: Sendable {
        /// As a spreadsheet counts rows: the heading is 1. Empty rows count, but are left out.
        package let number: Int32
        package var cells: [String]
    }

    package let columns: [String]
    package let lines: [Line]

    package enum Limit {
        package static let bytes = 10 << 20
        static let rows = 50_000
        static let columns = 100
        /// Bytes in one cell.
        static let cell = 4_000
    }

    /// Why a file cannot be read at all, and in which row.
    package struct Refused: Error, Equatable {
        /// A code of the area's own problems.
        package let code: String
        package var row: Int

        package init(code: String, row: Int = 0) {
            self.code = code
            self.row = row
        }
    }

    /// Reading takes a while for large files: call it on a thread of its own.
    package init(_ bytes: [UInt8]) throws(Refused) {
        guard bytes.count <= Limit.bytes else { throw Refused(code: "csv_too_large") }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { throw Refused(code: "csv_encoding", row: 1) }
        var reader = CSVReader(bytes[(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)...])
        guard let head = try reader.next() else { throw Refused(code: "csv_empty") }
        var columns = head.cells
        while columns.last?.isEmpty == true { columns.removeLast() }
        guard !columns.isEmpty else { throw Refused(code: "csv_no_heading", row: 1) }
        var lines: [Line] = []
        while let line = try reader.next() {
            if line.cells.allSatisfy(\.isEmpty) { continue }
            guard lines.count < Limit.rows else { throw Refused(code: "csv_too_many_rows", row: Int(line.number)) }
            lines.append(line)
        }
        guard !lines.isEmpty else { throw Refused(code: "csv_empty", row: 1) }
        self.columns = columns
        self.lines = lines
    }
}

/// Cuts bytes into rows of cells.
private struct CSVReader {
    private let bytes: ArraySlice<UInt8>
    private let separator: UInt8
    private var at: Int
    private var number: Int32 = 0
    private var cell: [UInt8] = []

    private static let quote = UInt8(ascii: "\"")
    private static let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        at = bytes.startIndex
        separator = Self.separator(bytes)
    }

    /// The one that the heading has most of, outside quotes.
    private static func separator(_ bytes: ArraySlice<UInt8>) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        var counts = [0, 0, 0]
        var isQuoted = false
        for byte in bytes.prefix(64 << 10) {
            if byte == quote { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == lineFeed || byte == carriageReturn { break }
            if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
        }
        return zip(candidates, counts).max { $0.1 < $1.1 }.flatMap { $0.1 > 0 ? $0.0 : nil } ?? candidates[0]
    }

    /// The next row; nil at the end.
    mutating func next() throws(CSVFile.Refused) -> CSVFile.Line? {
        guard at < bytes.endIndex else { return nil }
        number += 1
        var cells: [String] = []
        while true {
            cells.append(try readCell())
            guard cells.count <= CSVFile.Limit.columns else { throw refused("csv_too_many_columns") }
            guard at < bytes.endIndex else { break }
            let end = bytes[at]
            at += 1
            if end == separator { continue }
            if end == Self.carriageReturn, at < bytes.endIndex, bytes[at] == Self.lineFeed { at += 1 }
            break
        }
        return CSVFile.Line(number: number, cells: cells)
    }

    /// Up to the separator or line end that follows, which stays.
    private mutating func readCell() throws(CSVFile.Refused) -> String {
        cell.removeAll(keepingCapacity: true)
        let isQuoted = at < bytes.endIndex && bytes[at] == Self.quote
        if isQuoted { try readQuoted() }
        // A quote inside an unquoted cell stands for itself: 4" pipe.
        while at < bytes.endIndex, bytes[at] != separator, bytes[at] != Self.lineFeed, bytes[at] != Self.carriageReturn {
            try take(bytes[at])
        }
        return try text()
    }

    private mutating func readQuoted() throws(CSVFile.Refused) {
        at += 1
        while true {
            guard at < bytes.endIndex else { throw refused("csv_open_quote") }
            if bytes[at] == Self.quote {
                at += 1
                guard at < bytes.endIndex, bytes[at] == Self.quote else { return }
            }
            try take(bytes[at])
        }
    }

    private mutating func take(_ byte: UInt8) throws(CSVFile.Refused) {
        guard cell.count < CSVFile.Limit.cell else { throw refused("csv_cell_too_long") }
        // Nothing that a text does not have: NUL cannot be stored, and the others are never meant.
        let isControl = byte < 0x20 && byte != 0x09 && byte != Self.lineFeed && byte != Self.carriageReturn
        guard !isControl, byte != 0x7F else { throw refused("csv_control_character") }
        cell.append(byte)
        at += 1
    }

    private func text() throws(CSVFile.Refused) -> String {
        guard let text = String(validating: cell, as: UTF8.self) else { throw refused("csv_encoding") }
        return text.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCanonicalMapping
    }

    private func refused(_ code: String) -> CSVFile.Refused { CSVFile.Refused(code: code, row: Int(number)) }
}
