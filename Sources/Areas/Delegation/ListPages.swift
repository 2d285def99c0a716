import Foundation
import HTML
import Property
import UI
import Web

extension DelegationsPage {
    init(
        _ page: KeysetPage<DelegationLine>, _ total: Int, _ filter: DelegationFilter, mayOffer: Bool, _ context: MemberContext
    ) {
        let t = DelegationMessages(context.language)
        let list = DelegationFilter.path
        func without(_ name: String) -> WebPath { list.adding(query: filter.query(without: name)) }
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: filter.query() + (cursor.text.map { [("cursor", $0)] } ?? [])) }
        let states = DelegationState.allCases.map { Choice($0.rawValue, $0.words(context.language)) }
        var chips: [Chip] = []
        if !filter.words.isEmpty { chips.append(Chip(label: t.list.search, value: filter.words, remove: without("q"))) }
        if let state = filter.state {
            chips.append(Chip(label: t.list.state, value: state.words(context.language), remove: without("state")))
        }
        let summary = t.list.summary(count: total)
        self.init(
            tabs: filter.shelves.map { shelf in
                Tab(
                    t.list.shelf(shelf: shelf.rawValue), list.adding(query: [("show", shelf.rawValue)]),
                    current: shelf == filter.shelf)
            },
            action: list, shelf: [HiddenValue("show", filter.shelf.rawValue)],
            words: Field("q", label: t.list.search, value: filter.words),
            state: Field("state", label: t.list.state, value: filter.state?.rawValue ?? ""), states: states, summary: summary,
            chips: chips, clear: chips.isEmpty ? nil : list.adding(query: [("show", filter.shelf.rawValue)]),
            csv: ("/delegations.csv" as WebPath).adding(query: filter.query()),
            rows: page.lines.map { DelegationRow($0, context) },
            pager: page.previous == nil && page.next == nil
                ? nil : Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary),
            new: mayOffer ? "/delegations/new" : nil, emptyTitle: t.list.none(shelf: filter.shelf.rawValue),
            emptyText: t.list.noneText(shelf: filter.shelf.rawValue))
    }
}

extension DelegationRow {
    init(_ line: DelegationLine, _ context: MemberContext) {
        self.init(
            path: line.path, place: line.place, sides: line.sides(context.language),
            rights: line.rightsWords(context.language).joined(separator: ", "), state: line.badge(context),
            until: line.until(context), offered: context.format.moment(line.offeredAt, now: context.now))
    }
}

extension DelegationLine {
    func sides(_ language: Language) -> String {
        DelegationMessages(language).list.sides(delegator: delegator, delegate: delegate)
    }

    func rightsWords(_ language: Language) -> [String] { rights.map { $0.words(language) } }
}
