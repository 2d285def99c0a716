import Foundation
import Threads
import Workers

/// What was found in a PDF that somebody handed in. All of it is a stranger's word.
public struct PDFContents: Sendable {
    /// Nil for a file that is damaged or needs a password.
    public let pages: Int?
    /// The words in the order of reading, without control characters besides line feeds; empty for pictures of paper.
    public let text: String
    /// The first page as PNG, its longer side ``PDFReader/edge`` pixels long.
    public let firstPage: [UInt8]?
}

/// Reads what others wrote as PDF, with Poppler's programs (pdfinfo(1), pdftotext(1), pdftoppm(1)): each in a process of its own with bounded
/// memory and time, one file at a time.
public struct PDFReader: Sendable {
    /// Pixels of the longer side of ``PDFContents/firstPage``.
    public static let edge = 1400
    /// Pages whose words are read.
    private static let pages = 300
    private static let allowance = Allowance(memory: 512 << 20, seconds: 15)

    private let threads: BoundedThreads
    private let time: Duration

    /// - Parameters:
    ///   - waiting: files that may queue; more get `Overloaded`.
    ///   - time: for each of three looks at a file, by the clock.
    public init(waiting: Int = 100, time: Duration = .seconds(30)) {
        threads = BoundedThreads(name: "pdf", count: 1, waiting: waiting)
        self.time = time
    }

    /// - Throws: `Tool.Failure`, `Overloaded` or `CancellationError`; a file that cannot be read is no error but has no contents.
    public func read(_ pdf: [UInt8]) async throws -> PDFContents {
        try await threads.run { [self] in
            let facts = try look(pdf, with: "pdfinfo", ["-"], most: 1 << 16)
            let pages = Self.pages(String(decoding: facts, as: UTF8.self))
            guard pages != nil else { return PDFContents(pages: nil, text: "", firstPage: nil) }
            let words = try look(
                pdf, with: "pdftotext", ["-enc", "UTF-8", "-nopgbrk", "-l", String(Self.pages), "-", "-"], most: 4 << 20)
            let picture = try look(
                pdf, with: "pdftoppm", ["-png", "-singlefile", "-f", "1", "-l", "1", "-scale-to", String(Self.edge), "-"],
                most: 16 << 20)
            return PDFContents(pages: pages, text: Self.text(words), firstPage: picture.isEmpty ? nil : picture)
        }
    }

    private func look(_ pdf: [UInt8], with program: String, _ arguments: [String], most: Int) throws(Tool.Failure) -> [UInt8] {
        try Tool("/usr/bin/\(program)", arguments, Self.allowance).run(pdf, most: most, before: .now + time)
    }

    /// Of the line `Pages:          12`.
    private static func pages(_ facts: String) -> Int? {
        let line = facts.split(separator: "\n").last { $0.hasPrefix("Pages:") }
        let count = line.flatMap { Int($0.dropFirst(6).trimmingCharacters(in: .whitespaces)) }
        return count.flatMap { (1...Int(Int32.max)).contains($0) ? $0 : nil }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        text.append(
            contentsOf: String(decoding: bytes, as: UTF8.self).unicodeScalars.filter {
                $0 == "\n" || $0.properties.generalCategory != .control
            })
        return String(text).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
