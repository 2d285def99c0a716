import CPango

/// How a kind of text is set.
enum PDFStyle {
    case title, lead, heading, body, label, foot, cell, head

    /// As Pango reads it (pango_font_description_from_string). The family has the scripts of Europe; others come from what is installed.
    var font: String {
        switch self {
        case .title: "Noto Sans Bold 19"
        case .lead: "Noto Sans 11"
        case .heading: "Noto Sans Bold 12.5"
        case .body, .cell: "Noto Sans 9.5"
        case .label, .head: "Noto Sans 8.5"
        case .foot: "Noto Sans 8"
        }
    }

    /// Points of space behind it.
    var after: Double {
        switch self {
        case .title: 4
        case .lead: 12
        case .heading: 4
        default: 5
        }
    }
}

/// Text that is broken into lines of a width.
final class PDFLayout {
    struct Line {
        let line: UnsafeMutablePointer<PangoLayoutLine>
        let x: Double
        let baseline: Double
        let height: Double
    }

    let layout: OpaquePointer

    init(_ text: String, _ style: PDFStyle, width: Double, alignsEnd: Bool, _ context: OpaquePointer) {
        layout = pango_cairo_create_layout(context)
        let font = pango_font_description_from_string(style.font)
        pango_layout_set_font_description(layout, font)
        pango_font_description_free(font)
        pango_layout_set_width(layout, Int32(clamping: Int(width * Double(PANGO_SCALE))))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        if alignsEnd { pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT) }
        let bytes = text.replacing("\0", with: "").utf8
        pango_layout_set_text(layout, String(bytes) ?? "", Int32(clamping: bytes.count))
    }

    deinit { cpango_release(UnsafeMutableRawPointer(layout)) }

    var height: Double { size.height }

    /// Points, of what is written.
    var size: (width: Double, height: Double) {
        var (width, height): (Int32, Int32) = (0, 0)
        pango_layout_get_size(layout, &width, &height)
        return (Double(width) / Double(PANGO_SCALE), Double(height) / Double(PANGO_SCALE))
    }

    /// Valid as long as the layout is.
    var lines: [Line] {
        guard let place = pango_layout_get_iter(layout) else { return [] }
        defer { pango_layout_iter_free(place) }
        var (lines, top): ([Line], Double) = ([], 0)
        repeat {
            guard let line = pango_layout_iter_get_line_readonly(place) else { continue }
            var extent = PangoRectangle()
            pango_layout_iter_get_line_extents(place, nil, &extent)
            let scale = Double(PANGO_SCALE)
            let bottom = Double(extent.y + extent.height) / scale
            lines.append(
                Line(
                    line: line, x: Double(extent.x) / scale,
                    baseline: Double(pango_layout_iter_get_baseline(place)) / scale - top, height: bottom - top))
            top = bottom
        } while pango_layout_iter_next_line(place) != 0
        return lines
    }
}
