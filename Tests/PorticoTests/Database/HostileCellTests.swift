import Foundation
import Testing

@testable import Database

/// Bytes that no honest server sends: decoders answer with an error, whatever the sizes say.
@Suite("T73 hostile cells")
struct HostileCellTests {
    private func tryAll(_ bytes: [UInt8], type: UInt32) {
        bytes.withUnsafeBytes { buffer in
            let cell = Cell(bytes: buffer, type: type)
            _ = try? Bool(cell: cell)
            _ = try? Int16(cell: cell)
            _ = try? Int32(cell: cell)
            _ = try? Int(cell: cell)
            _ = try? Double(cell: cell)
            _ = try? String(cell: cell)
            _ = try? UUID(cell: cell)
            _ = try? Date(cell: cell)
            _ = try? CalendarDate(cell: cell)
            _ = try? JSONBytes(cell: cell)
            _ = try? [UInt8](cell: cell)
            _ = try? [Int](cell: cell)
            _ = try? [String?](cell: cell)
            _ = try? [UUID](cell: cell)
        }
    }

    private static let types: [UInt32] = [
        16, 17, 18, 20, 21, 23, 25, 701, 1082, 1184, 1700, 2950, 3802, 1007, 1009, 1016, 2951, 0, .max
    ]

    @Test("A million decodings of mutated values trap nowhere")
    func fuzz() async {
        var random = SystemRandomNumberGenerator()
        for round in 0..<4_000 {
            let count = Int.random(in: 0...40, using: &random)
            var bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            // Half of them look like an array at first.
            if round.isMultiple(of: 2), count >= 20 {
                bytes.replaceSubrange(0..<4, with: [0, 0, 0, 1])
                bytes.replaceSubrange(8..<12, with: [0, 0, 0, 20])
            }
            for type in Self.types { tryAll(bytes, type: type) }
            await Task.yield()
        }
    }

    @Test("Counts and lengths beyond the bytes are refused, not believed")
    func sizes() {
        func array(_ count: Int32, _ length: Int32, rest: [UInt8] = []) -> [UInt8] {
            var bytes: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20]
            for number in [count, 1, length] { bytes += withUnsafeBytes(of: number.bigEndian) { Array($0) } }
            return bytes + rest
        }
        for bytes in [array(.max, 8), array(-1, 8), array(1, .max), array(1, 8, rest: [1, 2]), array(2, 0), [0, 0, 0, 1]] {
            _ = bytes.withUnsafeBytes { buffer in
                #expect(throws: CellError.self) { try [Int](cell: Cell(bytes: buffer, type: 1016)) }
            }
        }
    }
}
