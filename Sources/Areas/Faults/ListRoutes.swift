import Forms
import Foundation
import UI
import Web

/// The list, its CSV, and the technician's own.
extension FaultRoutes {
    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let request = try FaultListRequest(incoming, desk)
        let (lines, total, buildings, people, views) = try await context.read(
            FaultLine.page(request.condition, request.cursor, size: request.size), desk.total(request),
            desk.buildings, desk.people, desk.views)
        let start = views.first { $0.isDefault && $0.ownerID == desk.viewer.member && !$0.query.isEmpty }
        if context.face == .page, request.isBare, let start { return .redirect(start.path) }
        let page = KeysetPage(lines, size: request.size, cursor: request.cursor) { $0.id }
        return .show(
            desk.list(page, total, request, buildings, people, views),
            json: ListJSON(items: page.lines.map(FaultLineJSON.init), nextCursor: page.next?.text, total: total))
    }

    /// The list again, with the refused form of its filter.
    func listPage(_ request: FaultListRequest, _ desk: FaultDesk, _ refused: FormErrors) async throws -> FaultsPage {
        let (lines, total, buildings, people, views) = try await desk.context.read(
            FaultLine.page(request.condition, .first, size: request.size), desk.total(request), desk.buildings, desk.people,
            desk.views)
        let page = KeysetPage(lines, size: request.size, cursor: .first) { $0.id }
        return desk.list(page, total, request, buildings, people, views, refused)
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let request = try FaultListRequest(incoming, desk)
        var csv = CSV(head: FaultExportLine.head(desk.viewer))
        var cursor = Cursor.first
        // Page by page, so that a long list never stands in memory as rows; each page is one short statement.
        repeat {
            let lines = try await context.read(FaultExportLine.page(request.condition, cursor, size: 1000, desk.viewer))
            for line in lines.prefix(1000) { csv.append(line.cells(desk.viewer)) }
            cursor = lines.count > 1000 ? .after(lines[999].line.id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "faults.csv"))
    }

    @Sendable func mine(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        var filter = FaultFilter(states: FaultState.open)
        filter.assignee = context.memberID
        let condition = desk.viewer.condition(filter, now: context.now, today: desk.today)
        let lines = try await context.read(FaultLine.page(condition, .first, size: 200))
        return .show(
            desk.mine(Array(lines.prefix(200))),
            json: ListJSON(items: lines.prefix(200).map(FaultLineJSON.init), nextCursor: nil, total: min(200, lines.count)))
    }
}
