import CPango
import Foundation

/// One printing of a document, on one thread: Pango breaks lines, Cairo draws them, and tags say what each of them is (ISO 32000-1, 14.8).
final class PDFPrinter {
    /// Points, 1/72 inch. A4.
    private static let (width, height, margin, foot): (Double, Double, Double, Double) = (595.28, 841.89, 56.7, 62)
    private static let gap: Double = 10

    private final class Sink {
        var bytes: [UInt8] = []
    }

    private let document: PDFDocument
    /// Pages in all, where that is known.
    private let pages: Int?
    private let sink = Sink()
    private let surface: OpaquePointer
    private let context: OpaquePointer
    private var page = 1
    private var y = PDFPrinter.margin

    init(_ document: PDFDocument, pages: Int?) throws {
        (self.document, self.pages) = (document, pages)
        let write: cairo_write_func_t = { sink, data, count in
            guard let sink, let data else { return CAIRO_STATUS_WRITE_ERROR }
            Unmanaged<Sink>.fromOpaque(sink).takeUnretainedValue().bytes += UnsafeBufferPointer(start: data, count: Int(count))
            return CAIRO_STATUS_SUCCESS
        }
        guard
            let surface = cairo_pdf_surface_create_for_stream(
                write, Unmanaged.passUnretained(sink).toOpaque(), Self.width, Self.height)
        else { throw PDFError(description: "no surface to print on") }
        guard let context = cairo_create(surface) else {
            cairo_surface_destroy(surface)
            throw PDFError(description: "no context to print with")
        }
        (self.surface, self.context) = (surface, context)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    func print() throws -> (bytes: [UInt8], pages: Int) {
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, document.title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, document.company)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, document.made.formatted(.iso8601))
        tagged("Document") {
            put(document.title, .title, as: "H1")
            if !document.lead.isEmpty { put(document.lead, .lead, as: "P") }
            for block in document.blocks { put(block) }
        }
        finishPage()
        cairo_surface_finish(surface)
        let status = cairo_surface_status(surface)
        guard status == CAIRO_STATUS_SUCCESS else {
            throw PDFError(description: cairo_status_to_string(status).map { String(cString: $0) } ?? "cannot print")
        }
        return (sink.bytes, page)
    }

    // MARK: Blocks

    private func put(_ block: PDFDocument.Block) {
        switch block {
        case .heading(let text):
            y += Self.gap
            // A heading does not stand alone at the end of a page.
            need(70)
            put(text, .heading, as: "H2")
        case .text(let text):
            for part in text.split(separator: "\n") { put(String(part), .body, as: "P") }
        case .list(let items):
            tagged("L") {
                for item in items { tagged("LI") { put("•  " + item, .body, as: "LBody", indent: 12) } }
            }
        case .facts(let facts):
            for fact in facts { put(fact.name, fact.value) }
            y += Self.gap / 2
        case .table(let table): PDFTable(table, width: Self.width - 2 * Self.margin).print(on: self)
        case .signatures(let names): sign(names)
        }
    }

    private func put(_ name: String, _ value: String) {
        let across = Self.width - 2 * Self.margin
        let (label, text) = (layout(name, .label, width: across * 0.34), layout(value, .body, width: across * 0.64))
        let needed = max(label.height, text.height) + 4
        need(needed)
        tagged("P") {
            draw(label, x: Self.margin, y: y)
            draw(text, x: Self.margin + across * 0.36, y: y)
        }
        y += needed
    }

    private func sign(_ names: [String]) {
        guard !names.isEmpty else { return }
        need(90)
        y += 60
        let across = (Self.width - 2 * Self.margin - Self.gap * Double(names.count - 1)) / Double(names.count)
        for (index, name) in names.enumerated() {
            let x = Self.margin + (across + Self.gap) * Double(index)
            line(from: x, to: x + across, at: y)
            tagged("P") { draw(layout(name, .label, width: across), x: x, y: y + 4) }
        }
        y += 24
    }

    /// Text that may go on over pages, line by line.
    private func put(_ text: String, _ style: PDFStyle, as tag: String, indent: Double = 0) {
        let layout = layout(text, style, width: Self.width - 2 * Self.margin - indent)
        tagged(tag) {
            for line in layout.lines {
                need(line.height)
                cairo_move_to(context, Self.margin + indent + line.x, y + line.baseline)
                pango_cairo_show_layout_line(context, line.line)
                y += line.height
            }
        }
        y += style.after
    }

    // MARK: What a table needs, too

    /// Moves on to a new page where so much does not fit any more; true when it did.
    @discardableResult
    func need(_ points: Double) -> Bool {
        guard y + points > Self.height - Self.foot, y > Self.margin else { return false }
        finishPage()
        page += 1
        y = Self.margin
        return true
    }

    func advance(_ points: Double) { y += points }
    var left: Double { Self.margin }
    var top: Double { y }

    func layout(_ text: String, _ style: PDFStyle, width: Double, alignsEnd: Bool = false) -> PDFLayout {
        PDFLayout(text, style, width: width, alignsEnd: alignsEnd, context)
    }

    func draw(_ layout: PDFLayout, x: Double, y: Double) {
        cairo_move_to(context, x, y)
        pango_cairo_show_layout(context, layout.layout)
    }

    func line(from start: Double, to end: Double, at y: Double) {
        cairo_set_line_width(context, 0.5)
        cairo_move_to(context, start, y)
        cairo_line_to(context, end, y)
        cairo_stroke(context)
    }

    func tagged(_ name: String, _ body: () -> Void) {
        cairo_tag_begin(context, name, nil)
        body()
        cairo_tag_end(context, name)
    }

    private func finishPage() {
        let across = Self.width - 2 * Self.margin
        let number = pages.map { "\(page) / \($0)" } ?? "\(page)"
        draw(layout(document.company, .foot, width: across * 0.8), x: Self.margin, y: Self.height - 42)
        draw(layout(number, .foot, width: across * 0.2, alignsEnd: true), x: Self.margin + across * 0.8, y: Self.height - 42)
        cairo_show_page(context)
    }
}
