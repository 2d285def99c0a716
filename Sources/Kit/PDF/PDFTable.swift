/// A table on paper: its head stands again on each page that it goes on to.
struct PDFTable {
    private static let (padding, between): (Double, Double) = (3.5, 10)

    private let table: PDFDocument.Table
    private let width: Double

    init(_ table: PDFDocument.Table, width: Double) {
        (self.table, self.width) = (table, width)
    }

    func print(on paper: PDFPrinter) {
        let columns = columns(paper)
        paper.tagged("Table") {
            row(table.head, .head, columns, paper)
            for cells in table.rows { row(cells, .cell, columns, paper) }
        }
        paper.advance(8)
    }

    /// The widths: numbers as wide as the widest, the first what is left, two fifths at least.
    private func columns(_ paper: PDFPrinter) -> [Double] {
        let others = table.head.indices.dropFirst().map { column in
            ([(table.head, PDFStyle.head)] + table.rows.map { ($0, PDFStyle.cell) }).map { cells, style in
                cells.indices.contains(column) ? paper.layout(cells[column], style, width: width).size.width : 0
            }.max() ?? 0
        }
        let most = width * 0.6 - Self.between * Double(others.count)
        let sum = others.reduce(0, +)
        let fitted = sum > most ? others.map { $0 * most / sum } : others
        return [width - fitted.reduce(0, +) - Self.between * Double(others.count)] + fitted
    }

    private func row(_ cells: [String], _ style: PDFStyle, _ columns: [Double], _ paper: PDFPrinter) {
        let layouts = zip(cells, columns).enumerated().map { index, cell in
            paper.layout(cell.0, style, width: cell.1 + 1, alignsEnd: index > 0)
        }
        let height = (layouts.map(\.height).max() ?? 0) + 2 * Self.padding
        if paper.need(height), style == .cell { row(table.head, .head, columns, paper) }
        var x = paper.left
        paper.tagged("TR") {
            for (index, layout) in layouts.enumerated() {
                let isHead = style == .head || index == 0
                paper.tagged(isHead ? "TH" : "TD") { paper.draw(layout, x: x, y: paper.top + Self.padding) }
                x += columns[index] + Self.between
            }
        }
        paper.advance(height)
        paper.line(from: paper.left, to: paper.left + width, at: paper.top)
    }
}
