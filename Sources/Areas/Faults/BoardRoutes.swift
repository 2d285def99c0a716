import Forms
import Foundation
import HTML
import UI
import Web

extension FaultRoutes {
    func addBoard(to routes: Routes) {
        routes.get("faults/board", may: .workOnFaults, use: board)
            .tells("The faults as a board, a column for each state.")
            .asks(FaultListRequest.fields + .paging + [.choice("column", FaultState.self)]).gives(BoardJSON.self)
        routes.post("faults/{fault}/move", may: .workOnFaults, on: .page, use: move)
    }

    @Sendable func board(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let request = try FaultListRequest(incoming, desk)
        let column = incoming.query.single("column").flatMap(FaultState.init(rawValue:))
        let after = request.cursor.afterID.flatMap { id in column.map { ($0, id) } }
        let (cards, counts, buildings, people) = try await context.read(
            BoardLine.columns(request.condition, desk.boardStates(request), size: FaultDesk.cardsPerColumn, after: after),
            desk.counts(request), desk.buildings, desk.people)
        return .show(
            desk.board(cards, counts, request, after?.0, buildings, people),
            json: BoardJSON(cards, counts, desk.boardStates(request)))
    }

    /// What needs no words is done at once; what needs some leads to the fault's page, with the form for it unfolded.
    @Sendable func move(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        let (target, version, back) = try incoming.submission.read { form in
            (
                form.choice("to", FaultState.self), form.optionalInt("version", in: 1...Int(Int32.max)),
                form.optionalText("back", .max(2000)).flatMap { WebPath($0) }
            )
        }
        let fault = try await context.read(Fault.find(key, desk.viewer, today: desk.today))
        guard let act = FaultAct(target: target), fault.state.next.contains(target) else {
            throw Failure.invalidTransition(from: fault, to: target, desk.viewer, context.now)
        }
        guard desk.viewer.may(act, fault) else { throw Failure.forbidden }
        guard act == .start || act == .confirm else { return .redirect(fault.path.adding(query: [("act", act.rawValue)])) }
        var draft = FaultActDraft()
        draft.version = version
        let prepared = draft
        let moved = try await context.write { tx in try await desk.faults(tx).act(act, on: key, prepared) }
        let board = back.flatMap { $0.string.hasPrefix("/faults/board") ? $0 : nil } ?? "/faults/board"
        return try .done(
            FaultJSON(moved, desk.viewer, now: context.now), at: board,
            flash: Flash(desk.t.act.done(act: act.rawValue, number: moved.number), path: moved.path.string))
    }
}

/// `{columns: [{status, count, items, nextCursor}]}`.
struct BoardJSON: Codable, Sendable {
    struct Column: Codable, Sendable {
        let status: String
        let count: Int
        let items: [FaultLineJSON]
        let nextCursor: String?
    }

    let columns: [Column]

    init(_ cards: [BoardLine], _ counts: [StateCount], _ states: [FaultState]) {
        columns = states.map { state in
            let own = cards.filter { $0.state == state }
            let shown = own.prefix(FaultDesk.cardsPerColumn)
            return Column(
                status: state.rawValue, count: counts.first { $0.state == state }?.count ?? 0,
                items: shown.map { FaultLineJSON($0.line) },
                nextCursor: own.count > shown.count ? shown.last.flatMap { Cursor.after($0.line.id).text } : nil)
        }
    }
}
