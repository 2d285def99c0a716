import Foundation
import Testing

@testable import Tenancy

@Suite("Tenant schema")
struct TenantSchemaTests {
    private func problems(_ faults: String) -> [String] {
        TenancyFixture.problems(TenancyFixture.yaml(more: faults)).map {
            String($0.description.dropFirst("acme/tenant.yaml:".count))
        }
    }

    @Test("One run reports everything, in the order of the file")
    func everything() {
        let text = """
            name: ""
            hosts: [Acme.example, "https://x.example", 10.0.0.1, good.example, good.example]
            locales: [en, de, fr]
            timeZone: Europe/Berln
            currency: EURO
            brand: {hue: 400, colour: red, logo: ../harbour/logo.svg}
            roles:
              manager:
                title: {en: Manager}
                permissions: [fault:see_all]
              guest:
                title: {en: Guest, de: Gast}
                permissions: []

            """
        let lines = TenancyFixture.problems(text).map { "\($0.line) \($0.keyPath)" }
        #expect(
            lines == [
                "1 name", "2 hosts.1", "2 hosts.2", "2 hosts.3", "3 locales.3", "4 timeZone", "5 currency", "6 brand.hue",
                "6 brand.colour",
                "6 brand.logo", "9 roles.manager.title.de", "10 roles.manager.permissions.1", "13 roles.guest.permissions"
            ])
    }

    @Test("A permission that is nearly right is suggested")
    func suggestion() throws {
        let text = TenancyFixture.yaml().replacing("faults:see_all", with: "fault:see_all")
        let problem = try #require(TenancyFixture.problems(text).first)
        #expect(
            problem.description.hasPrefix(
                "acme/tenant.yaml:10:19: roles.manager.permissions.1: \"fault:see_all\" is not known – did you mean \"faults:see_all\"? Allowed: faults:see_own, "
            ))
        #expect(problem.allowed == TenancyFixture.permissions)
    }

    @Test("Missing keys are named where the mapping begins")
    func missing() {
        let lines = TenancyFixture.problems("name: Acme\nroles: {a: {permissions: [people:see]}}\n").map(\.description)
        #expect(
            lines == [
                "acme/tenant.yaml:1:1: hosts: is missing", "acme/tenant.yaml:1:1: locales: is missing",
                "acme/tenant.yaml:1:1: timeZone: is missing", "acme/tenant.yaml:1:1: currency: is missing",
                "acme/tenant.yaml:1:1: brand: is missing", "acme/tenant.yaml:2:12: roles.a.title: is missing"
            ])
    }

    @Test("An area's section reports by its own keys")
    func section() {
        #expect(
            problems(
                """
                faults:
                  categories:
                    plumbing: {title: {en: P, de: S}, priority: hihg, respondHours: 0}
                    9th: {title: {en: P, de: S}}
                    other: {title: {en: O, de: O, fr: A}, assign: {rule: leastBusy, role: manger}}
                    heating: {title: {en: O, de: O}, assign: {rule: member, role: manager}}

                """) == [
                    "13:49: faults.categories.plumbing.priority: \"hihg\" is not known – did you mean \"high\"? Allowed: low, normal, high, urgent",
                    "13:69: faults.categories.plumbing.respondHours: must be a whole number from 1 to 8760, in plain digits, not \"0\"",
                    "14:5: faults.categories.9th: \"9th\" is not a key: a letter, then up to 39 letters, digits or underscores",
                    "15:35: faults.categories.other.title.fr: \"fr\" is not a known key. Allowed: en, de",
                    "15:75: faults.categories.other.assign.role: \"manger\" is not one of this tenant's roles – did you mean \"manager\"? Allowed: manager",
                    "16:46: faults.categories.heating.assign.email: is missing",
                    "16:61: faults.categories.heating.assign.role: \"role\" is not a known key – did you mean \"rule\"? Allowed: rule, email"
                ])
        #expect(
            problems("faults: {categories: {a: {title: {en: A, de: A}, assign: {rule: lestBusy}}}}\n").first?.contains(
                "did you mean \"leastBusy\"") == true)
        #expect(
            problems("faults: {categories: {a: {title: {en: A, de: A}, assign: {}}}}\n") == [
                "11:58: faults.categories.a.assign.rule: is missing. Allowed: manual, leastBusy, member"
            ])
        #expect(problems("faults: []\n") == ["11:9: faults: must be a mapping (key: value), not a list"])
    }

    @Test("A file without the section gives the area's standard")
    func standard() throws {
        let tenant = try TenancyFixture.read(TenancyFixture.yaml())
        #expect(tenant[SampleFaultSettings.section].deadlineHours.urgent == 4)
        #expect(tenant[SampleFaultSettings.section].categories.isEmpty)
        #expect(tenant.features == ["photos"] && tenant.brand.chroma == 0.14)
        #expect(
            try TenancyFixture.read(TenancyFixture.yaml(more: "features: {photos: false, selfService: true}\n")).features == [
                "selfService"
            ])
    }

    @Test(
        "Offsets and abbreviations are no time zones",
        arguments: ["GMT+1", "CET", "EST", "Berlin", "Europe/berlin", "\"+01:00\"", "../../etc/passwd"])
    func zones(name: String) {
        #expect(
            TenancyFixture.problems(TenancyFixture.yaml().replacing("Europe/Berlin", with: name)).map(\.keyPath) == ["timeZone"])
    }

    @Test("A check of the area's own is refused at the value")
    func checked() {
        let even = Schema<Int>.integer(0...10).checked("even") { $0.isMultiple(of: 2) ? nil : "must be even" }
        let section = TenantSection("n", "", even, standard: 0)
        let rules = TenantRules(vocabulary: TenancyFixture.rules.vocabulary, sections: [AnyTenantSection(section)])
        #expect(throws: TenantProblems.self) {
            try TenantFolder.read(TenancyFixture.yaml(more: "n: 3\n"), slug: "acme", rules: rules)
        }
        #expect((try? TenantFolder.read(TenancyFixture.yaml(more: "n: 4\n"), slug: "acme", rules: rules))?[section] == 4)
    }

    @Test("Patterns for editors and checks of the server agree", arguments: [TextFormat.key, .email, .host, .svgFile])
    func formats(format: TextFormat) throws {
        let pattern = try NSRegularExpression(pattern: format.pattern)
        let parts = [
            "a", "Z", "9", "_", "-", ".", "@", "..", "a.b", ".svg", "10", "x@y", "é", " ", String(repeating: "a", count: 59), ""
        ]
        var random = SeededNumbers(seed: 7)
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
            let matches = pattern.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
            #expect(matches == format.matches(text), "\(text)")
        }
    }

    @Test("JSON Schema is printed from the same definition")
    func jsonSchema() throws {
        let text = JSONSchema.print(TenancyFixture.rules)
        let schema = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect((schema["required"] as? [String]) == ["name", "hosts", "locales", "timeZone", "currency", "brand", "roles"])
        for part in [
            #""const": "leastBusy""#, #""default": "normal""#, #""faults:see_own""#, #""default": 0.14"#, #""maximum": 8760"#
        ] {
            #expect(text.contains(part))
        }
    }

    @Test("5,000 damaged files are read or refused, never more", .timeLimit(.minutes(2)))
    func fuzz() throws {
        let folder = TenancyFixture.demo + "/lindenhof/"
        let original = try Array(Data(contentsOf: URL(filePath: folder + "tenant.yaml")))
        let logo = try Array(Data(contentsOf: URL(filePath: folder + "logo.svg")))
        var random = SeededNumbers(seed: 49)
        var refused = 0
        for _ in 0..<5_000 {
            let bytes = damaged(original, &random)
            do {
                _ = try TenantFile.decode(bytes, slug: "x", file: "x/tenant.yaml", rules: TenancyFixture.rules) { _ in logo }
            } catch {
                refused += 1
                let lines = bytes.count { $0 == 0x0A } + 1
                #expect(error.problems.allSatisfy { $0.line >= 1 && $0.line <= lines + 1 && $0.column >= 1 })
                #expect(!error.problems.isEmpty)
            }
        }
        #expect(refused > 2_500)
    }

    private func damaged(_ bytes: [UInt8], _ random: inout SeededNumbers) -> [UInt8] {
        var bytes = bytes
        let marks: [[UInt8]] = [
            "&a ", "*a", "!!x ", "{", "}", "[", "]", ": ", "- ", "\n", "  ", "|", ">", "\"", "'", "#", "? ", "---\n", "%", "<<: ",
            "\u{0}", "no", "1e3"
        ].map { Array($0.utf8) }
        for _ in 0...Int.random(in: 0...3, using: &random) {
            guard !bytes.isEmpty else { break }
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0...4, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
            case 2: bytes.insert(contentsOf: marks.randomElement(using: &random) ?? [], at: at)
            case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + Int.random(in: 1...200, using: &random))], at: at)
            default: bytes.removeLast(bytes.count - at)
            }
        }
        return bytes
    }
}

/// The same numbers in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
