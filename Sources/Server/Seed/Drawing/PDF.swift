/// The simplest PDF that every reader takes (PDF 1.4, ISO 32000): pages of lines in Helvetica, which every reader has.
enum PDF {
    /// Lines of a page.
    private static let most = 42

    /// - Parameter lines: the first is the heading. Letters beyond Latin-1 become question marks.
    static func encode(_ lines: [String]) -> [UInt8] {
        let heading = lines.first ?? ""
        let pages = stride(from: 1, to: max(lines.count, 2), by: most).map { Array(lines.dropFirst($0).prefix(most)) }
        var objects: [[UInt8]] = []
        let kids = pages.indices.map { "\(4 + $0 * 2) 0 R" }.joined(separator: " ")
        objects.append(Array("<< /Type /Catalog /Pages 2 0 R >>".utf8))
        objects.append(Array("<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>".utf8))
        objects.append(Array("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".utf8))
        for (number, page) in pages.enumerated() {
            let content = text(number == 0 ? heading : "", page)
            objects.append(
                Array(
                    """
                    << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents \(5 + number * 2) 0 R \
                    /Resources << /Font << /F1 3 0 R >> >> >>
                    """.utf8))
            objects.append(Array("<< /Length \(content.count) >>\nstream\n".utf8) + content + Array("\nendstream".utf8))
        }
        return assemble(objects)
    }

    private static func text(_ heading: String, _ lines: [String]) -> [UInt8] {
        var content = Array("BT /F1 18 Tf 72 770 Td (".utf8) + letters(heading) + Array(") Tj /F1 11 Tf 0 -34 Td 16 TL\n".utf8)
        for line in lines { content += Array("(".utf8) + letters(line) + Array(") Tj T*\n".utf8) }
        return content + Array("ET".utf8)
    }

    /// WinAnsiEncoding is Latin-1 where these texts are.
    private static func letters(_ text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar -> [UInt8] in
            switch scalar {
            case "(", ")", "\\": [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: scalar.value)]
            default: [scalar.value < 256 ? UInt8(truncatingIfNeeded: scalar.value) : UInt8(ascii: "?")]
            }
        }
    }

    private static func assemble(_ objects: [[UInt8]]) -> [UInt8] {
        var file = Array("%PDF-1.4\n".utf8)
        var places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(file.count)
            file += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
        }
        let start = file.count
        file += Array("xref\n0 \(objects.count + 1)\n0000000000 65535 f \n".utf8)
        for place in places {
            let digits = String(place)
            file += Array("\(String(repeating: "0", count: max(0, 10 - digits.count)))\(digits) 00000 n \n".utf8)
        }
        file += Array("trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n".utf8)
        return file
    }
}
