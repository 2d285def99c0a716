import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// What people may report: titles, what a new fault starts with, when it must be resolved, who gets it; and the deadlines by priority.
struct CategoriesForm: ConfigurationForm {
    let context: MemberContext

    init(_ context: MemberContext) {
        self.context = context
    }

    struct Row: Sendable {
        let key: String
        let titles: [String: String]
        let priority: String?
        /// Nil takes it away, where the form has the field at all.
        let hours: Int?
        let hasHours: Bool
        /// `manual`, `skilled`, `leastBusy caretaker`, `member anna@example.com`.
        let assign: String?
        let isRemoved: Bool
    }

    struct Draft: Sendable {
        /// By priority.
        let deadlines: [String: Int]
        let rows: [Row]
    }

    private static let priorities = ["urgent", "high", "normal", "low"]
    private static let standardHours = ["urgent": 4, "high": 24, "normal": 72, "low": 336]
    private static let hours = 1...8760
    private static let path = ["faults", "categories"]
    private var locales: [String] { context.tenant.locales }

    var address: WebPath { ConfigurationDesk.path(.categories) }

    // MARK: what stands in the file

    func values(_ files: CompanyFiles) throws -> FormValues {
        let yaml = try editor(files)
        var values = FormValues()
        for priority in Self.priorities {
            values["deadline_\(priority)"] =
                yaml.scalar("faults", "deadlineHours", priority) ?? Self.standardHours[priority].map(String.init) ?? ""
        }
        for (index, key) in yaml.keys("faults", "categories").enumerated() {
            let row = "categories.\(index)."
            values[row + "key"] = key
            for locale in locales {
                values[row + "title_\(locale)"] = yaml.scalar("faults", "categories", key, "title", locale) ?? ""
            }
            values[row + "priority"] = yaml.scalar("faults", "categories", key, "priority") ?? "normal"
            values[row + "resolve_hours"] = yaml.scalar("faults", "categories", key, "resolveHours") ?? ""
            values[row + "assign"] = Self.assign(yaml, key)
        }
        return values
    }

    private static func assign(_ yaml: YAMLEditor, _ key: String) -> String {
        func part(_ name: String) -> String? { yaml.scalar("faults", "categories", key, "assign", name) }
        return [part("rule") ?? "manual", part("role") ?? part("email")].compactMap(\.self).joined(separator: " ")
    }

    // MARK: what somebody sends

    static func draft(_ form: inout FormReader, _ tenant: Tenant) -> Draft {
        var deadlines: [String: Int] = [:]
        for priority in priorities { deadlines[priority] = form.optionalInt("deadline_\(priority)", in: hours) }
        let rows = form.rows("categories", max: 51) { row in
            var titles: [String: String] = [:]
            for locale in tenant.locales { titles[locale] = row.optionalText("title_\(locale)", .max(60)) }
            let key = row.text("key", .max(40))
            let isRemoved = row.flag("remove")
            if key.isEmpty, !titles.isEmpty { row.fail("key", .required) }
            return Row(
                key: key, titles: titles, priority: row.optionalChoice("priority", among: priorities),
                hours: row.optionalInt("resolve_hours", in: hours), hasHours: row.has("resolve_hours"),
                assign: row.optionalText("assign", .max(300)),
                isRemoved: isRemoved)
        }
        let keys = rows.map(\.key).filter { !$0.isEmpty }
        if Set(keys).count < keys.count { form.fail("categories", .repeated) }
        return Draft(deadlines: deadlines, rows: rows.filter { !$0.key.isEmpty })
    }

    func changes(_ draft: Draft, _ files: CompanyFiles) throws -> [String: String?] {
        var yaml = try editor(files)
        for priority in Self.priorities {
            guard let hours = draft.deadlines[priority] else { continue }
            let now = yaml.scalar("faults", "deadlineHours", priority) ?? Self.standardHours[priority].map(String.init)
            if now != String(hours) { try yaml.set(["faults", "deadlineHours", priority], .integer(hours)) }
        }
        for row in draft.rows {
            if row.isRemoved {
                try yaml.remove(Self.path + [row.key])
            } else if yaml.has("faults", "categories", row.key) {
                try change(row, &yaml)
            } else {
                try yaml.set(Self.path + [row.key], row.value)
            }
        }
        return [TenantFile.name: yaml.text]
    }

    private func change(_ row: Row, _ yaml: inout YAMLEditor) throws {
        let path = Self.path + [row.key]
        for locale in locales {
            guard let title = row.titles[locale] else { continue }
            if title != yaml.scalar("faults", "categories", row.key, "title", locale) {
                try yaml.set(path + ["title", locale], .text(title))
            }
        }
        if let priority = row.priority, priority != yaml.scalar("faults", "categories", row.key, "priority") ?? "normal" {
            try yaml.set(path + ["priority"], .text(priority))
        }
        let hours = yaml.scalar("faults", "categories", row.key, "resolveHours")
        if let wanted = row.hours {
            if String(wanted) != hours { try yaml.set(path + ["resolveHours"], .integer(wanted)) }
        } else if row.hasHours, hours != nil {
            try yaml.remove(path + ["resolveHours"])
        }
        guard let assign = row.assign, assign != Self.assign(yaml, row.key) else { return }
        if assign == "manual" {
            try yaml.remove(path + ["assign"])
        } else {
            try yaml.set(path + ["assign"], row.assignment)
        }
    }
}

extension CategoriesForm.Row {
    /// As a new category stands in the file.
    fileprivate var value: YAMLValue {
        let titles = titles.sorted { $0.key < $1.key }.map { (title: (key: String, value: String)) -> (String, YAMLValue) in
            (title.key, .text(title.value))
        }
        var parts: [(String, YAMLValue)] = [("title", .keyed(titles))]
        if let priority, priority != "normal" { parts.append(("priority", .text(priority))) }
        if let hours { parts.append(("resolveHours", .integer(hours))) }
        if let assign, assign != "manual" { parts.append(("assign", assignment)) }
        return .keyed(parts)
    }

    fileprivate var assignment: YAMLValue {
        let words = (assign ?? "").split(separator: " ", maxSplits: 1).map(String.init)
        let rule = words.first ?? ""
        var parts: [(String, YAMLValue)] = [("rule", .text(rule))]
        if words.count > 1 { parts.append((rule == "member" ? "email" : "role", .text(words[1]))) }
        return .keyed(parts)
    }
}
