import Testing

@testable import TemplateCompiler

@Suite("A value is escaped for the place it stands in, or refused")
struct TemplateContextTests {
    @Test(
        "Each place has its own method, which decides what types may stand there",
        arguments: [
            ("<p>{{ x }}</p>", ".text(x)"),
            ("<p title=\"{{ x }}\"></p>", ".attribute(x)"),
            ("<p title='{{ x }}'></p>", ".attribute(x)"),
            ("<p class=\"a {{ x }} b\"></p>", ".attribute(x)"),
            ("<title>{{ x }}</title>", ".attribute(x)"),
            ("<textarea>{{ x }}</textarea>", ".attribute(x)"),
            ("<a href=\"{{ x }}\">a</a>", ".url(x)"),
            ("<a HREF=\"{{ x }}\">a</a>", ".url(x)"),
            ("<img src='{{ x }}' alt=\"\">", ".url(x)"),
            ("<form action=\"{{ x }}\"></form>", ".url(x)"),
            ("<button formaction=\"{{ x }}\">a</button>", ".url(x)"),
            ("<video poster=\"{{ x }}\"></video>", ".url(x)"),
            ("<blockquote cite=\"{{ x }}\"></blockquote>", ".url(x)"),
            ("<script src=\"{{ x }}\"></script>", ".path(x)"),
            ("<iframe src=\"{{ x }}\"></iframe>", ".path(x)"),
            ("<object data=\"{{ x }}\"></object>", ".path(x)"),
            ("<svg><use href=\"{{ x }}\"/></svg>", ".path(x)"),
            ("<svg><use xlink:href=\"{{ x }}\"/></svg>", ".path(x)"),
            ("<img srcset=\"{{ x }} 1x, {{ y }} 2x\" alt=\"\">", ".path(x)"),
            ("<p data-href=\"{{ x }}\"></p>", ".attribute(x)"),
            ("<svg><path d=\"{{ x }}\"/></svg>", ".attribute(x)"),
            ("<p>a</p>{{ #if x }}<b>{{ x }}</b>{{ /if }}", ".text(x)"),
            ("<p class=\"a{{ #if b }} {{ x }}{{ /if }}\"></p>", ".attribute(x)")
        ])
    func place(_ body: String, _ call: String) throws {
        // Indented, so that the call fits in front of the value and stays in one piece.
        #expect(try TemplateCase.page("            " + body).swift().contains(call))
    }

    @Test(
        "Where escaping cannot help, a value is refused and the message says what to do",
        arguments: [
            ("<a href={{ x }}>a</a>", "2:12", "stands in quotes"),
            ("<a href=/faults>a</a>", "2:9", "stands in quotes"),
            ("<{{ x }}>", "2:1", "an element's name"),
            ("<h{{ x }}>", "2:6", "an element's name"),
            ("</{{ x }}>", "2:1", "an element's name"),
            ("<p {{ x }}></p>", "2:7", "an attribute's name"),
            ("<p data-{{ x }}=\"\"></p>", "2:12", "an attribute's name"),
            ("<p class{{ x }}></p>", "2:12", "an attribute's name"),
            ("<p class {{ x }}></p>", "2:13", "an attribute's name"),
            ("<!-- {{ x }} -->", "2:1", "HTML comment"),
            ("<script>{{ x }}</script>", "2:12", "data-"),
            ("<style>{{ x }}</style>", "2:11", "data-"),
            ("<script>alert(1)</script>", "2:9", "module under Public/"),
            ("<style>p{}</style>", "2:8", "stylesheet"),
            ("<p style=\"color:{{ x }}\"></p>", "2:4", "use a class"),
            ("<p STYLE=\"\"></p>", "2:4", "use a class"),
            ("<p onclick=\"{{ x }}\"></p>", "2:4", "data-"),
            ("<p OnClick=\"f()\"></p>", "2:4", "data-"),
            ("<iframe srcdoc=\"{{ x }}\"></iframe>", "2:9", "WebPath"),
            ("<a href=\"/a/{{ x }}\">a</a>", "2:16", "whole value"),
            ("<a href=\"{{ x }}/b\">a</a>", "2:17", "whole value"),
            ("<a href=\"{{ x }}{{ y }}\">a</a>", "2:20", "whole value"),
            ("<a href=\"{{ #if x }}/a{{ /if }}\">a</a>", "2:10", "whole value"),
            ("<a href=\"java\nscript:x\">a</a>", "2:4", "blocked"),
            ("<a href=\" JavaScript:x\">a</a>", "2:4", "blocked"),
            ("<meta http-equiv=\"refresh\" content=\"{{ x }}\">", "2:40", "literally"),
            ("<base href=\"{{ x }}\">", "2:16", "literally"),
            ("<svg><animate attributeName=\"href\" to=\"{{ x }}\"/></svg>", "2:6", "refused"),
            ("<plaintext>", "2:1", "refused"),
            ("{{{ x }}}", "2:3", "SafeHTML"),
            ("{{& x }}", "2:3", "SafeHTML"),
            ("<title>{{> badge() }}</title>", "2:8", "prints elements"),
            ("<p title=\"{{> badge() }}\"></p>", "2:11", "prints elements"),
            ("<p {{> badge() }}></p>", "2:4", "prints elements"),
            ("<textarea></{{ x }}textarea></textarea>", "2:11", "without markup"),
            ("<textarea><b></textarea>", "2:11", "without markup"),
            ("<!{{ x }}>", "2:1", "doctype"),
            ("<![CDATA[{{ x }}]]>", "2:1", "doctype"),
            ("<?php {{ x }} ?>", "2:1", "&lt;")
        ])
    func refused(_ body: String, _ place: String, _ words: String) {
        expectMistake(body, at: place, says: words)
    }

    @Test("A first line end after <textarea> and <pre> is kept, because browsers drop one")
    func firstLineEnd() throws {
        #expect(try TemplateCase.page("<textarea>{{ x }}</textarea>").markup() == "<textarea>\n</textarea>")
        #expect(try TemplateCase.page("<pre>{{ x }}</pre>").markup() == "<pre>\n</pre>")
    }

    @Test("Several wrong values are reported in one run")
    func several() {
        let mistakes = TemplateCase.page("<a href=\"/a{{ x }}\">a</a>\n<a href=\"/b{{ y }}\">b</a>").mistakes()
        #expect(mistakes.map { $0.prefix(5) } == ["2:15:", "3:15:"])
    }
}
