import Foundation
import HTML
import Markdown
import Property
import UI
import Web

/// `/search`: everything that fits, by kind.
package struct SearchPage: Sendable {
    var words: Field
    /// "12 hits for tap"; empty before anything was asked.
    var summary: String
    var isAsked: Bool
    var groups: [SearchGroup]
    /// Back to the best of each kind; nil when that is what stands here.
    var all: WebPath?
}

/// `/search/hits`: the same as a list to choose from while somebody types.
package struct SearchHitsPage: Sendable {
    var label: String
    var groups: [SearchGroup]
    /// Everything that was found, on its own page.
    var all: WebPath
    /// "All hits", or that there are none.
    var allLabel: String
}

package struct SearchGroup: Sendable {
    var key: String
    var title: String
    var count: Int
    var hits: [SearchHit]
    /// The rest of this kind; nil when there is none.
    var more: WebPath?
    var moreLabel: String
}

package struct SearchHit: Sendable {
    var id: String
    var path: WebPath
    var icon: Icon
    var title: [TextPart]
    var sub: [TextPart]
    var badges: [Badge]
}

extension FaultDesk {
    func search(_ request: SearchRequest, _ result: SearchResult) -> SearchPage {
        let groups = groups(request, result)
        let total = groups.reduce(0) { $0 + $1.count }
        return SearchPage(
            words: Field(
                "q", label: t.search.label, value: request.words, hint: t.search.hint, required: true, focused: !request.isAsking),
            summary: request.isAsking ? t.search.summary(count: total, words: request.words) : "", isAsked: request.isAsking,
            groups: groups, all: request.kind == nil ? nil : request.path())
    }

    func hits(_ request: SearchRequest, _ result: SearchResult) -> SearchHitsPage {
        let groups = groups(request, result)
        return SearchHitsPage(
            label: t.search.title, groups: groups, all: request.path(),
            allLabel: groups.isEmpty ? t.search.noneFor(words: request.words) : t.search.all)
    }

    private func groups(_ request: SearchRequest, _ result: SearchResult) -> [SearchGroup] {
        let highlight = Highlight(request.words)
        func group<Hit>(_ kind: SearchKind, _ found: [Hit], total: Int?, id: (Hit) -> UUID, hit: (Hit) -> SearchHit)
            -> SearchGroup
        {
            let shown = found.prefix(request.size)
            let last = found.count > shown.count ? shown.last.map(id) : nil
            return SearchGroup(
                key: kind.rawValue, title: t.search.kind(kind: kind.rawValue), count: total ?? 0, hits: shown.map(hit),
                more: last.map { request.path(kind, after: request.kind == nil ? nil : $0) },
                moreLabel: request.kind == nil
                    ? t.search.moreOf(kind: kind.rawValue, count: total ?? 0) : t.search.next)
        }
        return result.order.map { kind in
            switch kind {
            case .faults:
                group(kind, result.faults, total: result.faults.first?.total, id: \.line.id) { hit($0.line, highlight) }
            case .places: group(kind, result.places, total: result.places.first?.total, id: \.id) { hit($0, highlight) }
            case .people: group(kind, result.people, total: result.people.first?.total, id: \.id) { hit($0, highlight) }
            case .news: group(kind, result.news, total: result.news.first?.total, id: \.id) { news($0, highlight) }
            case .documents:
                group(kind, result.documents, total: result.documents.first?.total, id: \.id) { document($0, highlight) }
            }
        }
    }

    private func hit(_ line: FaultLine, _ highlight: Highlight) -> SearchHit {
        SearchHit(
            id: line.id.text, path: "/faults/\(line.number)", icon: .tools, title: highlight.parts(line.title),
            sub: highlight.parts("\(line.number) · \(place(line.building, line.unit))"),
            badges: badges(line.state, line.priority, due: line.dueAt))
    }

    private func hit(_ found: FoundPlace, _ highlight: Highlight) -> SearchHit {
        SearchHit(
            id: found.id.text, path: found.isUnit ? "/units/\(found.id.text)" : "/buildings/\(found.id.text)",
            icon: found.isUnit ? .door : .building, title: highlight.parts(found.unit ?? found.building),
            sub: highlight.parts(found.isUnit ? "\(found.building) · \(found.street)" : found.street),
            badges: found.isArchived ? [Badge(t.search.archived)] : [])
    }

    private func news(_ found: FoundNews, _ highlight: Highlight) -> SearchHit {
        SearchHit(
            id: found.id.text, path: "/announcements/\(found.id.text)", icon: .info, title: highlight.parts(found.title),
            sub: highlight.parts(Markdown.excerpt(found.detail)), badges: [])
    }

    private func document(_ found: FoundNews, _ highlight: Highlight) -> SearchHit {
        SearchHit(
            id: found.id.text, path: "/documents/\(found.id.text)", icon: .journal, title: highlight.parts(found.title),
            sub: highlight.parts(found.detail), badges: [])
    }

    private func hit(_ found: FoundPerson, _ highlight: Highlight) -> SearchHit {
        let places = found.places.joined(separator: "; ")
        return SearchHit(
            id: found.id.text, path: "/people/\(found.id.text)", icon: .person, title: highlight.parts(found.name),
            sub: highlight.parts(places.isEmpty ? found.email : "\(found.email) · \(places)"),
            badges: found.isDisabled ? [Badge(t.search.disabled, tone: .warn)] : [])
    }
}
