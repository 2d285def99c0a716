import Foundation

/// A paper: what stands on it, from top to bottom. How it looks, `bytes()` decides alone.
public struct PDFDocument: Sendable {
    /// What somebody reads, in the order of reading.
    public enum Block: Sendable {
        case heading(String)
        case text(String)
        case list([String])
        /// A name and what it comes to, side by side.
        case facts([(name: String, value: String)])
        case table(Table)
        /// Lines to sign on.
        case signatures([String])
    }

    /// The first column is as wide as it can be, the others as wide as they need and flush right, as numbers are.
    public struct Table: Sendable {
        public var head: [String]
        public var rows: [[String]]

        public init(head: [String], rows: [[String]]) {
            (self.head, self.rows) = (head, rows)
        }
    }

    public var title: String
    /// Under the title.
    public var lead: String
    /// Whose paper it is; stands at the foot of each page and in the file's properties.
    public var company: String
    public var made: Date
    public var blocks: [Block]

    public init(title: String, lead: String, company: String, made: Date, blocks: [Block]) {
        (self.title, self.lead, self.company, self.made, self.blocks) = (title, lead, company, made, blocks)
    }

    /// The file: A4, text that can be searched and read aloud in its order. Blocks, so call it on a thread for that.
    ///
    /// - Throws: `PDFError`.
    public func bytes() throws -> [UInt8] {
        // How many pages there are is known at the end of the first time.
        let draft = try PDFPrinter(self, pages: nil)
        return try PDFPrinter(self, pages: draft.print().pages).print().bytes
    }
}

/// Why there is no paper.
public struct PDFError: Error, CustomStringConvertible {
    public let description: String
}
