import Foundation
import Testing

@testable import UI

@Suite("Charts")
struct ChartTests {
    private func chart(_ kind: Chart.Kind, _ rows: [[Double?]], series: [String] = ["a", "b"]) -> Chart {
        Chart(
            kind, id: "c", title: "t", summary: "s", subject: "x", series: series,
            rows: rows.enumerated().map { index, values in
                Chart.Row("row \(index)", values.map { $0.flatMap { Chart.Value($0, "\(Int($0))") } })
            }, tick: { "\(Int($0))" })
    }

    @Test("The longest bar fills its room, the others stand in proportion, and a zero has no bar but its number")
    func bars() {
        let drawing = chart(.bars, [[10], [5], [0]], series: ["a"]).drawing
        #expect(drawing.bars.map(\.width) == ["62%", "31%"])
        #expect(drawing.words.filter { $0.look == "value" }.map(\.text) == ["10", "5", "0"])
    }

    @Test("A missing value is a gap, never a zero: no bar, a dash in words and table")
    func missing() {
        let bars = chart(.bars, [[nil, 4]])
        #expect(bars.drawing.bars.count == 1)
        #expect(bars.drawing.words.filter { $0.look == "value" }.map(\.text) == ["a: –", "b: 4"])
        #expect(bars.cells(bars.rows[0]) == ["–", "4"])
        #expect(bars.cells(Chart.Row("short", [])) == ["–", "–"])
        let line = chart(.lines, [[1], [2], [nil], [3], [4]], series: ["a"]).drawing
        #expect(line.lines.filter { $0.look == "s1" }.count == 2)
        #expect(line.dots.count == 4)
    }

    @Test("Parts of a stacked bar follow each other; the words name each of them")
    func stacked() {
        let drawing = chart(.stacked, [[1, 3], [0, 0], [nil, nil]]).drawing
        #expect(drawing.bars.map(\.x) == ["0%", "15.50%"])
        #expect(drawing.bars.map(\.width) == ["15.50%", "46.50%"])
        #expect(drawing.words.filter { $0.look == "value" }.map(\.text) == ["a: 1, b: 3", "0", "–"])
    }

    @Test("Every series has a look of its own, bars a pattern and lines a number behind their end")
    func looks() {
        let bars = chart(.bars, [[1, 2]])
        #expect(bars.drawing.bars.map { bars.fill($0) } == [nil, "url(#c-h2)"])
        #expect(bars.legend.map(\.look) == ["s1", "s2"] && bars.legend.map(\.hatch) == [nil, "url(#c-h2)"])
        let lines = chart(.lines, [[1, 1], [2, 2]])
        #expect(lines.legend.map(\.hatch) == [nil, nil])
        let labels = lines.drawing.words.filter { $0.look == "value" }
        #expect(labels.map(\.text) == ["2", "2"] && abs(labels[0].y - labels[1].y) >= 13)
        #expect(chart(.bars, [[1]], series: ["1", "2", "3", "4", "5", "6", "7"]).series.count == 5)
    }

    @Test(
        "T71 Numbers that are none, or beyond all measure, draw within the picture",
        arguments: [Chart.Kind.bars, .stacked, .lines])
    func hostile(_ kind: Chart.Kind) {
        #expect(Chart.Value(.nan, "") == nil && Chart.Value(.infinity, "") == nil)
        let rows: [[Double?]] = [[1e308, 1e308], [-5, 0], [.leastNonzeroMagnitude, nil], []]
        let values = rows.map { $0.map { $0.flatMap { Chart.Value($0, "x") } } }
        let chart = Chart(
            kind, id: "c", title: "t", summary: "s", subject: "x", series: ["a", "b"],
            rows: values.map { Chart.Row("r", $0) }, tick: { "\($0)" })
        let percents =
            chart.drawing.bars.flatMap { [$0.x, $0.width] } + chart.drawing.dots.map(\.x) + chart.drawing.words.map(\.x)
        for percent in percents {
            let value = Double(percent.dropLast()) ?? -1
            #expect((0...100).contains(value), "\(percent)")
        }
        #expect(Chart(kind, id: "c", title: "", summary: "", subject: "", series: [], rows: []).drawing.bars.isEmpty)
    }

    @Test("Durations and months are put as the language does")
    func words() {
        let (english, german) = (ViewSamples.format(.en), ViewSamples.format(.de))
        #expect(english.duration(seconds: 125) == "2\u{a0}min" && german.duration(seconds: 5_400) == "1,5\u{a0}Std.")
        #expect(english.duration(seconds: 3 * 86_400) == "3\u{a0}days" && german.duration(seconds: 90 * 3_600) == "3,8\u{a0}Tage")
        #expect(english.duration(seconds: -1) == "0\u{a0}min" && english.duration(seconds: .infinity) == "0\u{a0}min")
        #expect(english.duration(seconds: 1e300).hasSuffix("days"))
        #expect(english.month(ViewSamples.now) == "November 2026" && german.shortDay(ViewSamples.now) == "21.11.")
    }
}
