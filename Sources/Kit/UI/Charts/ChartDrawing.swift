/// Where everything of a chart stands. Across in percent and down in pixels: so a drawing is as wide as there is room, and its
/// words keep their size.
public struct ChartDrawing: Sendable {
    struct Bar: Sendable {
        var x: String
        var y: Int
        var width: String
        var height: Int
        var series: Int
        var look: String { "s\(series + 1)" }
    }

    struct Line: Sendable {
        var x1: String
        var y1: Int
        var x2: String
        var y2: Int
        /// A series or "grid".
        var look: String
    }

    struct Dot: Sendable {
        var x: String
        var y: Int
        var look: String
    }

    struct Words: Sendable {
        var x: String
        var y: Int
        var dx = 0
        /// start, middle or end.
        var anchor = "start"
        /// label, value, tick or inside.
        var look: String
        var text: String
    }

    var height = 0
    var bars: [Bar] = []
    var lines: [Line] = []
    var dots: [Dot] = []
    var words: [Words] = []
}

// MARK: - Bars

extension ChartDrawing {
    /// The longest bar leaves this much for the words at its end.
    private static let longest = 62.0
    private static let thick = 14

    static func bars(_ rows: [Chart.Row], _ series: [String]) -> ChartDrawing {
        var drawing = ChartDrawing()
        let most = rows.flatMap(\.values).compactMap { $0?.number }.max() ?? 0
        for row in rows {
            drawing.head(row.label)
            for (index, value) in row.values.prefix(series.count).enumerated() {
                let name = series.count > 1 ? "\(series[index]): " : ""
                let width = most > 0 ? (value?.number ?? 0) / most * longest : 0
                drawing.bar(at: 0, width: width, index)
                drawing.words.append(
                    Words(
                        x: percent(width), y: drawing.height + thick - 3, dx: 6, look: "value", text: name + (value?.text ?? "–"))
                )
                drawing.height += thick + 4
            }
            drawing.height += 6
        }
        return drawing
    }

    /// The sum stands at the end of the bar; a part that is wide enough bears its own number.
    static func stacked(_ rows: [Chart.Row], _ series: [String]) -> ChartDrawing {
        var drawing = ChartDrawing()
        let most = rows.map { $0.values.reduce(0) { $0 + ($1?.number ?? 0) } }.max() ?? 0
        for row in rows {
            drawing.head(row.label)
            var x = 0.0
            var texts: [String] = []
            for (index, value) in row.values.prefix(series.count).enumerated() {
                guard let value, value.number > 0, most > 0 else { continue }
                let width = value.number / most * longest
                drawing.bar(at: x, width: width, index)
                texts.append("\(series[index]): \(value.text)")
                x += width
            }
            let text = texts.isEmpty ? row.values.contains { $0 != nil } ? "0" : "–" : texts.joined(separator: ", ")
            drawing.words.append(Words(x: percent(x), y: drawing.height + thick - 3, dx: 6, look: "value", text: text))
            drawing.height += thick + 10
        }
        return drawing
    }

    private mutating func head(_ label: String) {
        words.append(Words(x: "0%", y: height + 13, look: "label", text: Self.short(label)))
        height += 19
    }

    private mutating func bar(at x: Double, width: Double, _ series: Int) {
        guard width > 0 else { return }
        bars.append(
            Bar(x: Self.percent(x), y: height, width: Self.percent(max(width, 0.4)), height: Self.thick, series: series))
    }

    /// A phone shows about forty letters; the table has the whole name.
    private static func short(_ label: String) -> String {
        label.count <= 42 ? label : "\(label.prefix(40))…"
    }

    /// "12.5%", from 0 to 100, two digits at most.
    static func percent(_ value: Double) -> String {
        let hundredths = Int((min(max(value.isFinite ? value : 0, 0), 100) * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100)" + (rest == 0 ? "" : rest < 10 ? ".0\(rest)" : ".\(rest)") + "%"
    }
}

// MARK: - Lines

extension ChartDrawing {
    private static let (top, bottom) = (24, 168)

    static func lines(_ rows: [Chart.Row], _ series: [String], _ tick: (Double) -> String) -> ChartDrawing {
        var drawing = ChartDrawing(height: 196)
        let scale = round(rows.flatMap(\.values).compactMap { $0?.number }.max() ?? 0)
        for part in [0, 0.5, 1] {
            let y = place(part)
            drawing.lines.append(Line(x1: "0%", y1: y, x2: "100%", y2: y, look: "grid"))
            drawing.words.append(Words(x: "0%", y: y - 4, look: "tick", text: tick(scale * part)))
        }
        let step = rows.count > 1 ? 76 / Double(rows.count - 1) : 0
        for index in series.indices { drawing.line(index, rows, scale, step) }
        let every = max(1, (rows.count + 4) / 5)
        for (index, row) in rows.enumerated() where (rows.count - 1 - index).isMultiple(of: every) {
            drawing.words.append(
                Words(x: percent(12 + Double(index) * step), y: 188, anchor: "middle", look: "tick", text: row.label))
        }
        return drawing
    }

    private mutating func line(_ index: Int, _ rows: [Chart.Row], _ scale: Double, _ step: Double) {
        let look = "s\(index + 1)"
        var last: (x: String, y: Int)?
        var end: (place: Double, y: Int, text: String)?
        for (place, row) in rows.enumerated() {
            // A missing value ends the line; the next one begins anew.
            guard let value = row.values.indices.contains(index) ? row.values[index] : nil else {
                last = nil
                continue
            }
            let point = (x: Self.percent(12 + Double(place) * step), y: Self.place(value.number / scale))
            if let last { lines.append(Line(x1: last.x, y1: last.y, x2: point.x, y2: point.y, look: look)) }
            dots.append(Dot(x: point.x, y: point.y, look: look))
            last = point
            end = (12 + Double(place) * step, point.y, value.text)
        }
        guard let end else { return }
        // Its number behind its last point, where no line runs; the legend has the names. Where two lines end close to each other, the
        // later one's steps aside.
        let (wish, taken) = (end.y + 4, words.filter { $0.look == "value" }.map(\.y))
        let free = [0, -13, 13, -26, 26, -39, 39, -52, 52].map { wish + $0 }.first { y in
            (12...Self.bottom + 4).contains(y) && !taken.contains { abs($0 - y) < 13 }
        }
        words.append(
            Words(x: Self.percent(end.place), y: free ?? wish, dx: 8, look: "value", text: end.text))
    }

    private static func place(_ part: Double) -> Int {
        bottom - Int((Double(bottom - top) * min(max(part.isFinite ? part : 0, 0), 1)).rounded())
    }

    /// The next of 2, 4, 10, 20, 40, 100 … that holds it, so that its half is a whole number, too.
    private static func round(_ most: Double) -> Double {
        var scale = 1.0
        while scale < 1e12 {
            for step in [2.0, 4, 10] where most <= step * scale { return step * scale }
            scale *= 10
        }
        return max(most, 1)
    }
}
