import Foundation
import Signing

/// A signature inside a paper (ISO 32000-1, 12.8): what was printed stays as it is, byte for byte, and the objects of the signature are
/// appended (7.5.6). Whoever opens the file sees whose it is, and that nothing was changed since.
public struct PDFSeal: Sendable {
    /// Bytes that the signature may take: with one certificate it takes less than two thousand.
    private static let room = 8_192

    let identity: SealIdentity
    let name: String
    let reason: String
    let at: Date
    /// Of what stands in the paper, "de".
    let language: String

    public init(_ identity: SealIdentity, name: String, reason: String, at: Date, language: String) {
        (self.identity, self.name, self.reason, self.at, self.language) = (identity, name, reason, at, language)
    }

    /// - Parameter paper: of `PDFDocument`.
    /// - Throws: `PDFError`, `SigningError`.
    public func seal(_ paper: [UInt8]) throws -> [UInt8] {
        var file = try PDFUpdate(paper)
        let (signature, field) = (file.size, file.size + 1)
        try file.change(file.root) { "\($0) /Lang \(text(language)) /AcroForm << /Fields [\(field) 0 R] /SigFlags 3 >>" }
        let page = try file.firstPage()
        try file.change(page) { "\($0) /Annots [\(field) 0 R]" }
        file.add(
            field,
            """
            << /Type /Annot /Subtype /Widget /FT /Sig /T (Seal) /V \(signature) 0 R /P \(page) 0 R /Rect [0 0 0 0] /F 132 >>
            """)
        file.add(
            signature,
            """
            << /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /Name \(text(name)) /Reason \(text(reason))
            /M (D:\(moment)) /ByteRange [0 \(Self.blank) \(Self.blank) \(Self.blank)]
            /Contents <\(String(repeating: "0", count: 2 * Self.room))>
            >>
            """)
        return try sign(file.finished(), signature: file.offset(of: signature))
    }

    /// A number that is known only once the file is whole.
    private static let blank = "          "

    private func sign(_ bytes: [UInt8], signature: Int) throws -> [UInt8] {
        var bytes = bytes
        let hole = try PDFUpdate.find("/Contents <", in: bytes, from: signature).upperBound - 1
        let (start, end) = (hole, hole + 2 * Self.room + 2)
        var place = try PDFUpdate.find("/ByteRange [0 ", in: bytes, from: signature).upperBound
        for number in [start, end, bytes.count - end] {
            let digits = Array(String(number).utf8)
            guard digits.count <= Self.blank.utf8.count else { throw PDFError(description: "too large to be signed") }
            bytes.replaceSubrange(place..<place + digits.count, with: digits)
            place += Self.blank.utf8.count + 1
        }
        let signed = try identity.sign(Array(bytes[..<start]) + bytes[end...])
        guard signed.count <= Self.room else { throw PDFError(description: "the signature is too long") }
        let digits = Array("0123456789ABCDEF".utf8)
        for (index, byte) in signed.enumerated() {
            bytes[start + 1 + 2 * index] = digits[Int(byte >> 4)]
            bytes[start + 2 + 2 * index] = digits[Int(byte & 15)]
        }
        return bytes
    }

    private var moment: String {
        at.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false)).filter(\.isNumber) + "Z"
    }

    /// A text string (7.9.2.2) in UTF-16, which needs no escapes.
    private func text(_ words: String) -> String {
        "<FEFF"
            + words.utf16.map { unit in
                let digits = String(unit, radix: 16, uppercase: true)
                return String(repeating: "0", count: 4 - digits.count) + digits
            }.joined() + ">"
    }
}

/// Objects added to a file that Cairo wrote, behind its end.
struct PDFUpdate {
    private var bytes: [UInt8]
    private let previous: Int
    let root: Int
    private let info: Int
    /// The first number that no object has.
    let size: Int
    private var offsets: [Int: Int] = [:]

    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        let trailer = try Self.find("trailer", in: bytes, from: 0, last: true)
        let text = String(decoding: bytes[trailer.lowerBound...], as: UTF8.self)
        func number(after name: String) throws -> Int {
            guard let place = text.range(of: name),
                let number = Int(text[place.upperBound...].drop(while: \.isWhitespace).prefix(while: \.isNumber))
            else { throw PDFError(description: "no \(name) in the paper") }
            return number
        }
        (size, root, info) = (try number(after: "/Size"), try number(after: "/Root"), try number(after: "/Info"))
        previous = try number(after: "startxref")
    }

    static func find(_ text: String, in bytes: [UInt8], from start: Int, last: Bool = false) throws -> Range<Int> {
        guard let found = Data(bytes).range(of: Data(text.utf8), options: last ? .backwards : [], in: start..<bytes.count) else {
            throw PDFError(description: "no \(text) in the paper")
        }
        return found
    }

    /// The number of the object that is the first page.
    func firstPage() throws -> Int {
        let page = try Self.find("/Type /Page ", in: bytes, from: 0)
        let mark = try Self.find(" 0 obj", in: Array(bytes[..<page.lowerBound]), from: 0, last: true)
        let digits = bytes[..<mark.lowerBound].reversed().prefix { (48...57).contains($0) }.reversed()
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
            throw PDFError(description: "no page in the paper")
        }
        return number
    }

    /// Another version of an object that is a dictionary.
    ///
    /// - Parameter inside: gives what stands between its brackets, from what stood there.
    mutating func change(_ number: Int, _ inside: (String) -> String) throws {
        let begin = try Self.find("\n\(number) 0 obj\n<<", in: bytes, from: 0).upperBound
        let end = try Self.find(">>\nendobj", in: bytes, from: begin).lowerBound
        add(number, "<<\(inside(String(decoding: bytes[begin..<end], as: UTF8.self))) >>")
    }

    mutating func add(_ number: Int, _ body: String) {
        if bytes.last != 10 { bytes.append(10) }
        offsets[number] = bytes.count
        bytes += "\(number) 0 obj\n\(body)\nendobj\n".utf8
    }

    func offset(of number: Int) -> Int { offsets[number] ?? 0 }

    /// With the table of what is new, and where the old one stands.
    func finished() -> [UInt8] {
        var lines = ["xref"]
        for (number, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            let digits = String(offset)
            lines.append("\(number) 1\n\(String(repeating: "0", count: max(0, 10 - digits.count)))\(digits) 00000 n ")
        }
        lines += [
            "trailer",
            "<< /Size \(max(size, (offsets.keys.max() ?? 0) + 1)) /Root \(root) 0 R /Info \(info) 0 R /Prev \(previous) >>",
            "startxref", String(bytes.count), "%%EOF", ""
        ]
        return bytes + lines.joined(separator: "\n").utf8
    }
}
