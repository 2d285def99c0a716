import Database
import Foundation
import HTML
import Operations
import UI
import Web

/// The news' part of the dashboard: what this person has not read, and what waits for their word.
package enum NewsHome {
    private static let shown = 3

    package static func contents(_ context: MemberContext) -> Query<HomeContents> {
        let desk = NewsDesk(context)
        return Announcement.unread(desk.reader, most: shown).map { contents($0, desk) }
    }

    private static func contents(_ news: [Announcement], _ desk: NewsDesk) -> HomeContents {
        guard !news.isEmpty else { return HomeContents(topics: "announcement") }
        let rows = news.prefix(shown).map(desk.row).map {
            HomeRow(path: $0.path, title: $0.title, detail: $0.detail, badges: $0.badges)
        }
        let section = HomeSection(
            title: desk.t.list.unread, rows: rows, more: "/announcements", emptyTitle: "", emptyText: "")
        return HomeContents(sections: [section], topics: "announcement")
    }
}

extension Announcement {
    /// Current news for the reader that others wrote and they have not opened, or not confirmed where that is asked. That comes
    /// first, then the latest.
    static func unread(_ reader: NewsReader, most: Int) -> Query<[Announcement]> {
        .many(
            """
            \(select(reader)) where \(NewsShelf.current.condition(reader)) and \(reader.isMeant) and a.written_by <> \(reader.member)
               and (r.read_at is null or a.important and r.acknowledged_at is null)
             order by a.important desc, a.sort_at desc, a.id desc limit \(most + 1)
            """)
    }
}
