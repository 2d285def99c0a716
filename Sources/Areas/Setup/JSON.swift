import Foundation
import Tenancy
import Web

/// What programs get of the whole.
struct ConfigurationJSON: Encodable, Sendable {
    struct File: Encodable, Sendable {
        let name: String
        let bytes: Int
        /// What a change of this file has to name as `base`.
        let base: String
    }

    let files: [File]
    /// The last published version; nil before the first.
    let version: VersionJSON?
    /// What is wrong with the files as they are; the last good ones are live then.
    let problems: [ProblemJSON]

    init(_ files: CompanyFiles, _ version: ConfigurationVersion?, _ problems: [TenantProblem]) {
        self.files = files.names.map { File(name: $0, bytes: (files[$0] ?? "").utf8.count, base: files.digest(of: [$0])) }
        self.version = version.map(VersionJSON.init)
        self.problems = problems.map(ProblemJSON.init)
    }
}

struct ProblemJSON: Encodable, Sendable {
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

struct DifferenceJSON: Encodable, Sendable {
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

struct ReviewJSON: Encodable, Sendable {
    let isPublishable: Bool
    let problems: [ProblemJSON]
    let difference: [DifferenceJSON]
    let impacts: [RuleImpact]

    init(_ review: Review) {
        isPublishable = review.isGood && !review.difference.isEmpty
        problems = review.problems.map(ProblemJSON.init)
        difference = review.difference.map(DifferenceJSON.init)
        impacts = review.impacts
    }
}

struct VersionJSON: Encodable, Sendable {
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
    var difference: [DifferenceJSON]?

    init(_ version: ConfigurationVersion) {
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
struct FileJSON: Encodable, Sendable {
    let file: String
    let text: String
    let base: String
}
