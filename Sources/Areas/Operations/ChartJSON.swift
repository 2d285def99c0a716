import UI

/// A chart's numbers for programs.
package struct ChartJSON: Codable, Sendable {
    package struct Row: Codable, Sendable {
        let label: String
        let values: [Double?]
    }

    let id: String
    let title: String
    let series: [String]
    let rows: [Row]

    package init(_ chart: Chart) {
        id = chart.id
        title = chart.title
        series = chart.series
        rows = chart.rows.map { Row(label: $0.label, values: $0.values.map { $0?.number }) }
    }
}
