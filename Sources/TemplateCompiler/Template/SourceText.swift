/// A template's text: UTF-8 without byte order mark, lines ended by `\n`, no control characters.
struct SourceText {
    /// Larger files are refused: nobody can read them, and the compiler would take minutes.
    static let maximumSize = 1 << 20

    let file: String
    let bytes: [UInt8]
    private let lineStarts: [Int]
    /// How many continuation bytes stand before each byte; empty when the text is ASCII and every byte is a character.
    private let continuations: [Int32]

    init(_ text: String, file: String) throws {
        guard text.utf8.count <= Self.maximumSize else {
            throw Diagnostic(
                file: file, location: Location(line: 1, column: 1),
                message: "the file is larger than 1 MiB: split it into components")
        }
        self.file = file
        let bytes = Self.normalised(text)
        self.bytes = bytes
        lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        continuations = Self.countContinuations(bytes)
        if let offset = bytes.firstIndex(where: { ($0 < 0x20 && $0 != 9 && $0 != 10) || $0 == 0x7F }) {
            throw diagnostic(Mistake(offset: offset, message: "control character U+00\(hex(bytes[offset])): remove it"))
        }
    }

    /// Without byte order mark, every line ended by `\n`.
    static func normalised(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard bytes.contains(UInt8(ascii: "\r")) else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            if byte != UInt8(ascii: "\r") {
                result.append(byte)
            } else if index + 1 >= bytes.count || bytes[index + 1] != UInt8(ascii: "\n") {
                result.append(UInt8(ascii: "\n"))
            }
        }
        return result
    }

    private static func countContinuations(_ bytes: [UInt8]) -> [Int32] {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return [] }
        var count: Int32 = 0
        return bytes.map { byte in
            defer { if byte & 0xC0 == 0x80 { count += 1 } }
            return count
        }
    }

    private func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count < 2 ? "0" + digits : digits
    }

    // MARK: - Reading

    subscript(offset: Int) -> UInt8 { offset >= 0 && offset < bytes.count ? bytes[offset] : 0 }

    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func starts(_ offset: Int, with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard offset >= 0, offset + count <= bytes.count else { return false }
        return text.withUTF8Buffer { expected in expected.elementsEqual(bytes[offset..<offset + count]) }
    }

    /// The range without white space at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var range = range
        while let first = range.first, bytes[first].isSpace { range = (first + 1)..<range.upperBound }
        while let last = range.last, bytes[last].isSpace { range = range.lowerBound..<last }
        return range
    }

    func skipSpace(_ offset: Int, to end: Int) -> Int {
        var offset = offset
        while offset < end, bytes[offset].isSpace { offset += 1 }
        return offset
    }

    /// The identifier that starts here, empty if none does.
    func identifier(at offset: Int, to end: Int) -> Range<Int> {
        guard offset < end, bytes[offset].isLetter || bytes[offset] == UInt8(ascii: "_") else { return offset..<offset }
        var last = offset
        while last < end, bytes[last].isWord { last += 1 }
        return offset..<last
    }

    // MARK: - Places

    func location(_ offset: Int) -> Location {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let start = lineStarts[low]
        return Location(line: low + 1, column: offset - start - continuations(before: offset) + continuations(before: start) + 1)
    }

    private func continuations(before offset: Int) -> Int {
        if continuations.isEmpty { return 0 }
        guard offset < continuations.count else {
            let last = bytes.last ?? 0
            return Int(continuations.last ?? 0) + (last & 0xC0 == 0x80 ? 1 : 0)
        }
        return Int(continuations[offset])
    }

    func diagnostic(_ mistake: Mistake) -> Diagnostic {
        Diagnostic(file: file, location: location(mistake.offset), message: mistake.message)
    }
}

extension UInt8 {
    var isSpace: Bool { self == 0x20 || self == 0x0A || self == 0x09 }
    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isWord: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }
}
