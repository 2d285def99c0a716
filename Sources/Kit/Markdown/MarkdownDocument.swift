import CCmark

/// A parsed text. The one place that calls libcmark.
final class MarkdownDocument {
    private let root: OpaquePointer

    init?(_ source: String) {
        var source = source
        let options = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8
        let parsed = source.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parse_document($0.baseAddress, $0.count, options) }
        }
        guard let parsed else { return nil }
        root = parsed
    }

    deinit { cmark_node_free(root) }

    /// Visits every node on its way in and out. Without recursion: a list of 10,000 levels costs no stack.
    func walk(_ visit: (MarkdownStep) -> Void) {
        guard let iterator = cmark_iter_new(root) else { return }
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            guard event != CMARK_EVENT_DONE, event != CMARK_EVENT_NONE, let node = cmark_iter_get_node(iterator) else { return }
            visit(MarkdownStep(node: node, isEntering: event == CMARK_EVENT_ENTER))
        }
    }
}

/// A node on the way in or out. Leaves come in only.
struct MarkdownStep {
    fileprivate let node: OpaquePointer
    let isEntering: Bool

    fileprivate init(node: OpaquePointer, isEntering: Bool) {
        self.node = node
        self.isEntering = isEntering
    }

    var kind: cmark_node_type { cmark_node_get_type(node) }

    /// The text that a leaf holds, raw HTML included.
    var text: String? {
        switch kind {
        case CMARK_NODE_TEXT, CMARK_NODE_CODE, CMARK_NODE_HTML_INLINE, CMARK_NODE_CODE_BLOCK, CMARK_NODE_HTML_BLOCK:
            cmark_node_get_literal(node).map { String(cString: $0) }
        default: nil
        }
    }

    /// Where words on both sides are not one word.
    var isBreak: Bool {
        switch kind {
        case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK, CMARK_NODE_THEMATIC_BREAK, CMARK_NODE_CODE_BLOCK, CMARK_NODE_HTML_BLOCK:
            true
        case CMARK_NODE_PARAGRAPH, CMARK_NODE_HEADING, CMARK_NODE_ITEM: !isEntering
        default: false
        }
    }

    /// Where a link or an image points.
    var address: String { cmark_node_get_url(node).map { String(cString: $0) } ?? "" }

    var headingLevel: Int { Int(cmark_node_get_heading_level(node)) }
    var isOrdered: Bool { cmark_node_get_list_type(node) == CMARK_ORDERED_LIST }
    var listStart: Int { Int(cmark_node_get_list_start(node)) }

    /// A paragraph of a list without blank lines, which is printed without its own element.
    var isTight: Bool {
        guard let item = cmark_node_parent(node), let list = cmark_node_parent(item) else { return false }
        return cmark_node_get_list_tight(list) != 0
    }
}
