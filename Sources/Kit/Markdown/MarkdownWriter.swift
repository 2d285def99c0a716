import CCmark
import HTML

/// Writes the elements that are allowed; for every other node its text.
struct MarkdownWriter {
    /// Levels of elements in each other; what is nested deeper is written without its own element.
    private let deepest = 24
    private var depth = 0
    private var linkDepth: Int?
    private var isInLink: Bool { linkDepth != nil }

    mutating func write(_ step: MarkdownStep, into out: inout HTML) {
        switch step.kind {
        case CMARK_NODE_TEXT, CMARK_NODE_HTML_INLINE: out.text(step.text ?? "")
        case CMARK_NODE_CODE: wrapped("<code>", "</code>", step, &out)
        case CMARK_NODE_CODE_BLOCK: wrapped("<pre><code>", "</code></pre>\n", step, &out)
        case CMARK_NODE_HTML_BLOCK: wrapped("<p>", "</p>\n", step, &out)
        case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: out.raw("<br>\n")
        case CMARK_NODE_THEMATIC_BREAK: out.raw("<hr>\n")
        case CMARK_NODE_LINK, CMARK_NODE_IMAGE: link(step, &out)
        default: container(step, &out)
        }
    }

    private mutating func container(_ step: MarkdownStep, _ out: inout HTML) {
        if step.isEntering { depth += 1 }
        if depth <= deepest { step.isEntering ? open(step, &out) : close(step, &out) }
        if !step.isEntering { depth -= 1 }
    }

    private func open(_ step: MarkdownStep, _ out: inout HTML) {
        switch step.kind {
        case CMARK_NODE_PARAGRAPH where !step.isTight: out.raw("<p>")
        case CMARK_NODE_EMPH: out.raw("<em>")
        case CMARK_NODE_STRONG: out.raw("<strong>")
        case CMARK_NODE_BLOCK_QUOTE: out.raw("<blockquote>\n")
        case CMARK_NODE_LIST: openList(step, &out)
        case CMARK_NODE_ITEM: out.raw("<li>")
        case CMARK_NODE_HEADING: out.raw(Self.headings[Self.level(step)].open)
        default: break
        }
    }

    private func close(_ step: MarkdownStep, _ out: inout HTML) {
        switch step.kind {
        case CMARK_NODE_PARAGRAPH where !step.isTight: out.raw("</p>\n")
        case CMARK_NODE_EMPH: out.raw("</em>")
        case CMARK_NODE_STRONG: out.raw("</strong>")
        case CMARK_NODE_BLOCK_QUOTE: out.raw("</blockquote>\n")
        case CMARK_NODE_LIST: out.raw(step.isOrdered ? "</ol>\n" : "</ul>\n")
        case CMARK_NODE_ITEM: out.raw("</li>\n")
        case CMARK_NODE_HEADING: out.raw(Self.headings[Self.level(step)].close)
        default: break
        }
    }

    private func openList(_ step: MarkdownStep, _ out: inout HTML) {
        guard step.isOrdered else { return out.raw("<ul>\n") }
        guard step.listStart != 1 else { return out.raw("<ol>\n") }
        out.raw("<ol start=\"")
        out.attribute(step.listStart)
        out.raw("\">\n")
    }

    /// Links to the web, to mail and to telephones. An image becomes a link on its description: nothing is loaded from
    /// elsewhere when somebody reads a page.
    private mutating func link(_ step: MarkdownStep, _ out: inout HTML) {
        if step.isEntering {
            depth += 1
            guard !isInLink, depth <= deepest, let url = Self.allowed(step.address) else { return }
            linkDepth = depth
            out.raw("<a href=\"")
            out.url(url)
            out.raw("\" rel=\"nofollow noopener noreferrer\">")
        } else {
            if linkDepth == depth {
                out.raw("</a>")
                linkDepth = nil
            }
            depth -= 1
        }
    }

    private func wrapped(_ open: StaticString, _ close: StaticString, _ step: MarkdownStep, _ out: inout HTML) {
        out.raw(open)
        out.text(step.text ?? "")
        out.raw(close)
    }

    private static func allowed(_ address: String) -> SafeURL? {
        let schemes = ["http://", "https://", "mailto:", "tel:"]
        guard address.utf8.count <= 2048, schemes.contains(where: address.lowercased().hasPrefix) else { return nil }
        return SafeURL(address)
    }

    /// # is h3: the page has its own h1 and h2.
    private static let headings: [(open: StaticString, close: StaticString)] = [
        ("<h3>", "</h3>\n"), ("<h4>", "</h4>\n"), ("<h5>", "</h5>\n"), ("<h6>", "</h6>\n")
    ]

    private static func level(_ step: MarkdownStep) -> Int { min(max(step.headingLevel, 1), headings.count) - 1 }
}
