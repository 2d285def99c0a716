import Testing

@testable import TemplateCompiler

@Suite("Whatever stands in a file, the translator answers")
struct TemplateFuzzTests {
    private static let template = """
        {{ page ListPage }}
        {{ layout app(title: t.title) }}
        {{! "comment }}
        <h1 class="a {{ x }}">{{ t.open(count: page.lines.count) }} – ü</h1>
        {{ #if let a = page.a, a > "}}" }}<p title='{{ "\\(a)}}" }}'>b</p>{{ else if c }}<br>{{ else }}<pre>{{ d }}</pre>{{ /if }}
        <table>{{ #for line in page.lines.map { $0 } }}<tr{{ #if line.x }} hidden{{ /if }}><td><a href="{{ line.path }}">
          {{> badge(line.state, tone: .ok) }}</a></td></tr>{{ else }}<tr></tr>{{ /for }}</table>
        {{ #> card(title: "x") }}<textarea>{{ e }}</textarea>{{ #slot actions }}<svg><use href="{{ f }}"/></svg>{{ /slot }}{{ /> }}
        <!-- c --><script src="{{ g }}"></script>
        """
    private static let fragments = [
        "{{", "}}", "{{ ", " }}", "#if", "/if", "#for", "else", "#>", "/>", ">", "<", "</", "\"", "'", "\"\"\"", "#\"", "\"#",
        "\\(", "\\",
        "(", ")", "{", "}", "[", "]", "<!--", "-->", "<script>", "</script>", "<textarea>", "\n", "\r", "\0", "\u{FEFF}", "=",
        "/", "//",
        " ", "é", "😀", "\u{202E}", "slot", "page ", "component ", "layout ", "!", "<p", "<!doctype", "<![CDATA["
    ]

    @Test("20,000 random changes to a valid template never crash it", .timeLimit(.minutes(3)))
    func mutations() throws {
        let original = Array(Self.template.unicodeScalars)
        #expect(TemplateCase(source: Self.template).mistakes().isEmpty)
        var random = SeededGenerator(state: 20_261_121)
        var translated = 0
        for _ in 0..<20_000 {
            var scalars = original
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.change(&scalars, &random) }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            if TemplateCase(source: String(text)).mistakes().isEmpty { translated += 1 }
        }
        #expect(translated > 100 && translated < 15_000)
    }

    private static func change(_ scalars: inout [Unicode.Scalar], _ random: inout SeededGenerator) {
        let at = Int.random(in: 0...scalars.count, using: &random)
        let length = min(Int.random(in: 0...12, using: &random), scalars.count - at)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: scalars.removeSubrange(at..<at + length)
        case 1: scalars.insert(contentsOf: (fragments.randomElement(using: &random) ?? "").unicodeScalars, at: at)
        case 2: scalars.replaceSubrange(at..<at + length, with: (fragments.randomElement(using: &random) ?? "").unicodeScalars)
        case 3:
            scalars.insert(contentsOf: Array(scalars[at..<at + length]), at: Int.random(in: 0...scalars.count, using: &random))
        default: scalars = Array(scalars[..<at])
        }
    }

    @Test("5,000 random changes to messages never crash their reader", .timeLimit(.minutes(3)))
    func messages() {
        let original = Array(MessagesTests.valid.unicodeScalars)
        let parts = [
            "{", "}", "'", "#", ",", "plural", "=0", "one", "other", "<", "&amp;", "\"", ":", "\n", " ", "- ", "*a", "&a", "é",
            "\0"
        ]
        var random = SeededGenerator(state: 7)
        for _ in 0..<5_000 {
            var scalars = original
            let at = Int.random(in: 0...scalars.count, using: &random)
            let length = min(Int.random(in: 0...6, using: &random), scalars.count - at)
            scalars.replaceSubrange(at..<at + length, with: (parts.randomElement(using: &random) ?? "").unicodeScalars)
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            _ = try? MessagesTranslator.translate(source: String(text), file: "messages.yaml", module: "Demo")
        }
    }
}

/// SplitMix64: the same numbers in every run.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
