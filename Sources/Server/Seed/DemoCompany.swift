import Faults
import Foundation

/// What one demo company looks like; the rest follows from it by chance that always falls the same way.
///
/// Categories and deadlines repeat what the company's `tenant.yaml` says, so that demo faults look as if they had come through
/// the front door; a test compares the two.
struct DemoCompany: Sendable {
    struct House: Sendable {
        let name: String
        let street: String
        let postalCode: String
        let city: String
        let floors: Int
        let unitsPerFloor: Int
        /// Houses without a lift have no lift faults.
        let hasLift: Bool

        var units: Int { floors * unitsPerFloor }
    }

    struct Category: Sendable {
        let key: String
        /// How often people report it, compared with the others, in summer and in winter.
        let summer: Double
        let winter: Double
        /// What a new fault starts with.
        let priority: FaultPriority
        /// Instead of the priority's deadline; never later than that for urgent ones.
        var resolveHours: Int?
        /// The role whose least busy member gets it at once; `nil` when a manager decides.
        var assigns: String?
    }

    /// How many people there are of a role of staff.
    struct Staff: Sendable {
        let role: String
        let count: Int
    }

    let slug: String
    let words: DemoWords
    let zone: TimeZone
    /// One for all demo accounts of the company.
    let password: String
    let mailDomain: String
    let houses: [House]
    let staff: [Staff]
    let owners: Int
    /// Present residents; on top come those who moved out.
    let residents: Int
    let formerResidents: Int
    let faults: Int
    /// How many faults have photos.
    var photographed: Int
    let deadlineHours: [FaultPriority: Int]
    let categories: [Category]

    static let all = [lindenhof, harbour]

    static func named(_ slug: String) -> DemoCompany? {
        all.first { $0.slug == slug }
    }

    /// Hours from report to deadline.
    func hours(_ category: Category, _ priority: FaultPriority) -> Int {
        let standard = deadlineHours[priority] ?? 72
        guard let promised = category.resolveHours else { return standard }
        return priority == .urgent ? min(promised, standard) : promised
    }
}
