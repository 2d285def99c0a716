import Testing

@testable import TemplateCompiler

@Suite("A template becomes Swift")
struct TemplateSyntaxTests {
    @Test("A page becomes an extension of its struct")
    func page() throws {
        let lines = try TemplateCase(source: "{{ page FaultsPage }}\n<h1>{{ page.title }}</h1>\n").statements()
        #expect(
            lines.dropFirst() == [
                "import HTML", "import UI", "extension FaultsPage: Page {",
                "package func render(into out: inout HTML, _ view: View) {", "let page = self", "out.raw(\"<h1>\")", "out",
                ".text(page.title)", "out.raw(\"</h1>\")", "}", "}"
            ])
    }

    @Test("A component becomes a method of HTML with its slots as optional closures, content first")
    func component() throws {
        let source = "{{ component card(title: String = \"a)\") }}{{ slot z }}{{ slot }}{{ slot b }}"
        let lines = try TemplateCase(source: source).statements()
        #expect(
            lines.contains(
                "package mutating func card(_ view: View, title: String = \"a)\", content: HTML.Slot? = nil, "
                    + "b: HTML.Slot? = nil, z: HTML.Slot? = nil) {"))
        #expect(lines.suffix(5) == ["z?(&self)", "content?(&self)", "b?(&self)", "}", "}"])
    }

    @Test("The module UI does not import itself")
    func moduleUI() throws {
        let swift = try TemplateTranslator.translate(source: "{{ component a() }}b", file: "a.html", module: "UI")
        #expect(!swift.contains("import UI"))
    }

    @Test("Other modules are imported on request")
    func imports() throws {
        #expect(try TemplateCase(source: "{{ import Property }}{{ page P }}a").statements().contains("import Property"))
    }

    @Test("A component call passes the view and its arguments")
    func call() throws {
        let lines = try TemplateCase.page("{{> badge(x, tone: .ok) }}{{> line() }}").statements()
        #expect(lines.contains("out") && lines.contains(".badge(_v,x, tone: .ok)"))
        #expect(lines.contains("out.line(_v)"))
    }

    @Test("A layout wraps the rest of the page, and its slots stand beside the content")
    func layout() throws {
        let lines = try TemplateCase.page("{{ layout app(title: t.a) }}\n<p>a</p>\n{{ #slot foot }}b{{ /slot }}").statements()
        #expect(lines.contains("func _foot1(_ out: inout HTML) {"))
        #expect(lines.contains("out.app(_v,title: t.a, content: _content2, foot: _foot1)"))
        #expect(lines.contains("let t = DemoMessages(view.language)"))
    }

    @Test("for has an else for the empty sequence")
    func loop() throws {
        let lines = try TemplateCase.page("{{ #for x in xs }}a{{ else }}b{{ /for }}").statements()
        #expect(
            lines.suffix(9) == [
                "var _empty1 = true", "for x in xs { _empty1 = false", "out.raw(\"a\")", "}", "if _empty1 {", "out.raw(\"b\")",
                "}", "}", "}"
            ])
    }

    @Test("if takes any Swift condition, else if and else")
    func condition() throws {
        let lines = try TemplateCase.page("{{ #if let x = y, x > 1 }}a{{ else if z }}b{{ else }}c{{ /if }}").statements()
        #expect(
            lines.suffix(9) == [
                "if let x = y, x > 1 {", "out.raw(\"a\")", "} else if z {", "out.raw(\"b\")", "} else {", "out.raw(\"c\")", "}",
                "}", "}"
            ])
    }

    @Test("let makes a constant")
    func constant() throws {
        #expect(try TemplateCase.page("{{ #let a = b.map { $0 } }}{{ a }}").statements().contains("let a = b.map { $0 }"))
    }

    @Test(
        "Strings, closures and brackets may hold what otherwise ends a tag",
        arguments: [
            #""}}""#, #"f("}}", "{{")"#, #""\(a ? "}}" : "b")""#, ##"#"a"}}"#"##, #"xs.map { y in { y }}"#, #"f { { $0 }}"#,
            #"["a}}": 1]["b"]"#, "\"\"\"\n  \"}}\"\n  \"\"\"", #""\\""#, #""\"}}""#, ##"#"\(a) \#("}}")"#"##, "f(\n  a,\n  b\n)",
            "\"ü}}\""
        ])
    func swiftStrings(_ code: String) throws {
        #expect(try TemplateCase.page("<p>{{ \(code) }}</p>").swift().contains("\(code))"))
    }

    @Test("Blocks between attributes begin and end between attributes")
    func attributes() throws {
        let markup = try TemplateCase.page(
            "<option value=\"a\"{{ #if x }} selected{{ /if }}{{ #for y in z }} data-{{ ! c }}a=\"{{ y }}\"{{ /for }}>b</option>"
        ).markup()
        #expect(markup == "<option value=\"a\" selected data-a=\"\">b</option>")
    }

    @Test("White space with a line end becomes one line end, and silent lines vanish")
    func whiteSpace() throws {
        let body = "\n  <ul>\n    {{! c }}\n    {{ #for x in xs }}\n      <li>a  b</li>\n    {{ /for }}\n  </ul>\n\n"
        #expect(try TemplateCase.page(body).markup() == "<ul>\n<li>a b</li>\n</ul>")
    }

    @Test("White space between inline elements stays, also around blocks")
    func inlineSpace() throws {
        let body = "<b>a</b>{{ #if x }} <i>c</i>{{ /if }} <b>d</b>"
        #expect(try TemplateCase.page(body).markup() == "<b>a</b> <i>c</i> <b>d</b>")
    }

    @Test("pre and textarea keep their white space")
    func preformatted() throws {
        #expect(try TemplateCase.page("<pre>a\n   b\n\n c</pre>").markup() == "<pre>a\n   b\n\n c</pre>")
        #expect(try TemplateCase.page("<textarea>a\n   b</textarea>").markup() == "<textarea>a\n   b</textarea>")
    }

    @Test("HTML comments and template comments are not sent")
    func comments() throws {
        #expect(try TemplateCase.page("a<!-- b > -- -->c{{! \"unclosed ( }}d").markup() == "acd")
    }

    @Test("Void elements, foreign elements and a whole document pass")
    func elements() throws {
        let body =
            "<!DOCTYPE html><html><body><br><input disabled><svg viewBox=\"0 0 1 1\"><linearGradient/><g></g></svg></body></html>"
        #expect(try TemplateCase.page(body).markup() == body)
    }

    @Test("Literal text is merged into one call, and quoted for Swift")
    func literals() throws {
        let lines = try TemplateCase.page("a \"b\" \\(c) {{! x }}ü \u{202E}d").statements()
        #expect(lines.contains(#"out.raw("a \"b\" \\(c) ü \u{202e}d")"#))
    }

    @Test("A byte order mark and CRLF make no difference")
    func lineEnds() throws {
        let plain = try TemplateCase.page("<p>\na {{ x }}\n</p>\n").swift()
        #expect(try TemplateCase(source: "\u{FEFF}{{ page P }}\r\n<p>\r\na {{ x }}\r\n</p>\r\n").swift() == plain)
    }

    @Test("Words such as page, slot, import and else are values when an expression goes on")
    func words() throws {
        let swift = try TemplateCase.page("<p>      {{ page }}{{ slot.a }}{{ page.x }}{{ layout(1) }}</p>").swift()
        for code in ["text(page)", "text(slot.a)", "text(page.x)", "text(layout(1))"] { #expect(swift.contains(code)) }
    }
}
