import Foundation
import Tenancy
import Web

/// What programs get of the whole.
struct ConfigurationJSON: Codable, Sendable {
    struct Entry: Codable, Sendable {
        let name: String
        let bytes: Int
        /// What a change of this file has to name as `base`.
        let base: String
    }

    let files: [Entry]
    /// The last published version; nil before the first.
    let version: ConfigurationVersionJSON?
    /// What is wrong with the files as they are; the last good ones are live then.
    let problems: [ConfigurationProblemJSON]

    init(_ files: CompanyFiles, _ version: ConfigurationVersion?, _ problems: [TenantProblem]) {
        self.files = files.names.map { Entry(name: $0, bytes: (files[$0] ?? "").utf8.count, base: files.digest(of: [$0])) }
        self.version = version.map { ConfigurationVersionJSON($0) }
        self.problems = problems.map(ConfigurationProblemJSON.init)
    }
}

struct ConfigurationProblemJSON: Codable, Sendable {
    let file: String
    let line: Int
    let column: Int
    let keyPath: String
    let message: String

    init(_ problem: TenantProblem) {
        file = problem.file
        line = problem.line
        column = problem.column
        keyPath = problem.keyPath
        message = problem.sentence
    }
}

struct ConfigurationDifferenceJSON: Codable, Sendable {
    let file: String
    let added: Int
    let removed: Int
    let lines: [FileDifference.Line]

    init(_ difference: FileDifference) {
        file = difference.file
        added = difference.added
        removed = difference.removed
        lines = difference.lines
    }
}

struct ConfigurationReviewJSON: Codable, Sendable {
    let isPublishable: Bool
    let problems: [ConfigurationProblemJSON]
    let difference: [ConfigurationDifferenceJSON]
    let impacts: [RuleImpact]

    init(_ review: Review) {
        isPublishable = review.isGood && !review.difference.isEmpty
        problems = review.problems.map(ConfigurationProblemJSON.init)
        difference = review.difference.map(ConfigurationDifferenceJSON.init)
        impacts = review.impacts
    }
}

struct ConfigurationVersionJSON: Codable, Sendable {
    let id: String
    let number: Int
    let publishedAt: Date
    /// Nil: changed by hand on the server.
    let author: String?
    let reason: String
    let files: [String]
    let added: Int
    let removed: Int
    let revertsTo: Int?
    /// With a single version only.
    let difference: [ConfigurationDifferenceJSON]?

    init(_ version: ConfigurationVersion, _ difference: [FileDifference]? = nil) {
        self.difference = difference?.map(ConfigurationDifferenceJSON.init)
        id = version.id.text
        number = version.number
        publishedAt = version.publishedAt
        author = version.author
        reason = version.reason
        files = version.changed
        added = version.added
        removed = version.removed
        revertsTo = version.revertsTo
    }
}

/// A file's text and what a change of it has to name.
struct ConfigurationFileJSON: Codable, Sendable {
    let file: String
    let text: String
    let base: String
}

/// Name and colour, with the contrast that comes of it.
struct BrandJSON: Codable, Sendable {
    struct Pair: Codable, Sendable {
        let pair: String
        let ratio: Double
        let needed: Double
        let isEnough: Bool
    }

    let name: String
    let hue: Double
    let chroma: Double
    let contrast: [Pair]
    let base: String
}

struct RolesJSON: Codable, Sendable {
    struct Role: Codable, Sendable {
        let key: String
        let permissions: [String]
    }

    let roles: [Role]
    /// Everything that a role may be granted.
    let permissions: [String]
    let base: String
}

struct CategoriesJSON: Codable, Sendable {
    struct Category: Codable, Sendable {
        let key: String
        /// By language.
        let titles: [String: String]
        let priority: String
        let resolveHours: Int?
        /// As a change has to say it: `manual`, `skilled`, `leastBusy caretaker`, `member anna@example.com`.
        let assign: String
    }

    let categories: [Category]
    /// By priority.
    let deadlineHours: [String: Int]
    let base: String
}

struct IdentityRulesJSON: Codable, Sendable {
    /// Roles that need a second factor.
    let factorFor: [String]
    let rule: String
    let role: String
    let mayAsk: [String]
    let domains: String
    let terms: String
    let delegateRole: String
    let base: String
}

struct NoticeTextJSON: Codable, Sendable {
    let kind: String
    /// What the text may name, with samples.
    let fields: [String: String]
    /// By language; empty where the standard one is sent.
    let texts: [String: String]
    let base: String
}
