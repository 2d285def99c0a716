import Testing

@testable import TemplateCompiler

@Suite("The Swift compiler accepts what the translator writes, and finds its mistakes in the template", .timeLimit(.minutes(3)))
struct TemplateCompilationTests {
    private func template(_ source: String, _ file: String) throws -> String {
        try TemplateTranslator.translate(source: source, file: file, module: "Demo")
    }

    private func messages(_ yaml: String) throws -> String {
        try MessagesTranslator.translate(source: yaml, file: "messages.yaml", module: "Demo")
    }

    private static let badge =
        "{{ component badge(_ text: String, tone: String = \"ok\") }}<b class=\"{{ tone }}\">{{ text }}</b>"

    @Test("A mistake in an expression has the template's own line and column")
    func columns() throws {
        let page = """
            {{ page P }}{{ page.first }}
            {{ page.second }}
            {{ #let a = page.third }}
              <p>äöü {{ page.fourth }}</p>
            {{ #if page.fifth }}{{ a }}{{ else if page.sixth }}b{{ /if }}
            {{ #for x in page.seventh }}{{ x }}{{ /for }}
            {{> badge(page.eighth) }}
               {{ #> card(title: page.ninth) }}c{{ /> }}
            <a href="{{ page.tenth }}" title="{{
                  page.eleventh
            }}">d</a>
            {{> bodge("x") }}
            {{ t.twelfth }}
            """
        let compiler = try SwiftCompiler([
            "p.swift": try template(page, "Templates/demo/p.html"), "struct.swift": "struct P { var title: String }",
            "badge.swift": try template(Self.badge, "Templates/demo/badge.html"),
            "card.swift": try template("{{ component card(title: String) }}{{ title }}{{ slot }}", "Templates/demo/card.html"),
            "messages.swift": try messages("a: {en: x, de: y}")
        ])
        defer { compiler.remove() }
        let outcome = try compiler.check()
        #expect(outcome.status != 0)
        for (place, name) in [
            ("1:21", "first"), ("2:9", "second"), ("3:18", "third"), ("4:18", "fourth"), ("5:13", "fifth"), ("5:44", "sixth"),
            ("6:19", "seventh"), ("7:16", "eighth"), ("8:27", "ninth"), ("9:18", "tenth"), ("10:12", "eleventh"),
            ("13:6", "twelfth")
        ] {
            let error = "Templates/demo/p.html:\(place): error: value of type"
            #expect(
                outcome.output.contains("\(error) 'P' has no member '\(name)'")
                    || outcome.output.contains("\(error) 'DemoMessages'"),
                "\(name): \(outcome.output)")
        }
        #expect(outcome.output.contains("Templates/demo/p.html:12:"))
    }

    @Test("A String in an address, and a missing struct, are errors at their place")
    func types() throws {
        let source = "{{ page P }}\n<a href=\"{{ page.title }}\">a</a>{{ page.title }}"
        let good = "struct P { var title: String }"
        let compiler = try SwiftCompiler(["p.swift": try template(source, "p.html"), "struct.swift": good])
        defer { compiler.remove() }
        #expect(
            try compiler.check().output.contains(
                "p.html:2:18: error: cannot convert value of type 'String' to expected argument type 'WebPath'"))
        let missing = try SwiftCompiler(["p.swift": try template(source, "p.html")])
        defer { missing.remove() }
        #expect(try missing.check().output.contains("p.html:1:11: error: cannot find type 'P'"))
    }

    @Test("A page with layout, slots, components, loops and messages prints what it says")
    func rendering() throws {
        let page = """
            {{ page P }}
            {{ #let n = page.items.count }}
            {{ layout app(title: t.title) }}
            <h1>{{ t.open(count: n) }}</h1>
            {{ #for item in page.items }}
              {{ #if item == "b" }}{{ #for x in [String]() }}x{{ else }}<i>none</i>{{ /for }}{{ else }}{{> badge(item) }}{{ /if }}
            {{ else }}
              <p>empty</p>
            {{ /for }}
            {{ #> card(title: "c") }}
              <a href="{{ page.path }}"{{ #if n > 2 }} class="many{{ #if n > 1 }} {{ "more" }}{{ /if }}"{{ /if }}>in</a>
              {{ #slot actions }}{{ #> card(title: "inner") }}deep{{ /> }}{{ /slot }}
            {{ /> }}
            {{ #slot foot }}{{ n }}{{ /slot }}
            """
        let card =
            "{{ component card(title: String) }}\n({{ title }}:{{ slot }}{{ #if has(actions) }}!{{ slot actions }}{{ /if }})\n"
        let compiler = try SwiftCompiler([
            "p.swift": try template(page, "p.html"), "badge.swift": try template(Self.badge, "badge.html"),
            "card.swift": try template(card, "card.html"),
            "app.swift": try template(
                "{{ component app(title: String) }}<title>{{ title }}</title>{{ slot }}|{{ slot foot }}", "app.html"),
            "messages.swift": try messages("title: {en: T, de: Ü}\n" + Self.open),
            "main.swift": """
            struct P { var items: [String]; var path = WebPath(string: "/x") }
            for page in [P(items: ["a", "b", "c"]), P(items: [])] {
                var out = HTML()
                page.render(into: &out, View(language: .de))
                print(out.string)
            }
            """
        ])
        defer { compiler.remove() }
        let output = try compiler.result().output
        #expect(
            output == """
                <title>'Ü'</title><h1>[3 offene]</h1>
                <b class="'ok'">[a]</b>
                <i>none</i>
                <b class="'ok'">[c]</b>
                ([c]:<a href="/x" class="many 'more'">in</a>!([inner]:deep))|[3]
                <title>'Ü'</title><h1>[keine]</h1>
                <p>empty</p>
                ([c]:<a href="/x">in</a>!([inner]:deep))|[0]

                """)
    }

    private static let open = """
        open:
          en: "{count, plural, =0 {none} one {# is open} other {# are open}}"
          de: "{count, plural, =0 {keine} one {eine offen} other {# offene}}"
        """

    @Test("Plurals, selects, numbers and quotes come out right in English and German")
    func plurals() throws {
        let yaml =
            Self.open + """

                one: {en: "{n, plural, =1 {exactly} one {like one} other {{n} of {n, number}}}", de: "{n, plural, one {eins} other {{n}/#}}"}
                nested:
                  who: {en: "{r, select, a {A{n, plural, one { once} other { # times}}} other {x}}", de: "{r, select, a {A {n}} other {y {n}}}"}
                  quote: {en: "It''s '{'#'}' {x}", de: "'{x}' ''{x}''"}
                """
        let compiler = try SwiftCompiler([
            "messages.swift": try messages(yaml),
            "main.swift": """
            for language in Language.allCases {
                let t = DemoMessages(language)
                print([0, 1, -1, 2, 12345].map { t.open(count: $0) }.joined(separator: ","))
                print([0, 1, -1, 1000].map { t.one(n: $0) }.joined(separator: ","))
                print(t.nested.who(r: "a", n: 1), t.nested.who(r: "a", n: 2000), t.nested.who(r: "?", n: 1), t.nested.quote(x: "X"))
            }
            """
        ])
        defer { compiler.remove() }
        let output = try compiler.result().output
        #expect(
            output == """
                none,1 is open,-1 is open,2 are open,12,345 are open
                0 of 0,exactly,like one,1000 of 1,000
                A once A 2,000 times x It's {#} X
                keine,eine offen,eine offen,2 offene,12.345 offene
                0/0,eins,eins,1000/1.000
                A 1 A 2000 y 1 {x} 'X'

                """)
    }
}
