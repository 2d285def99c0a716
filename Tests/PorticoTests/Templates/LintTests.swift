import Foundation
import Testing

@testable import TemplateCompiler

@Suite("The lint names what nothing uses")
struct LintTests {
    private func lint(_ files: [String: String]) throws -> [String] {
        let root = FileManager.default.temporaryDirectory.appending(path: "portico-lint-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let options = try Options(["--templates", "\(root.path)/T", "--sources", "\(root.path)/S"])
        return try Lint(options).mistakes().map { $0.description.replacing("\(root.path)/", with: "") }
    }

    @Test("Everything used is silent")
    func silent() throws {
        let found = try lint([
            "T/demo/p.html": "{{ page P }}{{ t.a }}{{> badge(t.g.b) }}{{ #let h = t.h }}{{ h.c }}",
            "T/ui/badge.html": "{{ component badge() }}x",
            "T/ui/note.html": "{{ component note() }}x",
            "T/demo/messages.yaml":
                "a: {en: x, de: y}\ng: {b: {en: x, de: y}}\nh: {c: {en: x, de: y}}\nd: {en: x, de: y}",
            "S/A.swift": "P(); out.note(view); t.demo.d"
        ])
        #expect(found == [])
    }

    @Test("Unused pages, components and messages are named with their place")
    func unused() throws {
        let found = try lint([
            "T/demo/p.html": "{{ page P }}{{ t.ab }}", "T/ui/badge.html": "\n{{ component badge() }}x",
            "S/A.swift": "struct P {}",
            "T/demo/messages.yaml": "ab: {en: x, de: y}\na: {en: x, de: y}\ng:\n  b: {en: x, de: y}"
        ])
        #expect(
            found == [
                "T/demo/p.html:1:9: error: no code makes a P: answer with it or remove the template",
                "T/ui/badge.html:2:14: error: nothing calls the component 'badge': use or remove it",
                "T/demo/messages.yaml:2:1: error: nothing uses the message 'a': remove it",
                "T/demo/messages.yaml:4:3: error: nothing uses the message 'g.b': remove it"
            ])
    }

    @Test("Components that call each other in a circle are named")
    func circle() throws {
        let found = try lint([
            "T/ui/a.html": "{{ component a() }}{{ #if x }}{{> b() }}{{ /if }}",
            "T/ui/b.html": "{{ component b() }}{{ #> c() }}{{ /> }}",
            "T/ui/c.html": "{{ component c() }}{{ #> d() }}{{ #slot s }}{{> a() }}{{ /slot }}{{ /> }}",
            "T/ui/d.html": "{{ component d() }}"
        ])
        #expect(found.count == 3 && found.allSatisfy { $0.contains("calls itself through others") })
    }
}
