import Testing

@testable import TemplateCompiler

@Suite("A broken template fails with the place and what to do")
struct TemplateMistakeTests {
    @Test(
        "Structure of tags",
        arguments: [
            ("{{ #if x }}a", "2:1", "add {{ /if }}"),
            ("{{ #for x in y }}a", "2:1", "add {{ /for }}"),
            ("{{ #> card() }}a", "2:1", "add {{ /> }}"),
            ("a{{ /if }}", "2:2", "closes nothing"),
            ("{{ #if x }}\n{{ /for }}", "3:1", "{{ /if }} is expected, for the block opened at line 2"),
            ("{{ else }}", "2:1", "belongs to no"),
            ("{{ #if a }}{{ else }}{{ else }}{{ /if }}", "2:22", "already has its"),
            ("{{ #for a in b }}{{ else }}{{ else }}{{ /for }}", "2:28", "belongs to no"),
            ("{{ else nonsense }}", "2:4", "write {{ else }}"),
            ("{{ #each x }}", "2:4", "unknown tag '#each'"),
            ("{{ /each }}", "2:4", "unknown tag '/each'"),
            ("{{ ^x }}", "2:4", "#if !condition"),
            ("{{ if x }}", "2:4", "no expression"),
            ("{{ }}", "2:4", "empty"),
            ("{{}}", "2:3", "empty"),
            ("{{ x", "2:1", "not closed"),
            ("{{ f(x }}", "2:5", "add ')'"),
            ("{{ f(x]) }}", "2:5", "add ')'"),
            ("{{ x) }}", "2:5", "closes nothing"),
            ("{{ x } }}", "2:6", "closes nothing"),
            ("{{ \"abc }}\n", "2:4", "not closed on its line"),
            ("{{ \"\"\"abc }}\n", "2:4", "not closed before the end"),
            ("{{! abc", "2:1", "comment is not closed"),
            ("{{ a; b }}", "2:5", "one expression"),
            ("{{ a // b }}", "2:6", "no comment inside"),
            ("{{ a /* b */ }}", "2:6", "no comment inside"),
            ("{{ #if }}", "2:4", "write {{ #if condition }}"),
            ("{{ #let x }}", "2:4", "write {{ #let name"),
            ("{{> badge }}", "2:3", "parentheses"),
            ("{{> badge() { } }}", "2:12", "nothing may follow"),
            ("{{> }}", "2:3", "parentheses"),
            ("{{ slot }}", "2:1", "only a component has slots"),
            ("{{ #slot a }}b{{ /slot }}", "2:1", "directly inside"),
            ("{{ #> c() }}{{ #if x }}{{ #slot a }}b{{ /slot }}{{ /if }}{{ /> }}", "2:24", "put an #if inside"),
            ("{{ #> c() }}{{ #slot a }}{{ /slot }}{{ #slot a }}{{ /slot }}{{ /> }}", "2:37", "filled twice"),
            ("{{ #> c() }}{{ #slot content }}{{ /slot }}{{ /> }}", "2:13", "outside every"),
            ("a{{ layout app() }}", "2:2", "directly after"),
            ("{{ page Q }}", "2:1", "one template")
        ])
    func tags(_ body: String, _ place: String, _ words: String) {
        expectMistake(body, at: place, says: words)
    }

