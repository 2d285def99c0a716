import Foundation
import Testing

@testable import Tenancy

@Suite("Changing single values of a company's file")
struct YAMLEditorTests {
    private static let text = """
        # Head.
        name: Acme     # the name

        brand: {hue: 150}
        empty: {}
        roles:
          # Who may do most.
          manager:
            title: {en: Manager, de: Verwalter}
            permissions:
              - faults:see_all    # all of them
              - faults:work
          # Others.
          resident:
            permissions: [faults:report]   # only that

        # Foot.

        """

    private func edited(_ edit: (inout YAMLEditor) throws -> Void) throws -> String {
        var editor = try YAMLEditor(Self.text)
        try edit(&editor)
        return editor.text
    }

    @Test("A value is replaced where it stands; its comment stays")
    func replace() throws {
        let text = try edited { try $0.set(["name"], .text("Acme: more")) }
        #expect(text == Self.text.replacing("name: Acme     # the name", with: "name: \"Acme: more\"     # the name"))
    }

    @Test("A key that is missing comes behind its neighbours, in their style")
    func add() throws {
        #expect(try edited { try $0.set(["brand", "chroma"], .number("0.1")) }.contains("brand: {hue: 150, chroma: 0.1}\n"))
        #expect(try edited { try $0.set(["empty", "a"], .toggle(true)) }.contains("empty: {a: true}\n"))
        let owner = YAMLValue.keyed(["title": .keyed(["en": .text("Owner")]), "staff": .toggle(false)])
        let role = try edited { try $0.set(["roles", "owner"], owner) }
        #expect(role.contains("# only that\n  owner:\n    title: {en: Owner}\n    staff: false\n\n# Foot.\n"))
        let deep = try edited { try $0.set(["identity", "secondFactor", "requiredFor"], .texts(["manager"])) }
        #expect(deep.hasSuffix("\nidentity:\n  secondFactor:\n    requiredFor: [manager]\n\n# Foot.\n"))
        #expect(try YAMLEditor(deep).items("identity", "secondFactor", "requiredFor") == ["manager"])
    }

    @Test("A key goes with its lines alone")
    func remove() throws {
        #expect(
            try edited { try $0.remove(["roles", "manager"]) }
                == Self.text.replacing(
                    "  manager:\n    title: {en: Manager, de: Verwalter}\n    permissions:\n      - faults:see_all    # all of them\n"
                        + "      - faults:work\n", with: ""))
        #expect(try edited { try $0.remove(["brand", "hue"]) }.contains("brand: {}\n"))
        #expect(try edited { try $0.remove(["roles", "manager", "title", "en"]) }.contains("title: {de: Verwalter}\n"))
        #expect(try edited { try $0.remove(["roles", "manager", "title", "de"]) }.contains("title: {en: Manager}\n"))
        #expect(try edited { try $0.remove(["nothing", "here"]) } == Self.text)
    }

    @Test("Items of a list keep their lines and comments; new ones come last")
    func items() throws {
        let path = ["roles", "manager", "permissions"]
        #expect(
            try edited { try $0.setItems(path, ["faults:see_all", "audit:see"]) }
                == Self.text.replacing("      - faults:work\n", with: "      - audit:see\n"))
        #expect(try edited { try $0.setItems(path, ["faults:work"]) }.contains("permissions:\n      - faults:work\n"))
        #expect(try edited { try $0.setItems(path, []) }.contains("permissions:\n      []\n"))
        #expect(
            try edited { try $0.setItems(["roles", "resident", "permissions"], ["faults:report", "faults:work"]) }
                .contains("permissions: [faults:report, faults:work]   # only that\n"))
        #expect(try edited { try $0.setItems(["roles", "resident", "permissions"], ["faults:report"]) } == Self.text)
    }

    @Test(
        "Whatever text is written comes back as it was",
        arguments: [
            "plain", "yes", "1.5", "007", "a: b", "# no comment", "{x}", "'", "\"quoted\" \\ back", "Straße 12", "*star", "&and",
            "- dash",
            "trailing:", "~", "a #b", "null", "!tag", "%", "@at", "`tick", "a, b", "[x]", "> fold", "| block", "? key", "=",
            "0x1F"
        ])
    func texts(text: String) throws {
        for path in [["name"], ["roles", "manager", "title", "en"], ["brand", "note"], ["new", "deep", "key"]] {
            var editor = try YAMLEditor(Self.text)
            try editor.set(path, .text(text))
            var source: [String] = []
            let tree = try YAMLSource(editor.text, file: "x")
            if case .scalar(let value, _)? = tree.node(path)?.content { source = [value] }
            #expect(source == [text], "\(path): \(editor.text)")
        }
    }

    @Test(
        "Every value of the demo companies can be replaced by itself without changing what the file says",
        arguments: ["lindenhof", "harbour"])
    func demo(slug: String) throws {
        let text = try String(contentsOfFile: "\(TenancyFixture.demo)/\(slug)/tenant.yaml", encoding: .utf8)
        let source = try YAMLSource(text, file: slug)
        for (path, value) in Self.scalars(source.root) {
            var editor = try YAMLEditor(text)
            try editor.set(path, .number(value))
            let after = try YAMLSource(editor.text, file: slug).node(path)
            #expect(after.map { "\($0.content)" } == source.node(path).map { "\($0.content)" })
            #expect(editor.text.split(separator: "\n").count == text.split(separator: "\n").count)
        }
    }

    private static func scalars(_ node: YAMLNode, _ path: [String] = []) -> [([String], String)] {
        node.entries.flatMap { entry -> [([String], String)] in
            if case .scalar(let text, plain: true) = entry.value.content { return [(path + [entry.key], text)] }
            return scalars(entry.value, path + [entry.key])
        }
    }
}
