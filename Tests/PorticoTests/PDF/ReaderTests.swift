import Foundation
import Testing

@testable import PDF
@testable import Workers

@Suite("PDFs of strangers")
struct ReaderTests {
    private let enough = Allowance(memory: 256 << 20, seconds: 5)

    private func bytes(_ objects: [String]) -> [UInt8] {
        let body = objects.enumerated().map { "\($0.offset + 1) 0 obj\n\($0.element)\nendobj\n" }.joined()
        return Array("%PDF-1.4\n\(body)trailer << /Root 1 0 R >>\n".utf8)
    }

    @Test("Pages are counted, words read in their order, the first page drawn")
    func paper() async throws {
        let paper = try PDFDocument(
            title: "Minutes", lead: "", company: "Łódź", made: Date(),
            blocks: (0..<120).map { .text("Resolution \($0)") }
        ).bytes()
        let found = try await PDFReader().read(paper)
        #expect((found.pages ?? 0) > 1)
        #expect(found.text.hasPrefix("Minutes") && found.text.contains("Resolution 119") && found.text.contains("Łódź"))
        #expect(found.firstPage?.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    }

    @Test(
        "What is damaged, locked, endless or enormous has no contents, and takes no more than it may",
        arguments: [
            [],
            ["<< /Type /Catalog /Pages 1 0 R >>"],
            ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 >>"],
            ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 99999999999999999999 >>"],
            ["<< /Type /Catalog /Pages 2 0 R /Names << /JavaScript 3 0 R >> >>", "<< /Type /Pages /Kids [] /Count 0 >>"]
        ])
    func hostile(_ objects: [String]) async throws {
        let found = try await PDFReader().read(bytes(objects))
        #expect(found.text.isEmpty)
        #expect(found.firstPage.map { $0.count < 1 << 20 } ?? true)
    }

    @Test("A page as large as a field is drawn as small as any other")
    func large() async throws {
        let found = try await PDFReader().read(
            bytes([
                "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 2000000000 1000000000] >>"
            ]))
        #expect(found.pages == 1)
        #expect((found.firstPage?.count ?? 0) < 1 << 20)
    }

    @Test("A program of the system gets no secrets, writes no file, and is ended when it takes too much or too long")
    func confined() throws {
        let soon = { ContinuousClock.now + .seconds(20) }
        let environment = try Tool("/usr/bin/env", [], enough).run([], most: 1 << 16, before: soon())
        let names = String(decoding: environment, as: UTF8.self).split(separator: "\n").compactMap {
            $0.split(separator: "=").first
        }
        #expect(names.allSatisfy { $0 == "LD_LIBRARY_PATH" }, "\(names)")
        let file = FileManager.default.temporaryDirectory.appending(path: "tool-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try Tool("/usr/bin/tee", [file.path], enough).run(Array("words".utf8), most: 100, before: soon())
        #expect((try? Data(contentsOf: file)).map(\.isEmpty) ?? true)
        #expect(try Tool("/bin/cat", [], enough).run(Array("words".utf8), most: 3, before: soon()) == Array("wor".utf8))
        #expect(throws: Tool.Failure.late) {
            _ = try Tool("/bin/sleep", ["60"], enough).run([], most: 100, before: .now + .milliseconds(200))
        }
        // Half a gigabyte of nothing, in a quarter of one.
        let greedy = try Tool("/usr/bin/sort", ["--buffer-size=500M", "/dev/zero"], enough).run([], most: 100, before: soon())
        #expect(greedy.isEmpty)
        #expect(throws: Tool.Failure.unavailable("/nowhere/tool is not there")) {
            _ = try Tool("/nowhere/tool", [], enough).run([], most: 1, before: soon())
        }
    }
}
