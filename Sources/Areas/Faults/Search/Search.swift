import Database
import Foundation
import HTML
import Property
import UI
import Web

/// What can be found from the one box.
enum SearchKind: String, CaseIterable, Sendable {
    case faults, places, people, news, documents
}

/// What the address of a search asks for.
struct SearchRequest: Sendable {
    let words: String
    /// One kind alone, page by page; nil for the best of each.
    let kind: SearchKind?
    let after: UUID?
    let size: Int

    /// How many of each kind stand on the first page.
    static let few = 5

    init(_ incoming: Incoming) throws {
        words = String((incoming.query.single("q") ?? "").prefix(200)).trimmingCharacters(in: .whitespacesAndNewlines)
        kind = incoming.query.single("in").flatMap(SearchKind.init(rawValue:))
        let cursor = try incoming.cursor()
        if case .before = cursor { throw Failure.malformed("A search goes on in one direction") }
        after = kind == nil ? nil : cursor.afterID
        let limit = try incoming.limit()
        size = kind == nil ? Self.few : limit
    }

    /// At least two letters, because one fits everything; or a number, which names a fault.
    var isAsking: Bool { words.count(where: \.isLetter) > 1 || words.contains(where: \.isNumber) }

    func asks(_ kind: SearchKind) -> Bool { isAsking && (self.kind == nil || self.kind == kind) }

    var asked: Asked { Asked(words, after: after, size: size) }

    func path(_ kind: SearchKind? = nil, after: UUID? = nil) -> WebPath {
        ("/search" as WebPath).adding(
            query: [("q", words)] + (kind.map { [("in", $0.rawValue)] } ?? [])
                + (after.flatMap { Cursor.after($0).text }.map { [("cursor", $0)] } ?? []))
    }
}

/// What was found: each kind in the order of rank.
struct SearchResult: Sendable {
    let faults: [FoundFault]
    let places: [FoundPlace]
    let people: [FoundPerson]
    let news: [FoundNews]
    let documents: [FoundNews]

    /// Each kind by its own right; one round trip.
    static func find(_ request: SearchRequest, _ desk: FaultDesk) async throws -> SearchResult {
        let (context, tenant) = (desk.context, desk.viewer.tenant)
        // Whoever looks at somebody's pages would find what they may read themselves.
        let isTheirs = context.session.preview == nil
        let (faults, places, people, news, documents) = try await context.read(
            request.asks(.faults) && context.may(.seeOwnFaults)
                ? FoundFault.page(request.asked, desk.viewer, today: desk.today) : .known([]),
            request.asks(.places) && context.may(.seeProperty) ? FoundPlace.page(request.asked, tenant) : .known([]),
            request.asks(.people) && context.may(.seePeople)
                ? FoundPerson.page(request.asked, tenant, today: desk.today) : .known([]),
            request.asks(.news) && isTheirs
                ? FoundNews.announcements(
                    request.asked, tenant, today: desk.today, everything: context.may(Permission("announcements:write")))
                : .known([]),
            request.asks(.documents) && isTheirs
                ? FoundNews.documents(
                    request.asked, tenant, today: desk.today, everything: context.may(Permission("documents:manage")))
                : .known([]))
        return SearchResult(faults: faults, places: places, people: people, news: news, documents: documents)
    }

    /// Kinds with hits, the one with the best hit first; of equals, in the order of their list.
    var order: [SearchKind] {
        let best: [(SearchKind, Double?)] = [
            (.faults, faults.first?.rank), (.places, places.first?.rank), (.people, people.first?.rank),
            (.news, news.first?.rank), (.documents, documents.first?.rank)
        ]
        let found = best.compactMap { kind, rank in rank.map { (kind, $0 >= 3 ? 1 : 0) } }
        return found.enumerated().sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }.map(\.element.0)
    }
}
