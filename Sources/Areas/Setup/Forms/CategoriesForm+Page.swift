import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

extension CategoriesForm {
    func json(_ files: CompanyFiles, base: String) throws -> CategoriesJSON {
        let values = try values(files)
        let rows = (0..<51).prefix { !values["categories.\($0).key"].isEmpty }
        return CategoriesJSON(
            categories: rows.map { index in
                let row = "categories.\(index)."
                return .init(
                    key: values[row + "key"],
                    titles: Dictionary(
                        uniqueKeysWithValues: context.tenant.locales.map { ($0, values[row + "title_\($0)"]) }),
                    priority: values[row + "priority"], resolveHours: Int(values[row + "resolve_hours"]),
                    assign: values[row + "assign"])
            },
            deadlineHours: Dictionary(
                uniqueKeysWithValues: ["urgent", "high", "normal", "low"].map { ($0, Int(values["deadline_\($0)"]) ?? 0) }),
            base: base)
    }

    func page(_ state: FormState) throws -> any Page {
        let desk = ConfigurationDesk(context)
        let (t, values) = (desk.t.categories, state.values)
        let errors = desk.errors(state.problems)
        func part(_ name: String, _ label: String, hint: String? = nil, required: Bool = false, _ choices: [Choice]? = nil)
            -> FormPart
        {
            let field = Field(
                name, label: label, value: values[name], hint: hint, error: errors.message(for: name), required: required)
            return FormPart(
                kind: choices == nil ? .text : .choice, field: field, choices: choices ?? [],
                inputmode: name.hasSuffix("hours") || name.hasPrefix("deadline") ? "numeric" : "")
        }
        let priorities = ["urgent", "high", "normal", "low"]
        let choices = priorities.map { Choice($0, t.priority(priority: $0)) }
        let deadlines = FormGroup(
            title: t.deadlines, hint: t.deadlinesHint,
            parts: priorities.map { part("deadline_\($0)", t.priority(priority: $0), required: true) })
        let known = try editor(state.files).keys("faults", "categories")
        let groups = (0...known.count).map { index -> FormGroup in
            let row = "categories.\(index)."
            let isNew = index == known.count
            var parts = context.tenant.locales.map { part(row + "title_\($0)", t.titleIn(code: $0), required: !isNew) }
            if isNew { parts.insert(part(row + "key", t.key, hint: t.keyHint), at: 0) }
            parts += [
                part(row + "priority", t.startsWith, required: true, choices),
                part(row + "resolve_hours", t.resolveHours, hint: t.resolveHint),
                part(row + "assign", t.assign, required: true, assignments(values[row + "assign"], t))
            ]
            if values[row + "priority"].isEmpty, isNew {
                for place in parts.indices where parts[place].field.name == row + "priority" {
                    parts[place].field.value = "normal"
                }
            }
            if !isNew {
                parts.append(
                    FormPart(
                        kind: .ticks, field: Field(row + "remove", label: t.remove, required: false),
                        choices: [Choice("true", t.removeThis)], ticked: values[row + "remove"].isEmpty ? [] : ["true"]))
            }
            let title = isNew ? t.new : values[row + "title_\(context.language.rawValue)"]
            return FormGroup(
                title: title.isEmpty ? known.indices.contains(index) ? known[index] : t.new : title,
                hint: isNew ? t.newHint : known[index], parts: parts,
                hidden: isNew ? [] : [HiddenValue(row + "key", known[index])])
        }
        return desk.form(.categories, lead: t.lead, state, [deadlines] + groups)
    }

    private func assignments(_ now: String, _ t: SetupMessages.Categories) -> [Choice] {
        let staff = context.tenant.configuration.roles.filter(\.isStaff)
        var choices = [Choice("manual", t.manual), Choice("skilled", t.skilled)]
        choices += staff.map { Choice("leastBusy \($0.key)", t.leastBusy(role: $0.title[context.language.rawValue])) }
        // Whom the file names stays; somebody else is a matter of the text.
        if !now.isEmpty, !choices.contains(where: { $0.value == now }) {
            choices.append(Choice(now, t.always(name: now.split(separator: " ").last.map(String.init) ?? now)))
        }
        return choices
    }
}
