import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// Moving in and out, becoming an owner, handing over.
struct OccupancyRoutes: Sendable {
    func add(to routes: Routes) {
        for (kind, segment) in [(OccupancyKind.resident, "residents"), (.owner, "owners")] {
            routes.get("units/{id}/\(segment)/new", may: .editProperty, on: .page) { try await compose(kind, $0, $1) }
            routes.post("units/{id}/\(segment)", may: .editProperty) { try await begin(kind, $0, $1) }
                .tells(kind == .owner ? "Enters an owner of a unit." : "Enters somebody who lives in a unit.")
                .takes { _ = OccupancyDraft(kind, &$0) }.creates(OccupancyJSON.self)
        }
        for act in OccupancyAct.allCases {
            routes.get("occupancies/{id}/\(act.rawValue)", may: .editProperty, on: .page) { try await form(act, $0, $1) }
            routes.post("occupancies/{id}/\(act.rawValue)", may: .editProperty) { try await perform(act, $0, $1) }
                .tells(act.summary).takes(act.fields).gives(OccupancyJSON.self)
        }
    }

    private func compose(_ kind: OccupancyKind, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let unit = try await context.read(EstateRecord.find(.unit, try incoming.id(), context.tenant.id))
        let values = FormValues(["since": context.today.description])
        return .page(EstateDesk(context).begin(kind, in: unit, values, []))
    }

    private func begin(_ kind: OccupancyKind, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = EstateDesk(context)
        let unit = try incoming.id()
        do {
            let draft = try incoming.submission.read { OccupancyDraft(kind, &$0) }
            return try await context.once(incoming) { tx in
                let line = try await Occupancies(tx: tx).begin(kind, in: unit, draft)
                return try Effect(
                    OccupancyJSON(line), at: "/units/\(unit.text)",
                    flash: Flash(desk.t.move.began(kind: kind.rawValue, name: line.name)))
            }
        } catch let errors as FormErrors {
            return try await refused(kind, unit, incoming, desk, errors.problems, nil)
        } catch let failure as Failure where !failure.problems.isEmpty {
            return try await refused(kind, unit, incoming, desk, failure.problems, failure)
        }
    }

    private func refused(
        _ kind: OccupancyKind, _ unit: UUID, _ incoming: Incoming, _ desk: EstateDesk, _ problems: [FieldProblem],
        _ failure: Failure?
    ) async throws -> Reply {
        let record = try await desk.context.read(EstateRecord.find(.unit, unit, desk.context.tenant.id))
        let page = desk.begin(kind, in: record, incoming.values, problems)
        if let failure { return .failed(page: { page }, failure) }
        return .refused(page: { page }, problems)
    }

    // MARK: Acts on what is there

    private func form(_ act: OccupancyAct, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let line = try await context.read(OccupancyLine.find(try incoming.id(), context.tenant.id))
        guard act != .transfer || line.kind == .owner else { throw Failure.notFound }
        let values = FormValues([
            "until": line.until?.description ?? context.today.description, "on": context.today.description
        ])
        return .page(EstateDesk(context).act(act, on: line, values, []))
    }

    private func perform(_ act: OccupancyAct, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = EstateDesk(context)
        let id = try incoming.id()
        do {
            let change = try change(act, id, incoming)
            let line = try await context.write { tx in try await change(Occupancies(tx: tx)) }
            return try .done(
                OccupancyJSON(line), at: "/units/\(line.unitID.text)",
                flash: Flash(desk.t.move.done(act: act.rawValue, name: line.name)))
        } catch let errors as FormErrors {
            let page = desk.act(act, on: try await line(id, context), incoming.values, errors.problems)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where !failure.problems.isEmpty || failure.code == Failure.staleVersion.code {
            let problems = failure.problems.isEmpty ? [FieldProblem("", .own(failure.code))] : failure.problems
            let page = desk.act(act, on: try await line(id, context), incoming.values, problems)
            return .failed(page: { page }, failure)
        }
    }

    private func line(_ id: UUID, _ context: MemberContext) async throws -> OccupancyLine {
        try await context.read(OccupancyLine.find(id, context.tenant.id))
    }

    private func change(_ act: OccupancyAct, _ id: UUID, _ incoming: Incoming) throws
        -> @Sendable (Occupancies) async throws -> OccupancyLine
    {
        switch act {
        case .end:
            let draft = try incoming.submission.read { EndDraft(&$0) }
            return { try await $0.end(id, draft) }
        case .transfer:
            let draft = try incoming.submission.read { TransferDraft(&$0) }
            return { try await $0.transfer(id, draft) }
        case .withdrawal: return { try await $0.withdraw(id) }
        }
    }
}

/// What can be done to somebody's time in a unit; each is an address of its own.
enum OccupancyAct: String, CaseIterable, Sendable {
    case end, transfer, withdrawal

