import Forms
import Foundation
import HTML
import UI
import Web

extension FaultText {
    /// For the form's fields, and for what it remembers of them.
    var values: FormValues {
        FormValues(["title": title, "description": description, "category": category, "priority": priority.rawValue])
    }

    /// What the form held when it was opened, for merging.
    func hidden(version: Int) -> [HiddenValue] {
        [
            HiddenValue("version", String(version)), HiddenValue("opened_title", title),
            HiddenValue("opened_description", description), HiddenValue("opened_category", category),
            HiddenValue("opened_priority", priority.rawValue)
        ]
    }
}

extension FaultDesk {
    func edit(_ fault: Fault, _ values: FormValues, _ problems: [FieldProblem]) -> EditFaultPage {
        let errors = self.errors(problems)
        func field(_ name: String, _ label: String, hint: String? = nil, most: Int? = nil) -> Field {
            Field(
                name, label: label, value: values[name], hint: hint, error: errors.message(for: name), required: true,
                maxLength: most)
        }
        // After a refusal the form still knows what it showed when it was first opened.
        let opened =
            !values["version"].isEmpty
            ? FaultText(fault).hidden(version: fault.version).map { HiddenValue($0.name, values[$0.name]) }
            : FaultText(fault).hidden(version: fault.version)
        var page = EditFaultPage(
            action: "\(fault.path)/edit", back: fault.path,
            crumbs: [Crumb(t.list.title, "/faults"), Crumb(fault.number, fault.path), Crumb(t.edit.title)], errors: [],
            title: field("title", t.report.fieldTitle, most: 140),
            description: field("description", t.report.what, hint: t.report.whatHint, most: 5000),
            category: field("category", t.report.category), categories: categories,
            priority: viewer.manages ? field("priority", t.detail.priority) : nil, priorities: priorities, opened: opened)
        page.errors = errors.inOrder(of: [page.title, page.description, page.category, page.priority].compactMap(\.self))
        return page
    }

    /// 409: what stood when the form was opened, what stands now, what is wanted; a choice per field.
    func merge(_ conflict: FaultConflict, by entry: FaultEntry?) -> MergeFaultPage {
        let fault = conflict.fault
        let labels = [
            "title": t.report.fieldTitle, "description": t.report.what, "category": t.report.category,
            "priority": t.detail.priority
        ]
        let overlapping = Set(conflict.lines.map(\.field))
        var carried = FaultText(fault).hidden(version: fault.version)
        for (name, value) in conflict.merged.fields.sorted(by: { $0.key < $1.key }) where !overlapping.contains(name) {
            if let value { carried.append(HiddenValue(name, value)) }
        }
        return MergeFaultPage(
            action: "\(fault.path)/edit", back: fault.path,
            crumbs: [Crumb(t.list.title, "/faults"), Crumb(fault.number, fault.path), Crumb(t.edit.title)],
            theirs: "\(entry?.actor ?? t.entry.system), \(format.dateTime(entry?.at ?? fault.stateAt))",
            lines: conflict.lines.map {
                MergeLine(
                    name: $0.field, label: labels[$0.field] ?? $0.field, base: print($0.field, $0.base),
                    theirs: print($0.field, $0.theirs),
                    yours: print($0.field, $0.mine), theirsValue: $0.theirs, yoursValue: $0.mine)
            }, carried: carried)
    }

    /// A field's value in the reader's words.
    private func print(_ field: String, _ value: String) -> String {
        switch field {
        case "category": settings.title(value, context.language.rawValue)
        case "priority": t.priority(priority: value)
        default: value
        }
    }
}
