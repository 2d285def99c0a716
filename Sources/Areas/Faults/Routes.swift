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
        routes.get("faults", may: .seeOwnFaults, use: list)
        routes.get("faults.csv", may: .seeOwnFaults, use: export)
        routes.get("faults/new", may: .reportFaults, on: .page, use: compose)
        addBoard(to: routes)
        addTechnicians(to: routes)
        addViews(to: routes)
        addBatches(to: routes)
        addSheets(to: routes)
        routes.get("faults/mine", may: .workOnFaults, use: mine)
        routes.post("faults", may: .reportFaults, body: .uploads, use: report)
        routes.get("faults/{fault}", may: .seeOwnFaults, use: show)
        routes.patch("faults/{fault}", may: .seeOwnFaults, use: patch)
        routes.get("faults/{fault}/edit", may: .seeOwnFaults, on: .page, use: editor)
        routes.post("faults/{fault}/edit", may: .seeOwnFaults, on: .page, use: edit)
        for act in FaultAct.allCases {
            routes.post("faults/{fault}/\(act.rawValue)", may: .seeOwnFaults, body: act == .resolve ? .uploads : .small) {
                try await perform(act, $0, $1)
            }
        }
        addActivity(to: routes)
        addReports(to: routes)
        addIncidents(to: routes)
        routes.post("faults/{fault}/suggestion", may: .seeOwnFaults, use: acceptSuggestion)
        routes.post("faults/{fault}/comments", may: .seeOwnFaults, use: comment)
        routes.post("faults/{fault}/original", may: .assignFaults, use: merge)
        routes.post("faults/{fault}/original/undo", may: .assignFaults, use: separate)
        routes.delete("faults/{fault}/original", may: .assignFaults, use: separate)
        routes.get("faults/{fault}/photos/{photo}", may: .seeOwnFaults, on: .page, use: photo)
        routes.get("files/{photo}", may: .seeOwnFaults) { try await file($0, $1, thumbnail: false) }
        routes.get("files/{photo}/thumbnail", may: .seeOwnFaults) { try await file($0, $1, thumbnail: true) }
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
