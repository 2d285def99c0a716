import Testing

@testable import Tenancy

/// T49 of the security guide, case by case: every refusal names its line.
@Suite("T49: hostile YAML")
struct TenantYAMLTests {
    private func first(_ text: String) throws -> TenantProblem { try #require(TenancyFixture.problems(text).first) }

    private let base = TenancyFixture.yaml()

    @Test("T49: the file without hostility is right")
    func good() { #expect(TenancyFixture.problems(base) == []) }

    @Test("T49: anchors and aliases are refused where they stand")
    func anchors() throws {
        let anchor = try first(base.replacing("[en, de]", with: "&l [en, de]"))
        #expect((anchor.line, anchor.column, anchor.keyPath) == (3, 10, "locales"))
        #expect(anchor.message.hasPrefix("anchors (&l)"))
        let alias = try first(base.replacing("Acme", with: "*l"))
        #expect((alias.line, alias.message.hasPrefix("aliases (*l)")) == (1, true))
    }

    @Test("T49: a bomb of aliases is refused at its first anchor and expands nothing", .timeLimit(.minutes(1)))
    func bomb() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...40 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
        }
        #expect(try first(text).line == 1)
        #expect(try first("? &a [x, x]\n: 1\n? [*a, *a]\n: 2\n").message.hasPrefix("anchors"))
    }

    @Test("T49: merge keys are refused")
    func merge() throws {
        let problem = try first(base + "<<: {currency: USD}\n")
        #expect((problem.line, problem.message.hasPrefix("merge keys")) == (11, true))
    }

    @Test("T49: a key that stands twice is refused at the second place")
    func duplicates() throws {
        let problem = try first(base + "currency: GBP\n")
        #expect((problem.line, problem.column, problem.keyPath) == (11, 1, "currency"))
        #expect(problem.message.contains("first in line 5"))
        #expect(try first(base.replacing("{hue: 150}", with: "{hue: 150, \"hue\": 151}")).keyPath == "brand.hue")
    }

    @Test("T49: tags are refused", arguments: ["!!binary QQ==", "!!str x", "!x y", "!!python/object:os.system x", "!<tag:x> y"])
    func tags(value: String) throws {
        let problem = try first(base.replacing("Acme", with: value))
        #expect((problem.line, problem.keyPath, problem.message.hasPrefix("tags (")) == (1, "name", true))
    }

    @Test("T49: directives and further documents are refused")
    func documents() throws {
        #expect(try first("%YAML 1.1\n---\n" + base).message.contains("directives"))
        let second = try first(base + "---\nname: Other\n")
        #expect((second.line, second.message.hasPrefix("only one document")) == (11, true))
        #expect(try first("").message == "the file is empty")
    }

    @Test("T49: 1,000 levels are refused at the 33rd", arguments: [true, false])
    func depth(flow: Bool) throws {
        var text = "name: " + String(repeating: "[", count: 1000)
        if !flow {
            text = ""
            for level in 0..<300 { text += String(repeating: " ", count: level) + "a:\n" }
        }
        let problem = try first(text)
        #expect(problem.message == "nested deeper than 32 levels")
        #expect(problem.line == (flow ? 1 : 33))
    }

