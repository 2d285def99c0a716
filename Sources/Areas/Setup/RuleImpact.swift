import Tenancy
import Web

/// What a rule would do to records that are there already.
package struct RuleImpact: Sendable, Codable {
    /// For programs: `faults.deadline`.
    package let rule: String
    package let count: Int
    /// How many were looked at; nil where that says nothing.
    package let of: Int?
    /// "14 of 220 open faults would have another deadline", in the reader's language.
    package let message: String

    package init(_ rule: String, _ count: Int, of: Int? = nil, _ message: String) {
        self.rule = rule
        self.count = count
        self.of = of
        self.message = message
    }
}

/// How an area counts them; those that count nothing are left out.
package typealias RuleImpacts = @Sendable (_ after: Tenant, _ context: MemberContext) async throws -> [RuleImpact]
