import Foundation
import Signing
import Testing

@testable import PDF

/// Read with the programs of poppler and openssl, as whoever receives a paper would.
@Suite("Papers as PDF")
struct PaperTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "paper-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func document(rows: Int = 3, text: String = "Grüße aus Łódź") -> PDFDocument {
        PDFDocument(
            title: "Minutes: Roof", lead: "Vote of the owners", company: "Lindenhof & Söhne GmbH",
            made: Date(timeIntervalSince1970: 1_800_000_000),
            blocks: [
                .heading("Facts"), .facts([("Begins", "1 January"), ("Rules", String(repeating: "long ", count: 60))]),
                .text(text),
                .table(
                    .init(head: ["Option", "Ballots", "Weight"], rows: (0..<rows).map { ["Row \($0)", "\($0)", "\($0)/1000"] })),
                .list(["one", "two"]), .signatures(["Place and date", "Chair"])
            ])
    }

    private func identity() throws -> SealIdentity {
        try SealIdentity.make(organisation: "Lindenhof & Söhne GmbH", purpose: "Seal", from: Date(), years: 10)
    }

    private func sealed(_ document: PDFDocument, _ identity: SealIdentity) throws -> [UInt8] {
        try PDFSeal(identity, name: "Lindenhof & Söhne GmbH", reason: "Minutes: Dach „alt“", at: Date(), language: "de")
            .seal(try document.bytes())
    }

    private func run(_ program: String, _ arguments: [String], on bytes: [UInt8]) throws -> (status: Int32, text: String) {
        try Data(bytes).write(to: folder.appending(path: "paper.pdf"))
        return try Program.run("/usr/bin/\(program)", arguments, in: folder)
    }

    @Test("What stands in a paper can be read out of it, in its order, whatever the script")
    func text() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = try run(
            "pdftotext", ["-layout", "paper.pdf", "-"], on: document(text: "Grüße aus Łódź\nПривет\nΚαλημέρα").bytes()
        ).text
        let found = [
            "Minutes: Roof", "Vote of the owners", "Facts", "Begins", "Grüße aus Łódź", "Привет", "Καλημέρα", "Row 2", "2/1000"
        ]
        .map { text.range(of: $0)?.lowerBound }
        #expect(!found.contains(nil), "\(text)")
        #expect(found.compactMap { $0 } == found.compactMap { $0 }.sorted())
        #expect(text.filter { !$0.isWhitespace }.contains("1/1"))
    }

    @Test("A table goes on over pages, with its head on each and their number at the foot")
    func pages() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = try run("pdftotext", ["-layout", "paper.pdf", "-"], on: document(rows: 120).bytes()).text
        let pages = text.split(separator: "\u{0C}")
        #expect(pages.count > 2)
        for (index, page) in pages.enumerated() {
            #expect(page.filter { !$0.isWhitespace }.contains("\(index + 1)/\(pages.count)"))
        }
        #expect(pages.dropLast().allSatisfy { $0.contains("Option") && $0.contains("Ballots") })
        #expect((0..<120).allSatisfy { text.contains("Row \($0) ") })
    }

    @Test("Headings, paragraphs and tables are said to be such, for those who listen")
    func tags() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let bytes = try sealed(document(), identity())
        let structure = try run("pdfinfo", ["-struct", "paper.pdf"], on: bytes).text
        for tag in ["Document", "H1", "H2", "P (block)", "Table", "TR", "TH", "TD", "LI", "LBody"] {
            #expect(structure.contains(tag), "\(tag) is not in \(structure)")
        }
        #expect(try run("pdfinfo", ["paper.pdf"], on: bytes).text.contains("Tagged:          yes"))
    }

    @Test("A seal is accepted by a reader of PDFs and by openssl, and by neither after one changed byte")
    func seal() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let identity = try identity()
        var bytes = try sealed(document(), identity)
        let good = try run("pdfsig", ["paper.pdf"], on: bytes)
        #expect(good.text.contains("Signature Validation: Signature is Valid."), "\(good.text)")
        #expect(good.text.contains("Total document signed"))
        #expect(good.text.contains("Lindenhof"))
        #expect(try verified(bytes, identity) == 0)
        let place = try #require(Data(bytes).range(of: Data("/Title".utf8))?.lowerBound)
        bytes[place + 1] = UInt8(ascii: "t")
        #expect(!(try run("pdfsig", ["paper.pdf"], on: bytes)).text.contains("Signature is Valid"))
        #expect(try verified(bytes, identity) != 0)
    }

    /// As ISO 32000-1 says: the bytes of the ranges are what the CMS object is about.
    private func verified(_ bytes: [UInt8], _ identity: SealIdentity) throws -> Int32 {
        let text = String(decoding: bytes, as: UTF8.self)
        let ranges = try #require(text.firstMatch(of: /\/ByteRange \[0 (\d+) *(\d+) *(\d+) *\]/))
        let (end, next, rest) = (Int(ranges.1) ?? 0, Int(ranges.2) ?? 0, Int(ranges.3) ?? 0)
        #expect(next + rest == bytes.count)
        let hex = String(decoding: bytes[(end + 1)..<(next - 1)], as: UTF8.self)
        let signature = stride(from: 0, to: hex.utf8.count, by: 2).compactMap { place in
            UInt8(hex.dropFirst(place).prefix(2), radix: 16)
        }
        // The rest of the room is zeros.
        let length = 4 + Int(signature[2]) << 8 + Int(signature[3])
        try Data(bytes[..<end] + bytes[next...]).write(to: folder.appending(path: "content"))
        try Data(signature.prefix(length)).write(to: folder.appending(path: "seal.p7s"))
        try Data(identity.pem.utf8).write(to: folder.appending(path: "certificate.pem"))
        return try Program.run(
            "/usr/bin/openssl",
            [
                "cms", "-verify", "-binary", "-inform", "DER", "-in", "seal.p7s", "-content", "content", "-CAfile",
                "certificate.pem",
                "-out", "/dev/null"
            ], in: folder
        ).status
    }

    @Test("What was printed by another program is not sealed")
    func foreign() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for text in ["", "%PDF-1.7\nhello", "%PDF-1.7\ntrailer\n<< /Size 3 /Root 1 0 R /Info 2 0 R >>\nstartxref\n9\n%%EOF"] {
            #expect(throws: PDFError.self) {
                try PDFSeal(identity(), name: "A", reason: "B", at: Date(), language: "de").seal(Array(text.utf8))
            }
        }
    }
}
