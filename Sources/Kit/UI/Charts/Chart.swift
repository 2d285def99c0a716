import HTML

/// Numbers as a drawing and as a table: the server draws it, so that it needs no script and prints as it stands.
///
/// Up to five series; what is more belongs into one called "Other" (UX §4). A value that is nil is missing: it leaves a gap and
/// says so in the table, and is never drawn as zero.
public struct Chart: Sendable {
    public enum Kind: Sendable, Hashable {
        /// One bar per row and series.
        case bars
        /// The series of a row one after the other in one bar.
        case stacked
        /// Rows from left to right, a line per series.
        case lines
    }

    /// One number with its words: "3.5 h".
    public struct Value: Sendable, Hashable {
        public var number: Double
        public var text: String

        /// - Parameter number: below zero counts as zero; what is no number counts as missing.
        public init?(_ number: Double, _ text: String) {
            guard number.isFinite else { return nil }
            self.number = max(0, number)
            self.text = text
        }
    }

    /// One bar, or one place of the x axis.
    public struct Row: Sendable {
        public var label: String
        /// The rows behind it; printed in the table.
        public var path: WebPath?
        public var values: [Value?]

        public init(_ label: String, _ values: [Value?], path: WebPath? = nil) {
            self.label = label
            self.path = path
            self.values = values
        }
    }

    /// Tells the ids of two charts of a page apart.
    public let id: String
    public let title: String
    /// What the drawing says, in a sentence.
    public let summary: String
    /// What the rows are: head of the table's first column.
    public let subject: String
    public let series: [String]
    public let rows: [Row]
    public let drawing: ChartDrawing

    /// - Parameters:
    ///   - drawn: how many rows are drawn at most; the table holds all of them.
    ///   - tick: words for a value of the scale of `.lines`.
    public init(
        _ kind: Kind, id: String, title: String, summary: String, subject: String, series: [String], rows: [Row], drawn: Int = 60,
        tick: (Double) -> String = { _ in "" }
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.subject = subject
        self.series = Array(series.prefix(Self.most))
        self.rows = rows
        let drawn = Array(rows.prefix(drawn))
        drawing =
            switch kind {
            case .bars: .bars(drawn, self.series)
            case .stacked: .stacked(drawn, self.series)
            case .lines: .lines(drawn, self.series, tick)
            }
    }

    static let most = 5

    var legend: [ChartKey] {
        series.count < 2 ? [] : series.enumerated().map { ChartKey(name: $1, look: "s\($0 + 1)", hatch: hatch($0)) }
    }

    /// Only drawings with bars have hatches; lines have dashes.
    private func hatch(_ index: Int) -> String? {
        drawing.lines.contains { $0.look.hasPrefix("s") } ? nil : hatchName(index)
    }

    private func hatchName(_ index: Int) -> String? { index == 0 ? nil : "url(#\(id)-h\(index + 1))" }

    /// The pattern of a bar's series, so that colour is never the only sign.
    func fill(_ bar: ChartDrawing.Bar) -> String? { hatchName(bar.series) }

    /// For each row of the table: as many cells as there are series.
    func cells(_ row: Row) -> [String] {
        series.indices.map { (row.values.indices.contains($0) ? row.values[$0] : nil)?.text ?? "–" }
    }
}

/// One entry of the legend.
struct ChartKey: Sendable {
    var name: String
    var look: String
    var hatch: String?
}
