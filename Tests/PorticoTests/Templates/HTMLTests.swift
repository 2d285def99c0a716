import HTML
import Testing

@Suite("What pages write")
struct HTMLTests {
    private func text(_ value: String) -> String {
        var out = HTML()
        out.text(value)
        return out.string
    }

    @Test(
        "Text is escaped",
        arguments: [
            ("", ""), ("plain", "plain"), ("<script>alert('1')</script>", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"),
            ("\"&\"", "&#34;&amp;&#34;"), ("&amp;", "&amp;amp;"), ("ä€😀 §°", "ä€😀 §°"), ("<", "&lt;"), ("a<", "a&lt;"),
            ("<a", "&lt;a"),
            ("a\u{0}b", "a\u{FFFD}b"), ("\u{1B}[31m", "\u{FFFD}[31m"), ("\u{7F}", "\u{FFFD}"),
            ("\u{85}\u{9F}\u{A0}", "\u{FFFD}\u{FFFD}\u{A0}"),
            ("a\tb\r\nc", "a\tb\r\nc"), ("e\u{301}<", "e\u{301}&lt;"), ("\u{A7}", "\u{A7}")
        ])
    func escaping(_ value: String, _ expected: String) {
        #expect(text(value) == expected)
        var out = HTML()
        out.attribute(value)
        out.text(("x" + value).dropFirst())
        #expect(out.string == expected + expected)
    }

    @Test("Long values and many writes grow the page", arguments: [0, 1, 64, 8192])
    func growth(_ capacity: Int) {
        var out = HTML(capacity: capacity)
        let value = String(repeating: "<ä", count: 5000)
        for _ in 0..<20 { out.text(value) }
        out.raw("<end>")
        #expect(out.string == String(repeating: "&lt;ä", count: 100_000) + "<end>")
        #expect(out.buffer.readableBytes == out.string.utf8.count)
    }

    @Test("A copy of a page goes its own way")
    func copies() {
        var first = HTML()
        first.raw("a")
        var second = first
        first.raw("b")
        second.text("c")
        #expect(first.string == "ab" && second.string == "ac")
        let bytes = first.buffer
        first.raw("c")
        #expect(String(buffer: bytes) == "ab" && first.string == "abc")
    }

    @Test("Numbers are written in decimal", arguments: [0, 1, -1, 9, 10, -10, 99, 100, 12345, Int.max, Int.min])
    func numbers(_ value: Int) {
        var out = HTML()
        out.text(value)
        out.raw(" ")
        out.attribute(Int64(value))
        #expect(out.string == "\(value) \(value)")
    }

    @Test("nil prints nothing, SafeHTML prints as it is")
    func optional() {
        var out = HTML()
        out.text(nil as String?)
        out.attribute(nil as String?)
        out.text(nil as SafeHTML?)
        out.text(SafeHTML { $0.raw("<b>") } + SafeHTML(escaping: "<i>"))
        #expect(out.string == "<b>&lt;i&gt;")
    }

    @Test("Addresses are escaped in their attribute")
    func addresses() throws {
        var out = HTML()
        out.url("/a".adding("x", "1"))
        out.raw(" ")
        out.url(try #require(SafeURL("https://example.com/?a=1&b='2'")))
        #expect(out.string == "/a?x=1&amp;y=%26 https://example.com/?a=1&amp;b=&#39;2&#39;")
    }

    @Test("Whole numbers have the language's thousands separator")
    func grouping() {
        #expect(
            [0, 999, 1000, 1_234_567, -1000, -999, Int.min].map(Language.en.number) == [
                "0", "999", "1,000", "1,234,567", "-1,000", "-999", "-9,223,372,036,854,775,808"
            ])
        #expect(Language.de.number(1_234_567) == "1.234.567")
    }
}

extension String {
    /// A path with one query value that needs escaping.
    fileprivate func adding(_ name: String, _ value: String) -> WebPath {
        (WebPath(self) ?? "/").adding(query: [(name, value), ("y", "&")])
    }
}