    @Test("T49: a scalar of 1 MB is refused")
    func size() throws {
        #expect(
            try first("name: Acme\ntext: " + String(repeating: "x", count: 1 << 20)).message == "the file is larger than 256 KiB")
        #expect(try first("name: Acme\ntext: " + String(repeating: "x", count: 1 << 20)).line == 2)
    }

    @Test(
        "T49: invisible bytes are refused with their line",
        arguments: [
            ("\0", "contains a NUL byte"), ("\u{7}", "contains a control character (U+0007)"),
            ("\t", "contains a tab: indent with spaces"),
            ("\u{202E}", "contains an invisible direction mark (U+202E)"),
            ("\u{2028}", "contains an invisible line separator (U+2028)"),
            ("\u{85}", "contains an invisible line separator (U+0085)"), ("\u{FEFF}", "contains an invisible character (U+FEFF)")
        ])
    func invisible(character: String, message: String) throws {
        let problem = try first(base.replacing("EUR", with: "EU\(character)R"))
        #expect((problem.line, problem.column, problem.message) == (5, 13, message))
    }

    @Test("T49: NUL by escape is refused in the text it would end up in")
    func escapedNUL() throws {
        let problem = try first(base.replacing("Acme", with: "\"a\\0b\""))
        #expect((problem.line, problem.message) == (1, "must be one line without control characters"))
    }

    @Test("T49: a byte-order mark is refused")
    func bom() throws {
        #expect(try first("\u{FEFF}" + base).message.contains("byte-order mark"))
    }

    @Test("T49: CRLF is refused in the first line that has it")
    func carriageReturn() throws {
        #expect(try first(base.replacing("\n", with: "\r\n")).message.contains("LF line ends"))
        #expect(try first(base.replacing("EUR\n", with: "EUR\r\n")).line == 5)
    }

    @Test("T49: bytes that are not UTF-8 are refused with their line")
    func encoding() {
        let bytes = Array("name: A\nhosts: ".utf8) + [0xC3, 0x28, 0x0A]
        #expect(throws: TenantProblem.self) { try SourceText.read(bytes, file: "x") }
        do {
            _ = try SourceText.read(bytes, file: "x")
        } catch {
            #expect(error.description == "x:2:8: is not UTF-8 here: save the file as UTF-8")
        }
    }

    @Test(
        "T49: text that others read as something else needs quotes",
        arguments: ["no", "yes", "on", "null", "~", "1e3", "0x1F", "12", "-.5", "1_000", "0o17", ".inf"])
    func ambiguous(value: String) throws {
        let problem = try first(base.replacing("Acme", with: value))
        #expect((problem.line, problem.keyPath) == (1, "name"))
        #expect(problem.message.hasSuffix("in quotes"))
        #expect(TenancyFixture.problems(base.replacing("Acme", with: "\"\(value)\"")) == [])
    }

    @Test(
        "T49: numbers are plain digits",
        arguments: [
            "1e2", "0x1F", "1_0", "+5", "007", "no", "\"150\"", "361", "-1", "1.", ".5", "1.0000000001", "[1]",
            "99999999999999999999"
        ])
    func numbers(value: String) throws {
        let problem = try first(base.replacing("150", with: value))
        #expect((problem.line, problem.keyPath) == (6, "brand.hue"))
        #expect(problem.message.hasPrefix("must be a number from 0 to 360"))
    }

    @Test("T49: switches are true or false", arguments: ["no", "yes", "on", "off", "True", "TRUE", "1", "\"true\"", "~", ""])
    func switches(value: String) throws {
        let problem = try first(base + "features: {photos: \(value)}\n")
        #expect((problem.line, problem.keyPath) == (11, "features.photos"))
        #expect(problem.message.hasPrefix("must be true or false"))
    }

    @Test("T49: an unknown key is refused with the near miss and what is allowed")
    func unknownKey() throws {
        let problem = try first(base + "curency: EUR\n")
        #expect(
            problem.description
                == "acme/tenant.yaml:11:1: curency: \"curency\" is not a known key – did you mean \"currency\"? Allowed: name, hosts, locales, timeZone, currency, brand, roles, features, faults, registration, delegations, identity, devices, messaging"
        )
    }

    @Test("T49: keys that choose a tenant are refused", arguments: ["id: 2", "slug: other", "tenantId: 2", "tenant_id: 2"])
    func otherTenant(line: String) throws {
        let problem = try first(base + line + "\n")
        #expect((problem.line, problem.message.contains("is not a known key")) == (11, true))
    }

    @Test("T49: structured and empty keys are refused")
    func keys() throws {
        #expect(try first("[a, b]: c\n").message.hasPrefix("a key must be a single word"))
        #expect(try first("{a: b}: c\n").message.hasPrefix("a key must be a single word"))
        let empty = try first("name: Acme\n\"\": c\n")
        #expect((empty.line, empty.message) == (2, "a key is missing before \":\""))
    }

    @Test("Secrets are refused and never repeated")
    func secrets() throws {
        let byKey = try first(base + "smtpPassword: hunter2hunter2\n")
        #expect(byKey.message.hasPrefix("looks like a secret") && !byKey.description.contains("hunter2"))
        let byValue = try first(base.replacing("Acme", with: "ghp_abcdefghijklmnopqrst"))
        #expect((byValue.line, byValue.description.contains("abcdef")) == (1, false))
    }

    @Test("What a file says reaches logs only escaped and shortened")
    func escaping() throws {
        let problem = try first(base.replacing("EUR", with: "\"\\e[31mred\\n\""))
        #expect(problem.description.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        let long = try first(base + String(repeating: "k", count: 500) + ": 1\n")
        #expect(long.keyPath.count < 70 && long.message.count < 100)
    }
}
