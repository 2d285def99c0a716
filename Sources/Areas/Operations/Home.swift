import Database
import Foundation
import HTML
import UI
import Web

/// What an area puts on the dashboard.
package struct HomeContents: Sendable {
    package var report: WebPath?
    package var stats: [Stat]
    package var sections: [HomeSection]
    /// After what needs somebody now: how things stand.
    package var charts: [HomeChart]
    /// What makes it out of date, with blanks between.
    package var topics: String

    package init(
        report: WebPath? = nil, stats: [Stat] = [], sections: [HomeSection] = [], charts: [HomeChart] = [],
        topics: String = ""
    ) {
        self.topics = topics
        self.report = report
        self.stats = stats
        self.sections = sections
        self.charts = charts
    }
}

extension HomeContents {
    /// What two other areas ask in the same round trip.
    package typealias Besides = (first: Query<HomeContents>, second: Query<HomeContents>)

    /// All of it, in this order.
    package static func of(_ parts: HomeContents...) -> HomeContents {
        parts.reduce(into: HomeContents()) { whole, part in
            whole.report = whole.report ?? part.report
            whole.stats += part.stats
            whole.sections += part.sections
            whole.charts += part.charts
            whole.topics += whole.topics.isEmpty || part.topics.isEmpty ? part.topics : " \(part.topics)"
        }
    }
}

/// The same for programs.
struct HomeJSON: Codable, Sendable {
    struct Section: Codable, Sendable {
        let title: String
        let items: [Item]
    }

    struct Item: Codable, Sendable {
        let title: String
        let detail: String
        let path: String
        let badges: [String]
    }

    struct Figure: Codable, Sendable {
        let label: String
        let value: String
    }

    let figures: [Figure]
    let sections: [Section]
    let charts: [ChartJSON]

    init(_ contents: HomeContents) {
        figures = contents.stats.map { Figure(label: $0.label, value: $0.value) }
        sections = contents.sections.map { section in
            Section(
                title: section.title,
                items: section.rows.map {
                    Item(title: $0.title, detail: $0.detail, path: $0.path.string, badges: $0.badges.map(\.text))
                })
        }
        charts = contents.charts.map { ChartJSON($0.chart) }
    }
}

extension HomePage {
    init(_ contents: HomeContents, _ context: MemberContext) {
        let t = OperationsMessages(context.language).home
        let first = context.session.name.split(separator: " ").first.map(String.init) ?? context.session.name
        let hour = CivilHour.of(context.now, context.outer.zone)
        let part = (4..<11).contains(hour) ? "morning" : (18...23).contains(hour) ? "evening" : "day"
        self.init(
            greeting: t.greeting(part: part, name: first), day: context.format.longDate(context.now), report: contents.report,
            stats: contents.stats, sections: contents.sections, charts: contents.charts, topics: contents.topics)
    }
}

enum CivilHour {
    /// 0 to 23 in the zone.
    static func of(_ date: Date, _ zone: TimeZone) -> Int {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: date)
        return ((seconds % 86_400) + 86_400) % 86_400 / 3600
    }
}
