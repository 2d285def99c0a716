import Forms
import Foundation
import HTML
import Markdown
import Property
import UI
import Web

/// One box that finds a fault, a place, a person, news or a document. Everybody has it; what it finds depends on their rights.
package struct SearchRoutes: Sendable {
    package init() {}

    package func add(to routes: Routes) {
        routes.chapter("Search")
        routes.memberGet("search", seen: true, support: true, use: search)
            .tells("Searches faults, places, people, news and documents that you may see; with `in` one kind, page by page.")
            .asks(.text("q"), .choice("in", SearchKind.self)).asks(.paging).gives(SearchJSON.self)
        routes.memberGet("search/hits", on: .page, seen: true, support: true, use: hits)
    }

    @Sendable func search(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, request) = (FaultDesk(context), try SearchRequest(incoming))
        let result = try await SearchResult.find(request, desk)
        return .show(desk.search(request, result), json: SearchJSON(request, result))
    }

    /// The fragment that the header's box asks for while somebody types.
    @Sendable func hits(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, request) = (FaultDesk(context), try SearchRequest(incoming))
        let result = try await SearchResult.find(request, desk)
        return .page(desk.hits(request, result))
    }
}

/// `{query, groups: [{kind, items, nextCursor, total}]}`, the best group first.
struct SearchJSON: Codable, Sendable {
    struct Group: Codable, Sendable {
        let kind: String
        let items: [Item]
        let nextCursor: String?
        let total: Int
    }

    struct Item: Codable, Sendable {
        let kind: String
        let id: String
        /// Number of a fault, nothing for others.
        let number: String?
        let title: String
        let detail: String
        let path: String
    }

    let query: String
    let groups: [Group]

    init(_ request: SearchRequest, _ result: SearchResult) {
        query = request.words
        groups = result.order.map { kind in
            switch kind {
            case .faults:
                Self.group(kind, result.faults.map { ($0.line.id, Item($0.line)) }, result.faults.first?.total, request)
            case .places: Self.group(kind, result.places.map { ($0.id, Item($0)) }, result.places.first?.total, request)
            case .people: Self.group(kind, result.people.map { ($0.id, Item($0)) }, result.people.first?.total, request)
            case .news:
                Self.group(
                    kind, result.news.map { ($0.id, Item($0, "announcement", "/announcements")) }, result.news.first?.total,
                    request)
            case .documents:
                Self.group(
                    kind, result.documents.map { ($0.id, Item($0, "document", "/documents")) }, result.documents.first?.total,
                    request)
            }
        }
    }

    private static func group(_ kind: SearchKind, _ items: [(UUID, Item)], _ total: Int?, _ request: SearchRequest) -> Group {
        let shown = items.prefix(request.size)
        return Group(
            kind: kind.rawValue, items: shown.map(\.1),
            nextCursor: items.count > shown.count ? shown.last.flatMap { Cursor.after($0.0).text } : nil, total: total ?? 0)
    }
}

extension SearchJSON.Item {
    init(_ line: FaultLine) {
        self.init(
            kind: "fault", id: line.id.text, number: line.number, title: line.title,
            detail: [line.building, line.unit].compactMap(\.self).joined(separator: ", "), path: "/faults/\(line.number)")
    }

    init(_ found: FoundPlace) {
        self.init(
            kind: found.isUnit ? "unit" : "building", id: found.id.text, number: nil, title: found.unit ?? found.building,
            detail: found.isUnit ? found.building : found.street,
            path: found.isUnit ? "/units/\(found.id.text)" : "/buildings/\(found.id.text)")
    }

    init(_ found: FoundNews, _ kind: String, _ place: String) {
        self.init(
            kind: kind, id: found.id.text, number: nil, title: found.title, detail: Markdown.excerpt(found.detail),
            path: "\(place)/\(found.id.text)")
    }

    init(_ found: FoundPerson) {
        self.init(
            kind: "person", id: found.id.text, number: nil, title: found.name, detail: found.email,
            path: "/people/\(found.id.text)")
    }
}
