import Foundation
import Tenancy

/// What may stand under `faults:` in `tenant.yaml`.
package struct FaultSettings: Sendable {
    package enum Assignment: Sendable, Equatable {
        /// A manager decides.
        case manual
        /// Whoever of the role has the fewest open faults.
        case leastBusy(role: String)
        /// Whoever has the skill for the category and looks after the building.
        case skilled
        /// Always this member.
        case member(email: String)
    }

    package struct Deadlines: Sendable {
        let urgent: Int
        let high: Int
        let normal: Int
        let low: Int
    }

    package struct Category: Sendable {
        package let title: Translated
        let priority: FaultPriority
        let resolveHours: Int?
        let assign: Assignment
    }

    let deadlineHours: Deadlines
    package let categories: Keyed<Category>
    /// Whether sheets with codes let people report without an account.
    var visitorReports = true
    /// Days after a fault is over until the contact of the visitor who reported it is deleted.
    var visitorContactDays = 90

    package static let section = TenantSection(
        "faults", "How faults are handled.",
        .object(
            .optional(
                "deadlineHours", deadlines, default: standardDeadlines, "Hours until a fault must be resolved, by priority."),
            .required("categories", .keyed(of: category, count: 1...50), "What people may report, in this order."),
            .optional(
                "visitorReports", .toggle, default: true,
                "Whether codes on sheets in the houses let people report without an account."),
            .optional(
                "visitorContactDays", .integer(1...3650), default: 90,
                "Days after a fault is over until name, mail address and phone number of the visitor who reported it are deleted."
            ),
            make: { FaultSettings(deadlineHours: $0, categories: $1, visitorReports: $2, visitorContactDays: $3) }),
        standard: FaultSettings(deadlineHours: standardDeadlines, categories: Keyed([])))

    private static let hours = Schema<Int>.integer(1...8760)
    private static let standardDeadlines = Deadlines(urgent: 4, high: 24, normal: 72, low: 336)
    private static let deadlines = Schema<Deadlines>.object(
        .optional("urgent", hours, default: 4), .optional("high", hours, default: 24), .optional("normal", hours, default: 72),
        .optional("low", hours, default: 336), make: Deadlines.init)
    private static let category = Schema<Category>.object(
        .required("title", .translated(1...60)),
        .optional("priority", .choice(), default: .normal, "What a new fault starts with."),
        .optional("resolveHours", hours, "Instead of the priority's deadline."),
        .optional("assign", assignment, default: .manual, "Who gets it."),
        make: Category.init)
    private static let assignment = Schema<Assignment>.variant(
        "rule",
        .when("manual") { .manual },
        .when("leastBusy", .required("role", .role)) { .leastBusy(role: $0) },
        .when("skilled") { .skilled },
        .when("member", .required("email", .formatted(.email))) { .member(email: $0) })
}

extension FaultSettings {
    func hours(category: String, priority: FaultPriority) -> Int {
        let byPriority =
            switch priority {
            case .urgent: deadlineHours.urgent
            case .high: deadlineHours.high
            case .normal: deadlineHours.normal
            case .low: deadlineHours.low
            }
        // Urgent stays urgent, whatever the category promises.
        guard let promised = categories[category]?.resolveHours else { return byPriority }
        return priority == .urgent ? min(promised, byPriority) : promised
    }

    /// Words of danger force urgent at once; otherwise the category decides.
    func priority(category: String, words: String) -> FaultPriority {
        if Danger.isNamed(in: words) { return .urgent }
        return categories[category]?.priority ?? .normal
    }

    func title(_ category: String, _ language: String) -> String {
        categories[category]?.title[language] ?? category
    }
}

/// Words that mean danger, in the languages that Portico speaks: gas, fire, flood.
enum Danger {
    private static let words: Set<String> = [
        "gas", "fire", "fires", "smoke", "burning", "flood", "floods", "flooding", "flooded", "explosion",
        "gasgeruch", "gasleck", "gasaustritt", "gasalarm", "feuer", "brand", "brennt", "kabelbrand", "kellerbrand", "küchenbrand",
        "schwelbrand", "wohnungsbrand", "zimmerbrand", "dachstuhlbrand", "rauch", "rauchentwicklung", "qualm", "hochwasser",
        "überschwemmung", "ueberschwemmung", "überschwemmt", "ueberschwemmt", "überflutung", "überflutet", "rohrbruch",
        "wasserrohrbruch"
    ]

    /// Whole words only: a gasket is no gas, and a fireplace no fire.
    static func isNamed(in text: String) -> Bool {
        text.lowercased().split { !$0.isLetter }.contains { words.contains(String($0)) }
    }
}
