import HTML
import Testing

@Suite("Addresses keep hostile input where it belongs")
struct WebPathTests {
    private enum Sort: String { case newest = "new est" }

    @Test(
        "An interpolated value is one path segment, whatever it holds",
        arguments: [
            ("a/b?c#d&e=f g", "/x/a%2Fb%3Fc%23d%26e%3Df%20g/y"), ("\r\nSet-Cookie: a=b", "/x/%0D%0ASet-Cookie%3A%20a%3Db/y"),
            ("\"'<>", "/x/%22%27%3C%3E/y"), ("\\evil", "/x/%5Cevil/y"), ("ä€", "/x/%C3%A4%E2%82%AC/y"), ("\u{0}", "/x/%00/y"),
            ("..", "/x/%252E%252E/y"), (".", "/x/%252E/y"), ("...", "/x/.../y"), ("%2e%2e", "/x/%252e%252e/y"), ("", "/x//y")
        ])
    func segment(_ value: String, _ expected: String) {
        let path: WebPath = "/x/\(value)/y"
        #expect(path.string == expected)
    }

    @Test("Two dots from two values are no way up either")
    func dots() {
        let dot = "."
        let path: WebPath = "/a/\(dot)\(dot)/b?c=\("..")"
        #expect(path.string == "/a/%252E%252E/b?c=..")
    }

    @Test("A path begins with exactly one slash", arguments: ["", "/evil.com", "\\evil.com", "//evil.com"])
    func oneSlash(_ value: String) {
        let paths: [WebPath] = ["\(value)", "/\(value)", "/\(value)/evil.com", "//\(value)", "\\\(value)", "///\(value)/a"]
        for path in paths {
            #expect(path.string.hasPrefix("/") && !path.string.hasPrefix("//") && !path.string.contains("\\"), "\(path)")
        }
    }

    @Test("Numbers, enums and paths interpolate")
    func types() {
        let base: WebPath = "/faults/\(12)"
        let path: WebPath = "\(base)/photos?sort=\(Sort.newest)"
        #expect(path.string == "/faults/12/photos?sort=new%20est")
        #expect(("/" as WebPath).string == "/")
    }

    @Test("A query is added before the fragment and after an earlier query")
    func query() {
        let path: WebPath = "/a?b=1#c"
        #expect(path.adding(query: [("x y", "1&2"), ("z", "")]).string == "/a?b=1&x%20y=1%262&z=#c")
        #expect(("/a" as WebPath).adding(query: []).string == "/a")
        #expect(path.at(fragment: "é\"").string == "/a?b=1#%C3%A9%22")
    }

    @Test(
        "An outside path is taken only as a path of this site",
        arguments: [
            "", "a", "//evil", "/\\evil", "\\\\evil", "https://evil", "javascript:alert(1)", "/a b", "/a\r\nb", "/a%0d%0ab",
            "/a%00", "/a%",
            "/a%zz", "/\t/evil", "/ä", "/a\"", "/<a>", "/a\u{7F}", "/" + String(repeating: "a", count: 9000)
        ])
    func outsideRefused(_ value: String) {
        #expect(WebPath(value) == nil)
    }

    @Test(
        "An ordinary outside path stays as it is",
        arguments: ["/", "/faults/12", "/a?b=c&d=%20e#f", "/a/./b".replacing("/./", with: "/x/")])
    func outsideTaken(_ value: String) {
        #expect(WebPath(value)?.string == value)
    }

    @Test(
        "An address with another scheme or a disguise is refused",
        arguments: [
            "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:x", "about:blank",
            "//evil.com",
            "/\\evil.com", "\\\\evil.com", "http:evil.com", "http:/evil.com", "https://", "https://user:password@host/",
            "https://a@b",
            "https://:80", "mailto:", "mailto:a%0d%0aBcc:b", "https://a/%00", "https://a/\u{202E}gpj", "https://a b",
            "https://a/%", "x:y", ":",
            "https://a/\u{200B}", "ftp://a", "http://a\"onclick=\"b", "tel://1"
        ])
    func unsafe(_ value: String) {
        #expect(SafeURL(value) == nil)
    }

    @Test(
        "An ordinary address is taken as it is",
        arguments: [
            "/faults/12", "faults/12", "#top", "?page=2", "../up", "https://example.com", "HTTP://example.com:8080/a?b=c:d#e",
            "mailto:a@b.c",
            "tel:+4930123", "/a:b", "?a=b:c", "https://example.com/@user", "https://müller.example/ä"
        ])
    func safe(_ value: String) {
        #expect(SafeURL(value)?.string == value)
    }
}
