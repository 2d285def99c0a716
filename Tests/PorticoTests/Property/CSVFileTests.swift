import Foundation
import Testing

@testable import Property

@Suite("CSV files of strangers")
struct CSVFileTests {
    private func read(_ text: String) throws -> CSVFile { try CSVFile(Array(text.utf8)) }

    private func refusal(_ bytes: [UInt8]) -> CSVFile.Refused? {
        do {
            _ = try CSVFile(bytes)
            return nil
        } catch { return error }
    }

    @Test(
        "Comma, semicolon and tab, with or without a mark, any line end: the same rows",
        arguments: [
            "a,b\nx,\"y, z\"\n", "\u{FEFF}a;b\r\nx;\"y, z\"\r\n", "a\tb\rx\ty, z\r", "a,b\n\n,\nx,\"y, z\"",
            "a,b,,\nx,\"y, z\",\n"
        ])
    func shapes(_ text: String) throws {
        let file = try read(text)
        #expect(file.columns == ["a", "b"])
        #expect(file.lines.map { Array($0.cells.prefix(2)) } == [["x", "y, z"]])
    }

    @Test("Quotes, line ends inside them, formulas and accents are data; rows are numbered as a spreadsheet does")
    func data() throws {
        let file = try read("Gebäude;Wert\n\"Haus \"\"A\"\"\";=1+1\n\n4\" Rohr;\"zwei\nZeilen\"\nu\u{308};-@+\n")
        #expect(file.lines.map(\.number) == [2, 4, 5])
        #expect(file.lines.map(\.cells) == [["Haus \"A\"", "=1+1"], ["4\" Rohr", "zwei\nZeilen"], ["ü", "-@+"]])
    }

    @Test("What is no CSV in UTF-8 is refused with a code and the row, and nothing traps")
    func refusals() {
        #expect(refusal([]) == .init(code: "csv_empty"))
        #expect(refusal(Array("a,b\n".utf8)) == .init(code: "csv_empty", row: 1))
        #expect(refusal(Array(",,\nx".utf8)) == .init(code: "csv_no_heading", row: 1))
        #expect(refusal(Array("a,b\nx,\"y\nz,1\n".utf8)) == .init(code: "csv_open_quote", row: 2))
        #expect(refusal(Array("a,b\nx,y\nz,".utf8) + [0xE4]) == .init(code: "csv_encoding", row: 3))
        #expect(refusal([0xFF, 0xFE, 0x61, 0x00]) == .init(code: "csv_encoding", row: 1))
        #expect(refusal(Array("a,b\nx,y\0\n".utf8)) == .init(code: "csv_control_character", row: 2))
        #expect(refusal(Array("a\n".utf8) + [UInt8](repeating: 0x78, count: 5_000)) == .init(code: "csv_cell_too_long", row: 2))
        #expect(refusal([UInt8](repeating: UInt8(ascii: ","), count: 1_000_000)) == .init(code: "csv_too_many_columns", row: 1))
        #expect(refusal([UInt8](repeating: 0x0A, count: 11 << 20)) == .init(code: "csv_too_large"))
        #expect(
            refusal(Array(("a\n" + String(repeating: "x\n", count: 50_001)).utf8))
                == .init(code: "csv_too_many_rows", row: 50_002))
    }

    @Test("T42 an archive is no CSV, whatever it holds: nothing is unpacked")
    func archive() {
        let heads: [[UInt8]] = [
            Array("PK\u{3}\u{4}".utf8) + [20, 0, 0, 0, 8, 0], [0x1F, 0x8B, 8, 0], Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C],
            Array("Rar!".utf8) + [0x1A, 7, 1, 0]
        ]
        for head in heads {
            #expect(["csv_control_character", "csv_encoding"].contains(refusal(head + [UInt8](repeating: 0, count: 100))?.code))
        }
    }

    @Test("Columns are guessed by German and English headings")
    func guess() {
        let german = ImportField.guess([
            "Gebäude", "Straße", "PLZ", "Ort", "Whg.", "Etage", "Wohnfläche", "Name", "E-Mail", "Rolle", "MEA", "Seit"
        ])
        #expect(german.count == 12)
        #expect(german[.building] == 0 && german[.area] == 6 && german[.share] == 10)
        let english = ImportField.guess(["Unit", "Building", "E-mail address", "Move in", "Share", "share", "Nonsense"])
        #expect(english == [.unit: 0, .building: 1, .email: 2, .since: 3, .share: 4])
    }

    @Test("Floors, sizes and dates are read as people write them")
    func values() {
        #expect(
            ["3", "EG", "2. OG", "1.UG", "Keller", "-2", "Ground floor", "floor 4", "x", "999", "OG"].map(ImportReading.floor)
                == [3, 0, 2, -1, -1, -2, 0, 4, nil, nil, nil])
        #expect(
            ["75,5", "75.50 m²", "1.234,5", "80", "0", "1e3", "-5", "75,555"].map(ImportReading.area)
                == [7550, 7550, 123_450, 8000, nil, nil, nil, nil])
        #expect(
            ["31.12.2024", "2024-12-31", "1.2.2024", "31.02.2024", "12/31/2024", "01.01.0001"].map {
                ImportReading.date($0)?.description
            }
                == ["2024-12-31", "2024-12-31", "2024-02-01", nil, nil, nil])
    }

    @Test("Random bytes are read or refused, never a trap")
    func noise() {
        var state: UInt64 = 7
        for _ in 0..<400 {
            let bytes = (0..<300).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let byte = UInt8(truncatingIfNeeded: state >> 33)
                return byte < 200 ? [0x22, 0x2C, 0x3B, 0x0A, 0x0D, 0x61, 0x20, 0x31][Int(byte % 8)] : byte
            }
            if let file = try? CSVFile(bytes) {
                for line in file.lines {
                    _ = ImportReading(
                        line.number, line.cells, [.building: 0, .unit: 1, .share: 2, .area: 3], columns: file.columns.count)
                }
            }
        }
    }
}
