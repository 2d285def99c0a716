import HTML

/// What members write, as CommonMark: paragraphs, emphasis, lists, quotes, code, headings and links. Everything else is shown
/// as the text that it is: HTML, images, addresses of other schemes.
public enum Markdown {
    /// Markup for a page; its headings begin at h3, below the page's own.
    /// - Parameter limit: bytes beyond which a text is shown as it was typed: no one writes that much by hand, and a hostile
    ///   text of a megabyte costs no parsing.
    public static func html(_ source: String, limit: Int = 64 << 10) -> SafeHTML {
        guard source.utf8.count <= limit, let document = MarkdownDocument(source) else { return plain(source) }
        return SafeHTML { out in
            var writer = MarkdownWriter()
            document.walk { writer.write($0, into: &out) }
        }
    }

    /// The words alone in one line, cut between words: for lists, mails and search results.
    /// - Parameter length: characters at most, the ellipsis included.
    public static func excerpt(_ source: String, length: Int = 160) -> String {
        var words = ""
        let head = String(source.prefix(max(length, 0) * 8))
        if let document = MarkdownDocument(head) {
            document.walk { step in
                if let text = step.text { words += text }
                if step.isBreak { words += " " }
            }
        } else {
            words = head
        }
        let line = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard line.count > length else { return line }
        let cut = line.prefix(max(length - 1, 0))
        let whole = cut.lastIndex(of: " ").map { cut[..<$0] } ?? cut
        return whole + "…"
    }

    private static func plain(_ source: String) -> SafeHTML {
        SafeHTML { out in
            out.raw("<p>")
            for (number, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if number > 0 { out.raw("<br>\n") }
                out.text(line)
            }
            out.raw("</p>\n")
        }
    }
}
