import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// One request's view of buildings and their parts: who looks, in which words. Builds the forms.
struct EstateDesk: Sendable {
    let context: MemberContext
    let t: PropertyMessages

    init(_ context: MemberContext) {
        self.context = context
        t = PropertyMessages(context.language)
    }

    var decimal: String { context.language == .de ? "," : "." }

    func estate(_ tx: Tx) -> Estate { Estate(tx: tx, today: context.today) }

    func errors(_ problems: [FieldProblem]) -> [FieldError] {
        ProblemText.errors(problems, context.language) { t.problems(code: $0) }
    }

    // MARK: Something new

    func compose(
        _ kind: EstateKind, in place: EstateRecord?, _ values: FormValues, _ problems: [FieldProblem], _ entrances: [Choice]
    )
        -> PropertyFormPage
    {
        let back: WebPath = place.map(\.path) ?? "/buildings"
        return PropertyFormPage(
            title: t.form.new(kind: kind.rawValue), crumbs: crumbs(place, t.form.new(kind: kind.rawValue)),
            action: place.map { "\($0.path)/\(kind.segment)" } ?? "/buildings", back: back, errors: errors(problems),
            items: items(kind, values, errors(problems), entrances), submit: t.form.add)
    }

    // MARK: Something changed

    func edit(_ record: EstateRecord, _ values: FormValues?, _ problems: [FieldProblem], _ entrances: [Choice])
        -> PropertyFormPage
    {
        // After a refusal the form still knows what it showed when it was first opened.
        let opened = hidden(record).map { one in
            HiddenValue(one.name, values?.all(one.name).first ?? one.value)
        }
        return PropertyFormPage(
            title: t.form.edit(name: record.name), crumbs: crumbs(record, t.form.change), action: "\(record.own)/edit",
            back: record.path, errors: errors(problems),
            items: items(record.kind, values ?? self.values(record), errors(problems), entrances), hidden: opened,
            submit: t.form.save)
    }

    func merge(_ conflict: FieldConflict, by line: LastChange?, _ entrances: [Choice]) -> PropertyMergePage {
        let record = conflict.record
        let overlapping = Set(conflict.lines.map(\.field))
        let shown = { (name: String, value: String) in name == "area" ? Area.text(value, decimal: decimal) : value }
        var carried = hidden(record)
        for name in record.kind.fields where !overlapping.contains(name) {
            carried.append(HiddenValue(name, shown(name, conflict.merged[name] ?? "")))
        }
        return PropertyMergePage(
            crumbs: crumbs(record, t.form.change), action: "\(record.own)/edit", back: record.path,
            theirs: line.map { "\($0.actor ?? t.form.system), \(context.format.dateTime($0.at))" } ?? "",
            lines: conflict.lines.map { line in
                MergeLine(
                    name: line.field, label: label(line.field, record.kind), base: print(line.field, line.base, entrances),
                    theirs: print(line.field, line.theirs, entrances), yours: print(line.field, line.mine, entrances),
                    theirsValue: shown(line.field, line.theirs), yoursValue: shown(line.field, line.mine))
            }, carried: carried)
    }

    private func values(_ record: EstateRecord) -> FormValues {
        var values = FormValues()
        for (name, value) in record.shown(decimal) { values[name] = value }
        return values
    }

    private func hidden(_ record: EstateRecord) -> [HiddenValue] {
        [HiddenValue("version", String(record.version))]
            + record.kind.fields.map { HiddenValue("opened_\($0)", record.fields[$0] ?? "") }
    }

    // MARK: Fields

    private func items(_ kind: EstateKind, _ values: FormValues, _ errors: [FieldError], _ entrances: [Choice]) -> [FormItem] {
        kind.fields.compactMap { name in
            if name == "entrance_id", entrances.isEmpty { return nil }
            let optional = ["area", "entrance_id", "note", "floor"].contains(name)
            let field = Field(
                name, label: label(name, kind), value: values[name], hint: hint(name), error: errors.message(for: name),
                required: !optional, maxLength: name == "note" ? 500 : nil)
            switch name {
            case "kind":
                return FormItem(
                    field: field, choices: UnitKind.allCases.map { Choice($0.rawValue, t.unitKind(kind: $0.rawValue)) })
            case "entrance_id": return FormItem(field: field, choices: entrances, prompt: t.form.none)
            case "area": return FormItem(field: field, inputmode: "decimal")
            case "note": return FormItem(field: field, lines: true)
            default: return FormItem(field: field)
            }
        }
    }

    private func label(_ name: String, _ kind: EstateKind) -> String {
        switch name {
        case "street": t.form.street
        case "postal_code": t.form.postalCode
        case "city": t.form.city
        case "label": t.units.label
        case "floor": t.units.floor
        case "kind": t.units.kind
        case "area": t.form.area
        case "entrance_id": t.units.entrance
        case "note": t.form.note
        default: t.form.name
        }
    }

    private func hint(_ name: String) -> String? {
        switch name {
        case "label": t.form.labelHint
        case "floor": t.form.floorHint
        default: nil
        }
    }

    /// A field's value in the reader's words.
    private func print(_ field: String, _ value: String, _ entrances: [Choice]) -> String {
        switch field {
        case "kind": t.unitKind(kind: value)
        case "area": Area.text(value, decimal: decimal)
        case "entrance_id": entrances.first { $0.value == value }?.label ?? ""
        default: value
        }
    }

    func crumbs(_ record: EstateRecord?, _ last: String) -> [Crumb] {
        var crumbs = [Crumb(t.buildings.title, "/buildings")]
        if let record { crumbs.append(Crumb(record.building, "/buildings/\(record.buildingID.text)")) }
        if let record, record.kind == .unit { crumbs.append(Crumb(record.name, record.path)) }
        return crumbs + [Crumb(last)]
    }
}

/// Who changed something last, from the audit trail.
struct LastChange: Record, Sendable {
    let actor: String?
    let at: Date

    init(row: Row) throws {
        actor = try row["actor"]
        at = try row["at"]
    }

    static func of(_ record: EstateRecord, _ tenant: Int32) -> Query<LastChange?> {
        .first(
            """
            select m.name as actor, l.at from app.audit_line l left join app.member m on m.tenant_id = l.tenant_id and m.id = l.actor_id
             where l.tenant_id = \(tenant) and l.entity = \(record.kind.rawValue) and l.entity_id = \(record.id) order by l.id desc limit 1
            """)
    }
}
