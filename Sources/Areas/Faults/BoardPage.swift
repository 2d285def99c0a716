import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// `/faults/board`.
package struct BoardPage: Sendable {
    var crumbs: [Crumb]
    var filter: FaultFilterFields
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var columns: [BoardColumn]
    /// Where the list with the same filter is, and where moving comes back to.
    var list: WebPath
    var back: WebPath
}

package struct BoardColumn: Sendable {
    var id: String
    var title: String
    var count: String
    var tone: Tone
    var cards: [BoardCard]
    /// The next cards of this column; the newest ones, when these are not.
    var more: WebPath?
    var newest: WebPath?
}

package struct BoardCard: Sendable {
    var row: FaultRow
    var age: String
    /// "move-F-2026-0012": the select's id.
    var id: String
    var move: WebPath
    /// Where it may go; empty when nowhere.
    var targets: [Choice]
    var version: Int
}

extension FaultDesk {
    static let cardsPerColumn = 8

    /// What a board shows: the states of the filter, or all of them.
    func boardStates(_ request: FaultListRequest) -> [FaultState] {
        request.filter.states.isEmpty ? FaultState.allCases : request.filter.states
    }

    func board(
        _ cards: [BoardLine], _ counts: [StateCount], _ request: FaultListRequest, _ column: FaultState?,
        _ buildings: [BuildingName],
        _ people: [WorkerName]
    ) -> BoardPage {
        let fields = filterFields(request, buildings, people)
        let total = counts.reduce(0) { $0 + $1.count }
        return BoardPage(
            crumbs: [Crumb(t.list.title, "/faults"), Crumb(t.board.title)], filter: fields.on("/faults/board"),
            summary: t.list.summary(count: total),
            chips: chips(request, buildings, people).map { chip in
                var chip = chip
                chip.remove = chip.remove.onBoard
                return chip
            }, clear: request.values.isEmpty ? nil : "/faults/board",
            columns: boardStates(request).map { state in
                self.column(
                    state, cards.filter { $0.state == state }, counts.first { $0.state == state }?.count ?? 0, request,
                    isPaged: column == state)
            }, list: request.path(), back: request.path().onBoard)
    }

    private func column(_ state: FaultState, _ cards: [BoardLine], _ count: Int, _ request: FaultListRequest, isPaged: Bool)
        -> BoardColumn
    {
        let shown = cards.prefix(Self.cardsPerColumn)
        let isMore = cards.count > Self.cardsPerColumn
        return BoardColumn(
            id: "column-\(state.rawValue)", title: t.state(state: state.rawValue), count: format.number(count), tone: state.tone,
            cards: shown.map(card),
            more: isMore
                ? shown.last.map { request.path(cursor: .after($0.line.id)).onBoard.adding(query: [("column", state.rawValue)]) }
                : nil,
            newest: isPaged ? request.path().onBoard : nil)
    }

    private func card(_ card: BoardLine) -> BoardCard {
        BoardCard(
            row: row(card.line), age: t.board.age(age: format.span(seconds: context.now.timeIntervalSince(card.line.reportedAt))),
            id: "move-\(card.line.number)", move: "/faults/\(card.line.number)/move",
            targets: viewer.acts(on: card, now: context.now).map {
                Choice($0.target.rawValue, t.state(state: $0.target.rawValue))
            },
            version: card.version)
    }
}

extension WebPath {
    /// The list's address as the board's, with the same filter.
    fileprivate var onBoard: WebPath {
        WebPath("/faults/board" + string.dropFirst("/faults".count)) ?? "/faults/board"
    }
}

extension FaultFilterFields {
    fileprivate func on(_ action: WebPath) -> FaultFilterFields {
        var fields = self
        fields.action = action
        return fields
    }
}
