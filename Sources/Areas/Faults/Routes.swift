import Database
import Forms
import Foundation
import HTML
import Notifications
import Property
import Tenancy
import UI
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
        routes.post("faults/{fault}/suggestion", may: .seeOwnFaults, use: acceptSuggestion)
        routes.post("faults/{fault}/comments", may: .seeOwnFaults, use: comment)
        routes.post("faults/{fault}/original", may: .assignFaults, use: merge)
        routes.post("faults/{fault}/original/undo", may: .assignFaults, use: separate)
        routes.delete("faults/{fault}/original", may: .assignFaults, use: separate)
        routes.get("faults/{fault}/photos/{photo}", may: .seeOwnFaults, on: .page, use: photo)
        routes.get("files/{photo}", may: .seeOwnFaults) { try await file($0, $1, thumbnail: false) }
        routes.get("files/{photo}/thumbnail", may: .seeOwnFaults) { try await file($0, $1, thumbnail: true) }
    }

    // MARK: Lists

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

    // MARK: Reporting

    @Sendable func compose(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let place =
            incoming.query.single("unit").map { "unit-\($0)" } ?? incoming.query.single("building").map { "building-\($0)" } ?? ""
        let (places, similar) = try await context.read(desk.places, desk.similar)
        return .page(desk.compose(FormValues(["place": place]), [], places, similar))
    }

    @Sendable func report(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        do {
            let home = incoming.namesPlace ? nil : try await onlyHome(desk)
            let draft = try incoming.submission.read { FaultDraft(&$0, desk.settings, home: home) }
            try await Self.reporting.spend(context.memberID.text, context.proved(), now: context.now)
            let stored = try await photos.develop(draft.photos, tenant: context.tenant.id)
            do {
                return try await context.once(incoming) { tx in
                    let fault = try await desk.faults(tx).report(draft, photos: stored)
                    return try Effect(
                        FaultJSON(fault, desk.viewer, now: context.now), at: fault.path,
                        flash: Flash(desk.t.report.done(number: fault.number)))
                }
            } catch {
                await photos.discard(stored)
                throw error
            }
        } catch let errors as FormErrors {
            return try await refused(errors, desk, context)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            return try await refused(FormErrors([], values: incoming.values), desk, context, failure)
        } catch let error as PhotoRefused {
            return try await refused(FormErrors([error.problem], values: incoming.values), desk, context, error.failure)
        }
    }

    /// The unit of somebody who has exactly one; everybody else must say where it is.
    private func onlyHome(_ desk: FaultDesk) async throws -> UUID? {
        let own = try await desk.context.read(PlaceLine.all(desk.viewer.tenant, of: desk.viewer.member, today: desk.today))
        return own.count == 1 ? own.first?.unitID : nil
    }

    private func refused(
        _ errors: FormErrors, _ desk: FaultDesk, _ context: MemberContext, _ failure: Failure? = nil
    ) async throws -> Reply {
        let places = try await context.read(desk.places)
        let page = desk.compose(errors.values, errors.problems, places, [])
        if let failure { return .failed(page: { page }, failure) }
        return .refused(page: { page }, errors.problems)
    }

    // MARK: One fault

    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let record = try await desk.record(try incoming.faultKey())
        let wanted = incoming.query.single("act").flatMap(FaultAct.init(rawValue:))
        return .show(desk.show(record, wanted: wanted), json: record.json(desk))
    }

    /// Programs: `{assigneeId}` assigns, `{status, …}` acts, anything else edits.
    @Sendable func patch(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        let target = try incoming.submission.read { form in
            form.has("status") ? form.choice("status", FaultState.self) : form.has("assignee_id") ? .assigned : nil
        }
        if let target {
            guard let act = FaultAct(target: target) else {
                let fault = try await context.read(Fault.find(key, desk.viewer, today: desk.today))
                throw Failure.invalidTransition(from: fault, to: target, desk.viewer, context.now)
            }
            return try await perform(act, incoming, context)
        }
        let draft = try incoming.submission.read { FaultEdit(&$0, desk.settings) }
        let fault = try await context.write { tx in try await desk.faults(tx).edit(key, draft) }
        return try .done(FaultJSON(fault, desk.viewer, now: context.now), at: fault.path)
    }

    func perform(_ act: FaultAct, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        // Nobody's upload is looked at before it is clear that they see the fault at all.
        let before = try await context.read(Fault.find(key, desk.viewer, today: desk.today))
        guard desk.viewer.may(act, before) else { throw Failure.forbidden }
        var stored: [StoredPhoto] = []
        do {
            var (draft, uploads) = try incoming.submission.read { form in
                (FaultActDraft(act, &form, desk.money), act == .resolve ? form.files("photos", max: 10, maxBytes: 10 << 20) : [])
            }
            stored = try await photos.develop(uploads, tenant: context.tenant.id)
            draft.photos = stored
            let prepared = draft
            let fault = try await context.write { tx in try await desk.faults(tx).act(act, on: key, prepared) }
            return try .done(
                FaultJSON(fault, desk.viewer, now: context.now), at: fault.path,
                flash: Flash(desk.t.act.done(act: act.rawValue, number: fault.number)))
        } catch let errors as FormErrors {
            return try await refusedAct(act, errors.problems, errors.values, key, desk)
        } catch let error as PhotoRefused {
            return try await refusedAct(act, [error.problem], incoming.values, key, desk, error.failure)
        } catch let failure as Failure where context.face == .page && failure.keepsPage {
            await photos.discard(stored)
            return try await refusedAct(act, failure.problems, incoming.values, key, desk, failure)
        } catch {
            await photos.discard(stored)
            throw error
        }
    }

    /// The fault's page again, with the refused form unfolded and everything that was typed.
    private func refusedAct(
        _ act: FaultAct, _ problems: [FieldProblem], _ values: FormValues, _ key: FaultKey, _ desk: FaultDesk,
        _ failure: Failure? = nil
    ) async throws -> Reply {
        let record = try await desk.record(key)
        let page = desk.show(record, refused: RefusedAct(act: act, problems: problems, values: values, failure: failure))
        if let failure, failure.code != "validation_failed" { return .failed(page: { page }, failure) }
        return .refused(page: { page }, problems)
    }

    // MARK: Editing

    @Sendable func editor(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let fault = try await context.read(Fault.find(try incoming.faultKey(), desk.viewer, today: desk.today))
        guard desk.viewer.mayEdit(fault) else { throw Failure.forbidden }
        return .page(desk.edit(fault, FaultText(fault).values, []))
    }

    @Sendable func edit(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        do {
            let draft = try incoming.submission.read { FaultEdit(&$0, desk.settings) }
            let (fault, merged) = try await context.write { tx in
                let before = try await desk.faults(tx).find(key, lock: true)
                return (try await desk.faults(tx).edit(key, draft), draft.version.map { $0 != before.version } ?? false)
            }
            let news = merged ? desk.t.edit.merged(number: fault.number) : desk.t.edit.saved(number: fault.number)
            return try .done(FaultJSON(fault, desk.viewer, now: context.now), at: fault.path, flash: Flash(news))
        } catch let errors as FormErrors {
            let fault = try await context.read(Fault.find(key, desk.viewer, today: desk.today))
            let page = desk.edit(fault, errors.values, errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let conflict as FaultConflict {
            let entries = try await context.read(FaultEntry.of(key, context.tenant.id))
            let page = desk.merge(conflict, by: entries.last)
            return .conflict(page: { page }, .staleVersion)
        }
    }

    /// The button beside a suggestion.
    @Sendable func acceptSuggestion(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let key = try incoming.faultKey()
        let fault = try await context.write { tx in try await desk.faults(tx).acceptSuggestion(key) }
        return try .done(
            FaultJSON(fault, desk.viewer, now: context.now), at: fault.path,
            flash: Flash(desk.t.suggestion.accepted(number: fault.number)))
    }

    // MARK: Photos

    @Sendable func photo(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let record = try await desk.record(try incoming.faultKey())
        let id = try incoming.id("photo")
        guard let index = record.photos.firstIndex(where: { $0.id == id }) else { throw Failure.notFound }
        return .page(desk.photo(record, index))
    }

    func file(_ incoming: Incoming, _ context: MemberContext, thumbnail: Bool) async throws -> Reply {
        let desk = FaultDesk(context)
        let id = try incoming.id("photo")
        let (photo, waiting) = try await context.read(
            FaultPhoto.find(id, desk.viewer, today: desk.today), FaultPhoto.waiting(id, desk.viewer.tenant, thumbnail: thumbnail))
        let bytes = try await photos.read(photo, thumbnail: thumbnail, waiting: waiting)
        return .file(FileReply(.bytes(bytes), type: "image/jpeg", etag: "\"\(photo.id.text)\"", maxAge: 3600))
    }
}

extension Incoming {
    func faultKey() throws -> FaultKey {
        FaultKey(try parameter("fault"))
    }

    fileprivate var namesPlace: Bool {
        let values = values
        return ["place", "unit_id", "building_id"].contains { !values[$0].isEmpty }
    }
}

extension Fault {
    package var path: WebPath { "/faults/\(number)" }
}

extension Failure {
    /// Failures of an act that belong on the fault's own page instead of an error page.
    fileprivate var keepsPage: Bool {
        code == "invalid_transition" || code == "stale_version" || code == "validation_failed"
    }
}
