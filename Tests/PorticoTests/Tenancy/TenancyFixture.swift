import Foundation
import Logging
import Synchronization

@testable import Tenancy
@testable import portico

/// An area's section as an area would define it: what may stand under `faults:`.
struct SampleFaultSettings: Sendable {
    enum Priority: String, CaseIterable, Sendable { case low, normal, high, urgent }

    enum Assignment: Sendable, Equatable {
        case manual
        case leastBusy(role: String)
        case member(email: String)
    }

    struct Deadlines: Sendable {
        let urgent: Int, high: Int, normal: Int, low: Int
    }

    struct Category: Sendable {
        let title: Translated
        let priority: Priority
        let respondHours: Int?
        let resolveHours: Int?
        let skill: String?
        let assign: Assignment
    }

    let deadlineHours: Deadlines
    let categories: Keyed<Category>

    static let section = TenantSection(
        "faults", "How faults are handled.",
        .object(
            .optional("deadlineHours", deadlines, default: standardDeadlines, "Hours to resolve, by priority."),
            .required("categories", .keyed(of: category, count: 1...50), "What people may report, in this order."),
            make: SampleFaultSettings.init),
        standard: SampleFaultSettings(deadlineHours: standardDeadlines, categories: Keyed([])))

    private static let hours = Schema<Int>.integer(1...8760)
    private static let standardDeadlines = Deadlines(urgent: 4, high: 24, normal: 72, low: 336)
    private static let deadlines = Schema<Deadlines>.object(
        .optional("urgent", hours, default: 4), .optional("high", hours, default: 24), .optional("normal", hours, default: 72),
        .optional("low", hours, default: 336), make: Deadlines.init)
    private static let category = Schema<Category>.object(
        .required("title", .translated(1...60)),
        .optional("priority", .choice(), default: .normal, "What a new fault starts with."),
        .optional("respondHours", hours, "Until somebody is assigned."),
        .optional("resolveHours", hours, "Instead of the priority's deadline."),
        .optional("skill", .formatted(.key), "What a technician should know."),
        .optional("assign", assignment, default: .manual, "Who gets it."),
        make: Category.init)
    private static let assignment = Schema<Assignment>.variant(
        "rule",
        .when("manual") { .manual },
        .when("leastBusy", .required("role", .role)) { .leastBusy(role: $0) },
        .when("member", .required("email", .formatted(.email))) { .member(email: $0) })
}

enum TenancyFixture {
    /// Some of the fixture's own, then everything that the product knows: the demo companies are read with these rules, too.
    static let permissions = own + Sections.permissions.map(\.name).filter { !own.contains($0) }

    private static let own = [
        "faults:see_own", "faults:see_all", "faults:comment", "people:edit", "dashboard:see", "notifications:see"
    ]

    static let rules = TenantRules(
        vocabulary: Vocabulary(
            languages: ["en", "de"], permissions: permissions,
            features: [
                Feature("selfService", "Residents open their own accounts."), Feature("photos", "Photos.", onByDefault: true)
            ]),
        sections: [AnyTenantSection(SampleFaultSettings.section)]
            + Sections.rules.sections.filter { $0.key != SampleFaultSettings.section.key })

    /// The repository's own tenants.
    static let demo = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "tenants").path(percentEncoded: false)

    /// A small right file; line 1 is `name:`.
    static func yaml(name: String = "Acme", hosts: String = "[acme.example]", more: String = "") -> String {
        """
        name: \(name)
        hosts: \(hosts)
        locales: [en, de]
        timeZone: Europe/Berlin
        currency: EUR
        brand: {hue: 150}
        roles:
          manager:
            title: {en: Manager, de: Verwalter}
            permissions: [faults:see_all]

        """ + more
    }

    static func read(_ text: String, pictures: [String: [UInt8]] = [:]) throws(TenantProblems) -> TenantConfiguration {
        try TenantFolder.read(text, slug: "acme", rules: rules, pictures: pictures)
    }

    /// What is wrong with the text; empty when nothing is.
    static func problems(_ text: String, pictures: [String: [UInt8]] = [:]) -> [TenantProblem] {
        do {
            _ = try read(text, pictures: pictures)
            return []
        } catch {
            return error.problems
        }
    }
}

/// A folder of tenants that goes away with the test.
final class SampleFolder: Sendable {
    let root: String
    private let numbers = Mutex<[String: Int32]>([:])

    init(_ files: [String: String] = [:]) throws {
        root = FileManager.default.temporaryDirectory.appending(path: "tenants-\(UUID())").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        for (slug, text) in files { try write(text, slug) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ text: String, _ slug: String, _ name: String = "tenant.yaml") throws {
        try FileManager.default.createDirectory(atPath: root + "/" + slug, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: root + "/" + slug + "/" + name), options: .atomic)
    }

    func remove(_ slug: String) throws { try FileManager.default.removeItem(atPath: root + "/" + slug) }

    /// A registry that counts slugs instead of asking a database.
    func tenants(settle: Duration = .zero) -> Tenants {
        var logger = Logger(label: "tenancy-test")
        logger.logLevel = .critical
        return Tenants(root: root, rules: TenancyFixture.rules, settle: settle, logger: logger) { [self] slug in
            numbers.withLock { numbers in
                let number = numbers[slug] ?? Int32(numbers.count + 1)
                numbers[slug] = number
                return number
            }
        }
    }
}
