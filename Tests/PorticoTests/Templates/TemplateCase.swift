import Testing

@testable import TemplateCompiler

/// A template for tests: what it becomes, or which mistakes it has.
struct TemplateCase {
    var source: String

    /// What stands after `{{ page P }}` and a line end, so its first line is line 2.
    static func page(_ body: String) -> TemplateCase { TemplateCase(source: "{{ page P }}\n" + body) }

    func swift() throws -> String {
        try TemplateTranslator.translate(source: source, file: "Templates/demo/p.html", module: "Demo")
    }

    /// The Swift without directives and padding, one statement per line.
    func statements() throws -> [String] {
        try swift().split(separator: "\n").map { $0.drop { $0 == " " } }
            .filter { !$0.hasPrefix("#sourceLocation") }.map(String.init)
    }

    /// `line:column: message` of each mistake.
    func mistakes() -> [String] {
        do {
            _ = try swift()
            return []
        } catch let found as Diagnostics {
            return found.list.map { "\($0.location.line):\($0.location.column): \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    /// Every literal that the template prints, joined.
    func markup() throws -> String {
        try statements().filter { $0.contains(".raw(\"") }.map { line in
            String(line.drop { $0 != "\"" }.dropFirst().dropLast(2))
                .replacing("\\n", with: "\n").replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
        }.joined()
    }
}

func expectMistake(
    _ body: String, at place: String, says words: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    let mistakes = TemplateCase.page(body).mistakes()
    #expect(
        mistakes.contains { $0.hasPrefix(place + ": ") && $0.contains(words) }, "\(mistakes)", sourceLocation: sourceLocation)
}
