import Foundation
import Testing

@testable import Tenancy

@Suite("Logo")
struct LogoTests {
    private func svg(_ inside: String, _ attributes: String = "") -> String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"\(attributes)>\n\(inside)\n</svg>\n"
    }

    private func refused(_ text: String) -> SVG.Refusal? {
        do {
            _ = try SVG.sanitised(Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("What drawing programs leave behind is dropped, style becomes attributes, the picture stays")
    func kept() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- made by hand -->
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://x" viewBox="0 0 8 8" inkscape:version="1">
            <metadata><rdf:RDF xmlns:rdf="http://x"><a1>b</a1></rdf:RDF></metadata>
            <defs><linearGradient id="g"><stop offset="0" style="stop-color:#fff;-inkscape-x:y"/></linearGradient></defs>
            <path class="x" d="M0 0 L8 8" style="fill:url(#g); stroke:rgb(1,2,3)" transform="translate(1 2)"/>
            <text x="1">A &amp; B &#233;</text>
            </svg>
            """
        #expect(
            try SVG.sanitised(Array(text.utf8)) == """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs><path d="M0 0 L8 8" fill="url(#g)" stroke="rgb(1,2,3)" transform="translate(1 2)"/><text x="1">A &amp; B é</text></svg>

                """)
    }

    @Test("Our own writing is read as itself")
    func stable() throws {
        for slug in ["lindenhof", "harbour"] {
            let bytes = try Array(Data(contentsOf: URL(filePath: TenancyFixture.demo + "/\(slug)/logo.svg")))
            let once = try SVG.sanitised(bytes)
            #expect(try SVG.sanitised(Array(once.utf8)) == once)
        }
    }

    @Test(
        "Whatever could act, load or hide is refused in its line",
        arguments: [
            "<script>alert(1)</script>", "<g><SCRIPT href='x'/></g>", "<foreignObject><p/></foreignObject>",
            "<image href='http://x/y.png'/>",
            "<path onload='x()'/>", "<path ONCLICK='x'/>", "<use href='#a'/>", "<a href='javascript:x'><path/></a>",
            "<style>*{}</style>",
            "<path fill='url(http://x/#a)'/>", "<path style='fill:url(//x)'/>", "<path style='background:url(x)'/>",
            "<path fill='u\\72l(x)'/>",
            "<path style='fill:expression(1)'/>", "<linearGradient href='http://x#y'/>", "<linearGradient xlink:href='data:x'/>",
            "<animate attributeName='href'/>", "<set to='x'/>", "<![CDATA[x]]>", "<?php x ?>", "<!ENTITY x 'y'>", "<path d=M0/>",
            "<path d='a' d='b'/>",
            "<path d='<'/>", "<g>", "</g>", "<g></path>", "<title>&x;</title>", "<title>&#0;</title>", "hello",
            "<path id='a b'/>", "<svg:script/>",
            "<metadata><script/></metadata>", "<x:script xmlns:x='http://www.w3.org/2000/svg'/>", "<filter/>", "<feImage/>",
            "<path foo='1'/>", "<!-- x"
        ])
    func refused(inside: String) throws {
        let refusal = try #require(refused(svg(inside)))
        #expect((2...4).contains(refusal.position.line), "\(refusal)")
    }

    @Test("Document types and entity bombs are refused before anything is read")
    func doctype() throws {
        let bomb = "<!DOCTYPE svg [<!ENTITY a \"xx\"><!ENTITY b \"&a;&a;\">]>\n" + svg("<title>&b;</title>")
        #expect(try #require(refused(bomb)).message.contains("<!DOCTYPE>"))
    }

    @Test("The picture is one svg that scales, at most 64 KiB, 2,000 elements and 32 levels")
    func limits() {
        #expect(refused("") != nil && refused("<html/>") != nil && refused(svg("") + "<svg/>") != nil)
        #expect(refused("<svg viewBox='0 0 1 1'/>") != nil && refused("<svg xmlns='http://www.w3.org/2000/svg'/>") != nil)
        #expect(refused("<svg xmlns='http://evil' viewBox='0 0 1 1'/>") != nil)
        #expect(refused(svg(String(repeating: " ", count: 65 * 1024)))?.message.contains("64 KiB") == true)
        #expect(refused(svg(String(repeating: "<g/>", count: 2_000)))?.message.contains("too complex") == true)
        #expect(refused(svg(String(repeating: "<g>", count: 40)))?.message.contains("too complex") == true)
        #expect(refused(svg("<metadata>" + String(repeating: "<b>", count: 40)))?.message.contains("too complex") == true)
    }

    @Test("A logo's problem names its own file; a logo that is missing names the key")
    func places() throws {
        let text = TenancyFixture.yaml().replacing("{hue: 150}", with: "{hue: 150, logo: logo.svg}")
        #expect(
            TenancyFixture.problems(text).map(\.description) == [
                "acme/tenant.yaml:6:25: brand.logo: \"logo.svg\": the file does not exist"
            ])
        let problems = TenancyFixture.problems(text, pictures: ["logo.svg": Array(svg("<script/>").utf8)])
        #expect(
            problems.map(\.description) == [
                "acme/logo.svg:2:1: <script> is not allowed: a logo holds shapes, colours and words only"
            ])
        let good = try TenancyFixture.read(text, pictures: ["logo.svg": Array(svg("<path/>").utf8)])
        #expect(good.brand.logo?.fileName == "logo.svg")
    }

    @Test("2,000 damaged pictures are read or refused, never more", .timeLimit(.minutes(1)))
    func fuzz() throws {
        let original = try Array(Data(contentsOf: URL(filePath: TenancyFixture.demo + "/lindenhof/logo.svg")))
        var random = SeededNumbers(seed: 5)
        for _ in 0..<2_000 {
            var bytes = original
            for _ in 0...2 {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                bytes[at] = Array("<>&\"'=/!?#;() x\0".utf8).randomElement(using: &random) ?? 0
            }
            if let once = try? SVG.sanitised(bytes) { #expect(try SVG.sanitised(Array(once.utf8)) == once) }
        }
    }
}
