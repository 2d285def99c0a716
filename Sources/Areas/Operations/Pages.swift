import HTML
import UI

/// `/dashboard`: what needs this person now.
package struct HomePage: Sendable {
    /// "Good morning, Maria".
    package var greeting: String
    /// The day in words.
    package var day: String
    /// Nil for those who report nothing.
    package var report: WebPath?
    package var stats: [Stat]
    /// The most pressing one first.
    package var sections: [HomeSection]
    package var charts: [HomeChart]
    /// What makes it out of date.
    package var topics: String

    package init(
        greeting: String, day: String, report: WebPath? = nil, stats: [Stat] = [], sections: [HomeSection],
        charts: [HomeChart] = [], topics: String = ""
    ) {
        self.topics = topics
        self.greeting = greeting
        self.day = day
        self.report = report
        self.stats = stats
        self.sections = sections
        self.charts = charts
    }
}

/// A drawing of the dashboard.
package struct HomeChart: Sendable {
    package var chart: Chart

    package init(_ chart: Chart) {
        self.chart = chart
    }
}

package struct HomeSection: Sendable {
    package var title: String
    package var rows: [HomeRow]
    /// All of them, nil when these are all.
    package var more: WebPath?
    /// What to say when there are none: good news and what comes next.
    package var emptyTitle: String
    package var emptyText: String

    package init(title: String, rows: [HomeRow], more: WebPath? = nil, emptyTitle: String, emptyText: String) {
        self.title = title
        self.rows = rows
        self.more = more
        self.emptyTitle = emptyTitle
        self.emptyText = emptyText
    }
}

package struct HomeRow: Sendable {
    package var path: WebPath
    package var title: String
    /// Number and place.
    package var detail: String
    package var badges: [Badge]

    package init(path: WebPath, title: String, detail: String, badges: [Badge] = []) {
        self.path = path
        self.title = title
        self.detail = detail
        self.badges = badges
    }
}

/// `/admin/jobs`.
package struct JobsPage: Sendable {
    var tabs: [Tab]
    var summary: String
    var rows: [JobRow]
    var pager: Pager?
}

package struct JobRow: Sendable {
    var id: String
    /// In plain words.
    var name: String
    /// As the log and the API call it.
    var kind: String
    var state: Badge
    /// "2 of 3".
    var tries: String
    /// When it runs next, or last ran.
    var moment: Moment
    var error: String?
    /// POST; nil where it makes no sense or the viewer may only look.
    var retry: WebPath?
    var discard: WebPath?
}
