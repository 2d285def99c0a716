import Testing

@testable import TemplateCompiler

@Suite("messages.yaml becomes typed messages")
struct MessagesTests {
    static let valid = """
        title: {en: "Faults", de: "Störungen"}
        open:
          en: "{count, plural, =0 {No faults} one {One fault} other {# faults}} in {place}"
          de: "{count, plural, =0 {Keine Störung} one {Eine Störung} other {# Störungen}} in {place}"
        form:
          save: {en: 'It''s saved', de: "Gesichert"}
          inner: {default: {en: "{n, number} rows", de: "{n, number} Zeilen"}}
        role: {en: "{role, select, owner {Dear owner} other {Dear guest}}", de: "{role, select, owner {Liebe Eigentümerin} other {Lieber Gast}}"}
        quote: {en: "'{'x'}' don't ''stop''", de: "x"}
        """

    private func swift(_ yaml: String) throws -> String {
        try MessagesTranslator.translate(source: yaml, file: "messages.yaml", module: "Demo")
    }

    private func mistakes(_ yaml: String) -> [String] {
        do {
            _ = try swift(yaml)
            return []
        } catch let found as Diagnostics {
            return found.list.map { "\($0.location.line):\($0.location.column): \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test("Messages are properties or functions, groups are nested structs, keywords are quoted")
    func shape() throws {
        let swift = try swift(Self.valid)
        for code in [
            "package struct DemoMessages: Sendable", "package var title: String",
            "package func open(count: Int, place: String) -> String",
            "package var form: Form { Form(language) }", "package struct Form: Sendable",
            "package func `default`(n: Int) -> String",
            "package func role(role: String) -> String", "\"{x} don't 'stop'\""
        ] { #expect(swift.contains(code), "\(code)") }
    }

    @Test("An empty file gives empty messages")
    func empty() throws {
        #expect(try swift("").contains("package struct DemoMessages"))
        #expect(try swift("# nothing yet\n").contains("package struct DemoMessages"))
    }

    @Test(
        "Mistakes have their place and say what to do",
        arguments: [
            ("a: {en: \"x\"}", "1:1", "no text for de"),
            ("b: {en: x, de: y}\na: {de: \"x\"}", "2:1", "no text for en"),
            ("a: {en: \"x\", de: \"\"}", "1:18", "empty"),
            ("a: {en: \"x\", de: }", "1:18", "empty"),
            ("a: {en: \"x\", de: \"y\", fr: \"z\"}", "1:23", "unknown language 'fr'"),
            ("a: \"x\"", "1:4", "every language"),
            ("a: [x, y]", "1:4", "every language"),
            ("- a", "1:1", "expected keys"),
            ("a:\n  b: x", "2:6", "every language"),
            ("A: {en: x, de: y}", "1:1", "small letter"),
            ("a-b: {en: x, de: y}", "1:1", "letters and digits"),
            ("init: {en: x, de: y}", "1:1", "taken"),
            ("a: {en: x, de: y}\nb: {en: x, de: y}\na: {en: x, de: y}", "3:1", "stands twice"),
            ("a: {en: \"{n}\", de: \"x\"}", "1:1", "does not use {n} in its de text"),
            ("a: {en: \"{n}\", de: \"{m}\"}", "1:1", "does not use {m} in its en text"),
            ("a: {en: \"{n\", de: \"x\"}", "1:10", "not closed"),
            ("a: {en: \"b}\", de: \"x\"}", "1:11", "closes nothing"),
            ("a: {en: \"{N}\", de: \"x\"}", "1:11", "small letter"),
            ("a: {en: \"{}\", de: \"x\"}", "1:11", "small letter"),
            ("a: {en: \"{n, date}\", de: \"x\"}", "1:14", "unknown kind 'date'"),
            ("a: {en: \"{n, plural, other {x}}\", de: \"x\"}", "1:20", "'one' is missing"),
            ("a: {en: \"{n, plural, one {x}}\", de: \"x\"}", "1:20", "'other' is missing"),
            ("a: {en: \"{n, plural, one {x} few {y} other {z}}\", de: \"x\"}", "1:30", "unknown form 'few'"),
            ("a: {en: \"{n, plural, one {x} one {y} other {z}}\", de: \"x\"}", "1:30", "stands twice"),
            ("a: {en: \"{n, plural, =x {x} one {y} other {z}}\", de: \"x\"}", "1:22", "write =0"),
            ("a: {en: \"{n, plural, one x other {z}}\", de: \"x\"}", "1:25", "in braces"),
            ("a: {en: \"{r, select, b {x}}\", de: \"x\"}", "1:20", "'other' is missing"),
            ("a: {en: \"{n, plural, one {x} other {y}\", de: \"x\"}", "1:39", "choices are not closed"),
            ("a: {en: \"a <b>\", de: \"x\"}", "1:12", "no HTML"),
            ("a: {en: \"a&nbsp;b\", de: \"x\"}", "1:11", "character reference"),
            ("a: {en: \"'{a\", de: \"x\"}", "1:10", "quote is not closed"),
            (
                "a: {en: \"{n, plural, one {a} other {b}} {n, select, other {c}}\", de: \"x\"}", "1:10",
                "as a number and as a word"
            ),
            ("a: {en: \"x, de: y}", "1:19", "valid YAML"),
            ("a: {en: \"ä{\", de: \"x\"}", "1:12", "small letter")
        ])
    func mistakes(_ yaml: String, _ place: String, _ words: String) {
        let found = mistakes(yaml)
        #expect(found.contains { $0.hasPrefix(place + ": ") && $0.contains(words) }, "\(found)")
    }

    @Test("All mistakes of a file are reported at once")
    func several() {
        #expect(mistakes("a: {en: x}\nb: {de: x}\nc: {en: \"{\", de: x}").count == 3)
    }

    @Test("A number in one language is a number in the other")
    func types() throws {
        let swift = try swift("a: {en: \"{n, plural, one {x} other {#}}\", de: \"{n}\"}")
        #expect(swift.contains("func a(n: Int)"))
    }

    @Test("Deep nesting and hostile texts are refused, not crashed on")
    func hostile() {
        let deep = String(repeating: "{a, select, other {", count: 2000)
        #expect(mistakes("a: {en: \"\(deep)\", de: \"x\"}").first?.contains("nested too deep") == true)
        #expect(!mistakes("a: {en: \"\u{0}\", de: \"x\"}").isEmpty)
        #expect(!mistakes(String(repeating: "[", count: 5000)).isEmpty)
        #expect(
            mistakes("a: {en: \"{n, plural, =99999999999999999999 {x} one {y} other {z}}\", de: x}").first?.contains("write =0")
                == true)
    }
}
