import Foundation

/// `portico tenants check`: is everything under `tenants/` right? Needs no database.
public enum TenantCheck {
    public struct Report: Sendable, Codable {
        /// Slugs that would be live.
        public let tenants: [String]
        public let problems: [TenantProblem]

        public var isGood: Bool { problems.isEmpty }

        /// One line per problem, `file:line:column: key: what is wrong`, and a last line with the result.
        public var text: String {
            let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
            let result = isGood ? "\(tenants.count) tenants, all good: \(tenants.joined(separator: ", "))" : count
            return (problems.map(\.description) + [result]).joined(separator: "\n") + "\n"
        }

        /// The same for programs: `{"problems": [{"file", "line", "column", "keyPath", "message", …}], "tenants": [slug]}`.
        public func json() throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    public static func run(_ root: String, rules: TenantRules) -> Report {
        let folder = TenantFolder.load(root, rules: rules)
        return Report(tenants: folder.tenants.map(\.slug), problems: folder.problems)
    }
}
