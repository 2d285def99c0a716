import Forms
import HTML
import Notifications
import Web

/// Reporting faults and following them until they are closed.
package struct FaultRoutes: Sendable {
    let photos: PhotoStudio
    let site: Site
    /// Reports of one member.
    static let reporting = RateLimit("fault-report", 20, per: 3600)

    package init(photos: PhotoStudio, site: Site) {
        self.photos = photos
        self.site = site
    }

    package func add(to routes: Routes) {
        routes.chapter("Faults")
        routes.get("faults", may: .seeOwnFaults, use: list)
            .tells("Lists the faults that you may see, newest first.").asks(FaultListRequest.fields).lists(FaultLineJSON.self)
        routes.get("faults.csv", may: .seeOwnFaults, use: export)
            .tells("The same as CSV, all pages.").asks(FaultListRequest.fields + .paging).gives(file: "text/csv")
        routes.get("faults/new", may: .reportFaults, on: .page, use: compose)
        addBoard(to: routes)
        addTechnicians(to: routes)
        addViews(to: routes)
        addBatches(to: routes)
        addSheets(to: routes)
        routes.get("faults/mine", may: .workOnFaults, use: mine)
            .tells("The open faults that you work on, the next due first.").listsAll(FaultLineJSON.self)
        routes.post("faults", may: .reportFaults, body: .uploads, use: report)
            .tells("Reports a fault. Whoever has one home need not say where.")
            .takes { _ = FaultDraft(&$0, $1[FaultSettings.section], home: nil) }.creates(FaultJSON.self).fails(429)
        routes.get("faults/{fault}", may: .seeOwnFaults, use: show)
            .tells("One fault, by id or number, with all that was said and done.").gives(FaultJSON.self)
        routes.patch("faults/{fault}", may: .seeOwnFaults, use: patch)
            .tells("Changes a fault: with `status` what can be done with it, with `assigneeId` who does it, else its text.")
            .takes(FaultRoutes.changes).gives(FaultJSON.self)
        routes.get("faults/{fault}/edit", may: .seeOwnFaults, on: .page, use: editor)
        routes.post("faults/{fault}/edit", may: .seeOwnFaults, on: .page, use: edit)
        for act in FaultAct.allCases {
            routes.post("faults/{fault}/\(act.rawValue)", may: .seeOwnFaults, body: act == .resolve ? .uploads : .small) {
                try await perform(act, $0, $1)
            }
            .tells(act.summary).takes { _ = FaultActDraft.withFiles(act, &$0, MoneyRule($1)) }.gives(FaultJSON.self)
        }
        addActivity(to: routes)
        addReports(to: routes)
        addIncidents(to: routes)
        routes.post("faults/{fault}/suggestion", may: .seeOwnFaults, use: acceptSuggestion)
            .tells("Takes over the suggested category and priority.").gives(FaultJSON.self)
        routes.post("faults/{fault}/comments", may: .seeOwnFaults, use: comment)
            .tells("Says something about a fault.").takes { _ = CommentDraft(&$0) }.creates(FaultCommentJSON.self).fails(429)
        routes.post("faults/{fault}/original", may: .assignFaults, use: merge)
            .tells("Says that a fault is the same as another one, the original.")
            .takes { _ = FaultRoutes.original(&$0) }.gives(FaultJSON.self)
        routes.post("faults/{fault}/original/undo", may: .assignFaults, use: separate)
            .tells("Says that it is another one after all.").gives(FaultJSON.self)
        routes.delete("faults/{fault}/original", may: .assignFaults, use: separate)
            .tells("Says that it is another one after all.").gives(FaultJSON.self)
        routes.get("faults/{fault}/photos/{photo}", may: .seeOwnFaults, on: .page, use: photo)
        routes.get("files/{photo}", may: .seeOwnFaults) { try await file($0, $1, thumbnail: false) }
            .tells("A photo; with its ETag in `If-None-Match` 304.").gives(file: "image/jpeg")
        routes.get("files/{photo}/thumbnail", may: .seeOwnFaults) { try await file($0, $1, thumbnail: true) }
            .tells("The same, small.").gives(file: "image/jpeg")
    }
}

extension Incoming {
    func faultKey() throws -> FaultKey {
        FaultKey(try parameter("fault"))
    }
}

extension Fault {
    package var path: WebPath { "/faults/\(number)" }
}
