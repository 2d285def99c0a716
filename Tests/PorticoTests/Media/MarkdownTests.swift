import Foundation
import HTML
import Markdown
import Testing

@Suite struct MarkdownTests {
    static let pages: [(String, String)] = [
        ("Water *drips* from **the** `tap`.", "<p>Water <em>drips</em> from <strong>the</strong> <code>tap</code>.</p>\n"),
        ("one\ntwo  \nthree", "<p>one<br>\ntwo<br>\nthree</p>\n"),
        ("# Kitchen\n###### deep", "<h3>Kitchen</h3>\n<h6>deep</h6>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a\n\n4. b", "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("```swift\na < b\n```", "<pre><code>a &lt; b\n</code></pre>\n"),
        ("---", "<hr>\n"),
        (
            "[site](https://example.org/?a=1&b=2)",
            "<p><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"nofollow noopener noreferrer\">site</a></p>\n"
        ),
        ("[call](tel:+4930123)", "<p><a href=\"tel:+4930123\" rel=\"nofollow noopener noreferrer\">call</a></p>\n"),
        (
            "![plan](https://example.org/p.png)",
            "<p><a href=\"https://example.org/p.png\" rel=\"nofollow noopener noreferrer\">plan</a></p>\n"
        ),
        (
            "[![plan](https://a.example/p.png)](https://b.example/)",
            "<p><a href=\"https://b.example/\" rel=\"nofollow noopener noreferrer\">plan</a></p>\n"
        ),
        ("", "")
    ]

    @Test("CommonMark becomes the allowed elements", arguments: pages)
    func elements(_ source: String, _ markup: String) {
        #expect(Markdown.html(source).string == markup)
    }

    static let hostile: [String] = [
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](\u{1}javascript:alert(1))", "[x](java\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))", "[x](vbscript:x)", "[x](data:text/html;base64,PHNjcmlwdD4=)", "<javascript:alert(1)>",
        "[x](//evil.example)",
        "![x](data:image/svg+xml;base64,AAAA)", "![x](javascript:alert(1))", "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "<div onclick=\"x\">\n\ntext", "[x]: javascript:alert(1)\n[x]", "[x](https://a.example/\"onmouseover=\"alert(1))",
        "[x](https://user:pass@evil.example)", "<a href=\"javascript:x\">y</a>", "```\"><img onerror=x>\n<svg/onload=x>\n```",
        "`<svg/onload=x>`",
        "# <script>x</script>", "<!-- --><iframe src=x>", "[a<b onx=y>](https://a.example '\"><img src=x>')",
        "<https://a.example/\"onclick=x>"
    ]

    @Test("T34 javascript: links, data: images, raw HTML and broken attributes give text, never code", arguments: hostile)
    func safe(_ source: String) {
        let markup = Markdown.html(source).string
        let tags = markup.split(separator: "<").dropFirst(markup.hasPrefix("<") ? 0 : 1).map { $0.prefix { $0 != ">" } }
        let allowed = [
            "p", "br", "hr", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6", "a"
        ]
        for tag in tags {
            let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
            #expect(allowed.contains(String(name)), "\(tag)")
            if name == "a", !tag.hasPrefix("/") {
                let parts = tag.split(separator: "\"", omittingEmptySubsequences: false)
                #expect(parts.count == 5 && parts[0] == "a href=" && parts[1].hasPrefix("http") && parts[2] == " rel=", "\(tag)")
            } else {
                #expect(!tag.contains(" "), "\(tag)")
            }
        }
    }

    static let large: [(String, String)] = [
        ("1 MB of *", String(repeating: "*", count: 1 << 20)), ("1 MB of * a", String(repeating: "*a ", count: 350_000)),
        ("lists 10,000 deep", String(repeating: "- ", count: 10_000) + "x"),
        ("quotes 10,000 deep", String(repeating: ">", count: 10_000) + "x"),
        ("5,000 tables", String(repeating: "|a|b|\n|-|-|\n|1|2|\n\n", count: 5000)),
        ("brackets", String(repeating: "[", count: 50_000)),
        ("images", String(repeating: "![l", count: 16_000)), ("emphasis", String(repeating: "*a _b ", count: 10_000)),
        ("links", String(repeating: "[a](<b", count: 10_000)),
        ("backticks", (1...300).map { String(repeating: "`", count: $0) }.joined(separator: " ")),
        ("entities", String(repeating: "&", count: 60_000)), ("open tags", String(repeating: "<!A ", count: 15_000)),
        (
            "references",
            "[a]: https://e.example/" + String(repeating: "x", count: 20_000) + "\n" + String(repeating: "[a]", count: 14_000)
        ),
        ("comments", String(repeating: "<!--", count: 16_000)), ("autolinks", String(repeating: "<a@b", count: 16_000))
    ]

    @Test("T34 lists 10,000 deep, 1 MB of *, 5,000 tables and the like: under 200 ms and not much larger", arguments: large)
    func linear(_ name: String, _ source: String) {
        var markup = ""
        let time = ContinuousClock().measure { markup = Markdown.html(source).string }
        // Ten times the release build's limit: a debug build on a busy machine.
        #expect(time < .seconds(2), "\(name) \(time)")
        #expect(markup.utf8.count < source.utf8.count * 12 + 1000, "\(name)")
    }

    @Test("depth is cut, words are not")
    func depth() {
        let markup = Markdown.html(String(repeating: "> ", count: 1000) + "still here").string
        #expect(markup.contains("still here"))
        #expect(markup.split(separator: "<blockquote>").count <= 30)
        #expect(markup.components(separatedBy: "<blockquote>").count == markup.components(separatedBy: "</blockquote>").count)
    }

    @Test("the excerpt has the words alone, cut between words")
    func excerpt() {
        let source = "# Tap\n\nWater **drips** from\nthe [tap](https://a.example)."
        #expect(Markdown.excerpt(source) == "Tap Water drips from the tap.")
        #expect(Markdown.excerpt("one two three four", length: 12) == "one two…")
        #expect(Markdown.excerpt("- a\n- b") == "a b")
        #expect(Markdown.excerpt(String(repeating: "x", count: 1 << 20), length: 10) == "xxxxxxxxx…")
        #expect(Markdown.excerpt("") == "")
    }

    @Test("T73 mutated texts: always balanced markup, never a trap")
    func fuzz() {
        var random = SeededRandom(state: 5)
        let seed = Array(
            "# T\n\n- a *b* [c](https://e.example) `d`\n> q\n\n1. x\n```\ny\n```\n<b>z</b> ![i](https://e.example/i)".utf8)
        let dislikes = [
            "*", "**", "[", "](", "`", "```", "\n\n", "    ", "> ", "- ", "<", "&#", "\\", "\u{0}", "![", "javascript:"
        ].map { Array($0.utf8) }
        for _ in 0..<Fuzz.rounds {
            let markup = Markdown.html(String(decoding: random.mutated(seed, with: dislikes), as: UTF8.self)).string
            let opened = markup.utf8.count { $0 == UInt8(ascii: "<") }
            #expect(opened == markup.utf8.count { $0 == UInt8(ascii: ">") })
        }
    }
}
