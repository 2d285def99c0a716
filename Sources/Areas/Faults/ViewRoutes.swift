import Forms
import Foundation
import HTML
import UI
import Web

extension FaultRoutes {
    func addViews(to routes: Routes) {
        routes.get("faults/views", may: .seeOwnFaults, on: .api, use: views)
            .tells("Lists saved filters: yours and those that colleagues share.").listsAll(FaultViewJSON.self)
        routes.post("faults/views", may: .seeOwnFaults, use: saveView)
            .tells("Saves the filter in the address under a name.")
            .asks(FaultListRequest.fields + .paging).takes { _ = FaultViewDraft(&$0) }.creates(FaultViewJSON.self)
        routes.post("faults/views/{id}/remove", may: .seeOwnFaults, on: .page, use: removeView)
        routes.delete("faults/views/{id}", may: .seeOwnFaults, use: removeView)
            .tells("Removes a saved filter of yours.").givesNothing()
    }

    @Sendable func views(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let all = try await context.read(FaultView.all(desk.viewer))
        let list = ListJSON(items: all.map { FaultViewJSON($0, desk.viewer) }, nextCursor: nil, total: all.count)
        return .show(page: { throw Failure.notFound }, json: { try JSON.encode(list) })
    }

    /// The filter stands in the address, as on the list itself.
    @Sendable func saveView(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let request = try FaultListRequest(incoming, desk)
        do {
            let draft = try incoming.submission.read { FaultViewDraft(&$0) }
            return try await context.once(incoming) { tx in
                let view = try await FaultViews(tx: tx, viewer: desk.viewer).save(draft, query: request.normalised)
                return try Effect(
                    FaultViewJSON(view, desk.viewer), at: view.path, flash: Flash(desk.t.view.saved(name: view.name)))
            }
        } catch let errors as FormErrors {
            let page = try await listPage(request, desk, errors)
            return .refused(page: { page }, errors.problems)
        }
    }

    @Sendable func removeView(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let id = try incoming.id()
        try await context.write { tx in try await FaultViews(tx: tx, viewer: desk.viewer).remove(id) }
        return .gone(at: "/faults?view=all", flash: Flash(desk.t.view.removed))
    }
}
