import Foundation
import Testing

@testable import portico

@Suite("Hostile configuration")
struct HostileConfigurationTests {
    /// What it is, what is done to a right file, and where the error must point; nil for the first line of what was added.
    static let attacks: [(String, @Sendable (String) -> String)] = [
        ("an alias", { $0.replacing("chroma: 0.12", with: "chroma: *a") }),
        ("an anchor", { $0.replacing("chroma: 0.12", with: "chroma: &a 0.12") }),
        ("a bomb", { $0 + "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n" }),
        ("a merge key", { $0.replacing("brand:", with: "brand:\n  <<: {hue: 1}") }),
        ("a key twice", { $0 + "currency: EUR\n" }),
        ("a tag", { $0.replacing("hue: 150", with: "hue: !!binary MTUw") }),
        ("a thousand levels", { $0 + "deep: " + String(repeating: "[", count: 1_000) }),
        ("a long scalar", { $0 + "long: " + String(repeating: "x", count: 200_000) + "\n" }),
        ("a NUL", { $0 + "nul: \"\0\"\n" }),
        ("a byte-order mark", { "\u{FEFF}" + $0 }),
        ("CRLF", { $0.replacing("\n", with: "\r\n") }),
        ("no", { $0.replacing("visitorReports: false", with: "x").replacing("staff: true", with: "staff: no") }),
        ("1e3", { $0.replacing("urgent: 4", with: "urgent: 1e3") }),
        ("0x1F", { $0.replacing("urgent: 4", with: "urgent: 0x1F") }),
        ("an unknown key", { $0 + "surprise: 1\n" }),
        ("another tenant's key", { $0 + "tenants: {harbour: {name: x}}\n" }),
        ("a second document", { $0 + "---\nname: x\n" }),
        ("a direction mark", { $0.replacing("Lindenhof Haus", with: "Lindenhof \u{202E}Haus") }),
        ("a file that ends in the middle of a role", { $0.components(separatedBy: "permissions:").first ?? "" }),
        ("nothing", { _ in "" }),
        ("a secret", { $0 + "# note: sk_live_4eC39HqLyjWDarjtT1zdp7dc\n" }),
        ("a picture outside", { $0.replacing("logo: logo.svg", with: "logo: ../harbour/logo.svg") })
    ]

    @Test("T49 YAML that is a bomb or a trick changes nothing, and the error names the line", arguments: attacks.indices)
    func hostile(index: Int) async throws {
        let (what, attack) = Self.attacks[index]
        let house = try await ConfigurationHouse.fresh()
        let before = try house.yaml
        let revision = try house.live.configuration.revision
        let answer = try await house.publish(attack(before))
        #expect([400, 413].contains(answer.status), "\(what): \(answer.status)")
        // A program cannot even send that one: JSON itself is refused.
        if answer.status == 400, what != "a NUL" {
            #expect(answer.text.contains(#/tenant\.yaml:\d+:\d+: /#), "\(what): \(answer.text)")
        }
        #expect(!answer.text.contains("4eC39HqLyjWDarjtT1zdp7dc"), "an error repeats a secret")
        #expect(try house.yaml == before)
        #expect(try house.live.configuration.revision == revision)
        #expect(try await house.versions().isEmpty)
    }

    @Test("T49 a host of another company stays theirs, and one that nobody has is not taken")
    func hosts() async throws {
        let (house, other) = (try await ConfigurationHouse.fresh(), try await ConfigurationHouse.fresh())
        let text = try house.yaml
        let mine = "  - \(house.company.host)\n"
        for host in [other.company.host, "nobody.example"] {
            let answer = try await house.publish(text.replacing(mine, with: mine + "  - \(host)\n"))
            #expect(answer.status == 400)
            #expect(answer.text.contains(host))
        }
        #expect(house.company.app.tenants.lookup(host: other.company.host)?.id == other.company.tenant.id)
    }

    @Test("Nobody locks out themselves or everybody")
    func lockOut() async throws {
        let house = try await ConfigurationHouse.fresh()
        let text = try house.yaml
        let none = try await house.publish(text.replacing("      - configuration:publish\n", with: ""))
        #expect(none.status == 400)
        #expect(none.text.contains("configuration:publish"))
        // Somebody else would have it; whoever publishes would not.
        let moved = text.replacing("      - configuration:see\n      - configuration:publish\n", with: "")
            .replacing(
                "      - delegations:see\n      - reports:see\n\n",
                with: "      - configuration:see\n      - configuration:publish\n\n")
        #expect(moved.contains("configuration:publish"))
        let mine = try await house.publish(moved)
        #expect(mine.status == 400)
        #expect(try await house.publish(text.replacing("  - \(house.company.host)\n", with: "")).status == 400)
        #expect(try house.yaml == text)
    }

    @Test(
        "A file that is none of a configuration is neither read nor written",
        arguments: [
            "../lindenhof/tenant.yaml", "/etc/passwd", "notices/../../x.mustache", ".published", "README", "notices/.x.mustache"
        ])
    func names(name: String) async throws {
        let house = try await ConfigurationHouse.fresh()
        #expect(try await house.admin.api(.get, "/admin/configuration/text?file=\(TestMember.encode(name))").status == 404)
        let answer = try await house.admin.api(
            .post, "/admin/configuration/publications",
            try ConfigurationHouse.json(["files": [["name": name, "text": "x"]], "base": "x", "reason": "r"]))
        #expect(answer.status == 400)
    }

    @Test("T50 twenty admins save at once: one wins, the others get 409, and the file is the winner's")
    func race() async throws {
        let house = try await ConfigurationHouse.fresh()
        let (text, base) = (try house.yaml, try await house.base())
        let answers = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for number in 1...20 {
                group.addTask {
                    let wish = text.replacing("hue: 150", with: "hue: \(number)")
                    return (number, try await house.publish(wish, base: base).status)
                }
            }
            var all: [(Int, Int)] = []
            for try await one in group { all.append(one) }
            return all
        }
        let winners = answers.filter { $0.1 == 201 }
        #expect(winners.count == 1, "\(answers)")
        #expect(answers.filter { $0.1 == 409 }.count == 19, "\(answers)")
        #expect(try house.yaml == text.replacing("hue: 150", with: "hue: \(winners.first?.0 ?? 0)"))
        #expect(try house.live.brand.hue == Double(winners.first?.0 ?? 0))
        #expect(try await house.versions().count == 2)
    }
}