    fileprivate var summary: String {
        switch self {
        case .end: "Ends somebody's time in a unit, on a last day."
        case .transfer: "Hands an owner's share over, all or a part."
        case .withdrawal: "Takes back what was entered by mistake."
        }
    }

    @Sendable fileprivate func fields(_ form: inout FormReader) {
        switch self {
        case .end: _ = EndDraft(&form)
        case .transfer: _ = TransferDraft(&form)
        case .withdrawal: break
        }
    }
}

extension EstateDesk {
    /// Moving in, or becoming an owner.
    func begin(_ kind: OccupancyKind, in unit: EstateRecord, _ values: FormValues, _ problems: [FieldProblem]) -> PropertyFormPage
    {
        let title = t.move.new(kind: kind.rawValue)
        let form = MoveForm(t: t, values: values, errors: errors(problems))
        var items = [form.person, form.day("since", t.move.since), form.day("until", t.move.until, required: false)]
        if kind == .owner { items.insert(form.share(t.move.shareHint), at: 1) }
        return PropertyFormPage(
            title: title, lead: "\(unit.building), \(unit.name)", crumbs: crumbs(unit, title),
            action: "\(unit.path)/\(kind == .owner ? "owners" : "residents")", back: unit.path, errors: errors(problems),
            items: items,
            submit: title)
    }

    func act(_ act: OccupancyAct, on line: OccupancyLine, _ values: FormValues, _ problems: [FieldProblem]) -> PropertyFormPage {
        let form = MoveForm(t: t, values: values, errors: errors(problems))
        let items: [FormItem] =
            switch act {
            case .end: [form.day("until", t.move.lastDay)]
            case .transfer: [form.person, form.share(t.move.partHint), form.day("on", t.move.firstDay)]
            case .withdrawal: []
            }
        let unit: WebPath = "/units/\(line.unitID.text)"
        let title = t.move.title(act: act.rawValue, kind: line.kind.rawValue)
        return PropertyFormPage(
            title: title, lead: t.move.lead(name: line.name, building: line.building, unit: line.unit),
            crumbs: [
                Crumb(t.buildings.title, "/buildings"), Crumb(line.building, "/buildings/\(line.buildingID.text)"),
                Crumb(line.unit, unit), Crumb(title)
            ],
            action: "/occupancies/\(line.id.text)/\(act)", back: unit, errors: errors(problems), items: items,
            hidden: [
                .version(
                    line.version, opened: values["version"],
                    stale: problems.contains { $0.code == .own(Failure.staleVersion.code) })
            ],
            submit: title)
    }
}

private struct MoveForm {
    let t: PropertyMessages
    let values: FormValues
    let errors: [FieldError]

    private func field(_ name: String, _ label: String, hint: String? = nil, required: Bool = true) -> Field {
        Field(name, label: label, value: values[name], hint: hint, error: errors.message(for: name), required: required)
    }

    var person: FormItem { FormItem(field: field("person", t.move.person, hint: t.move.personHint), type: "email") }

    func share(_ hint: String) -> FormItem { FormItem(field: field("share", t.move.share, hint: hint, required: false)) }

    func day(_ name: String, _ label: String, required: Bool = true) -> FormItem {
        FormItem(field: field(name, label, required: required), type: "date")
    }
}