    @Test(
        "Structure of HTML",
        arguments: [
            ("<div>", "2:1", "add </div>"),
            ("<div>\n<p>a</div>", "3:5", "close <p> first"),
            ("</div>", "2:1", "closes nothing"),
            ("<br></br>", "2:5", "no end tag"),
            ("<div/>", "2:1", "write <div …></div>"),
            ("a < b", "2:3", "&lt;"),
            ("<div class=\"a\"id=\"b\"></div>", "2:15", "space is missing"),
            ("<div \"></div>", "2:6", "begins with a letter"),
            ("<div class=\"a></div>", "2:1", "not finished"),
            ("<div", "2:1", "not finished"),
            ("<!-- a", "2:1", "closed with -->"),
            ("<p><div></div></p>", "2:4", "end the open <p>"),
            ("<a href=\"/a\"><b><a href=\"/b\">c</a></b></a>", "2:17", "another <a>"),
            ("{{ #if x }}<div>{{ /if }}</div>", "2:12", "not closed in its block"),
            ("<div>{{ #if x }}</div>{{ /if }}", "2:17", "outside this block"),
            ("{{ #if x }}<p title=\"{{ /if }}\"></p>", "2:1", "end where it begins"),
            ("<p{{ #if x }}>{{ /if }}</p>", "2:1", "not closed in its block"),
            ("<p class=\"a{{ #if x }}\" id=\"b{{ /if }}\"></p>", "2:12", "end where it begins"),
            ("<p{{ #if x }} class{{ /if }}=\"a\"></p>", "2:29", "begins with a letter"),
            ("<p a=\"\"{{ #if x }}b{{ /if }}></p>", "2:19", "space is missing"),
            ("{{ #for x in y }}<textarea>{{ /for }}</textarea>", "2:18", "not closed"),
            ("{{ #> c() }}<p>{{ /> }}</p>", "2:13", "not closed"),
            ("<textarea>a", "2:1", "add </textarea>"),
            ("<div></div foo>", "2:12", "only the element's name")
        ])
    func html(_ body: String, _ place: String, _ words: String) {
        expectMistake(body, at: place, says: words)
    }

    @Test("A template begins with its kind")
    func kind() {
        #expect(TemplateCase(source: "<p>").mistakes().first?.hasPrefix("1:1: a template begins with") == true)
        #expect(TemplateCase(source: "").mistakes().first?.hasPrefix("1:1: a template begins with") == true)
        #expect(TemplateCase(source: "{{ x }}").mistakes().first?.hasPrefix("1:1: a template begins with") == true)
    }

    @Test("A component neither calls itself nor hides a method of HTML")
    func components() {
        #expect(
            TemplateCase(source: "{{ component a() }}{{> a() }}").mistakes().first?.hasPrefix(
                "1:24: the component 'a' calls itself") == true)
        #expect(TemplateCase(source: "{{ component raw() }}b").mistakes().first?.contains("method of HTML") == true)
        #expect(TemplateCase(source: "{{ component a() }}{{ layout b() }}").mistakes().first?.contains("only a page") == true)
    }

    @Test("NUL and other control characters are refused at their place")
    func controlCharacters() {
        #expect(TemplateCase.page("a\u{0}b").mistakes() == ["2:2: control character U+0000: remove it"])
        #expect(TemplateCase.page("ü\u{7F}").mistakes() == ["2:2: control character U+007F: remove it"])
    }

    @Test("Columns count characters, not bytes")
    func columns() {
        expectMistake("<p>äöü€😀{{ }}</p>", at: "2:12", says: "empty")
        expectMistake("äöü\nß</p>", at: "3:2", says: "closes nothing")
    }

    @Test("A thousand nested blocks are refused, a thousand nested elements and brackets pass", .timeLimit(.minutes(1)))
    func nesting() throws {
        func times(_ text: String) -> String { String(repeating: text, count: 1000) }
        expectMistake(times("{{ #if x }}") + times("{{ /if }}"), at: "2:\(39 * 11 + 1)", says: "deeper than 40")
        expectMistake(times("{{ #> c() }}") + times("{{ /> }}"), at: "2:\(39 * 12 + 1)", says: "deeper than 40")
        #expect(try TemplateCase.page(times("<div>") + times("</div>")).markup().utf8.count == 11_000)
        #expect(TemplateCase.page("{{ \(times("("))x\(times(")")) }}").mistakes().isEmpty)
        #expect(TemplateCase.page("{{ \(times("\"\\("))x\(times(")\"")) }}").mistakes().isEmpty)
    }

    @Test("A huge file is refused, a large one translated quickly", .timeLimit(.minutes(1)))
    func size() throws {
        #expect(TemplateCase.page(String(repeating: "a", count: 1 << 20)).mistakes().first?.contains("larger than 1 MiB") == true)
        let row = "<p>ü {{ x }}</p>"
        #expect(try TemplateCase.page(String(repeating: row, count: 20_000)).swift().contains("text(x)"))
    }
}
