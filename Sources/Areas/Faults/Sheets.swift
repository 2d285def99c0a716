import Database
import Forms
import Foundation
import HTML
import Markdown
import Notifications
import QR
import UI
import Web

/// `/faults/sheets`: work sheets to print, one page each.
package struct SheetsPage: Sendable {
    var crumbs: [Crumb]
    var summary: String
    var back: WebPath
    var sheets: [WorkSheet]
}

/// What somebody takes along to a fault.
package struct WorkSheet: Sendable {
    var number: String
    var title: String
    var address: String
    /// Opens the fault, for whoever signs in.
    var code: QRCode?
    var facts: [Fact]
    var description: SafeHTML
    var printed: String
}

extension FaultRoutes {
    func addSheets(to routes: Routes) {
        routes.get("faults/sheets", may: .workOnFaults, on: .page, use: sheets)
    }

    static let mostSheets = 50

    /// Those that were ticked, or the first of all that the filter in the address finds; in the order of their places, so that
    /// somebody walks through a house once.
    @Sendable func sheets(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let ids = try incoming.query.read { form in form.flag("all") ? nil : form.uuids("fault_ids", max: Self.mostSheets) }
        guard let ids else {
            let request = try FaultListRequest(incoming, desk)
            let (faults, total) = try await context.read(
                Fault.several(request.condition, most: Self.mostSheets), desk.total(request))
            return .page(desk.sheets(faults, of: total, from: request.path(), site))
        }
        let faults = try await context.read(Fault.several(ids, desk.viewer, today: desk.today))
        guard faults.count == ids.count else { throw Failure.notFound }
        return .page(desk.sheets(faults, of: faults.count, from: "/faults", site))
    }
}

extension FaultDesk {
    func sheets(_ faults: [Fault], of total: Int, from list: WebPath, _ site: Site) -> SheetsPage {
        SheetsPage(
            crumbs: [Crumb(t.list.title, list), Crumb(t.sheet.title)],
            summary: faults.count < total
                ? t.sheet.first(shown: faults.count, total: total) : t.list.summary(count: faults.count),
            back: list,
            sheets: faults.map { fault in
                let address = site.url(context.tenant, fault.path)
                return WorkSheet(
                    number: fault.number, title: fault.title, address: address, code: QRCode(address), facts: sheetFacts(fault),
                    description: Markdown.html(fault.description), printed: t.sheet.printed(moment: format.dateTime(context.now)))
            })
    }

    private func sheetFacts(_ fault: Fault) -> [Fact] {
        [
            Fact(t.detail.place, place(fault.building, fault.unit)),
            Fact(t.detail.locationNote, fault.locationNote.isEmpty ? "–" : fault.locationNote),
            Fact(t.detail.category, settings.title(fault.category, context.language.rawValue)),
            Fact(t.detail.priority, t.priority(priority: fault.priority.rawValue)),
            Fact(t.list.state, t.state(state: fault.state.rawValue)), Fact(t.detail.due, format.dateTime(fault.dueAt)),
            Fact(t.detail.assignee, fault.assignee ?? t.detail.nobody),
            Fact(t.detail.reporter, fault.reporter ?? t.entry.visitor),
            Fact(t.detail.reported, format.dateTime(fault.reportedAt))
        ]
    }
}
