import Foundation
import Testing

@testable import Setup
@testable import portico

@Suite("Two administrators at once")
struct ConfigurationMergeTests {
    private func send(_ house: ConfigurationHouse, _ text: String, _ base: String) async throws -> TestAnswer {
        try await house.admin.post(
            "/admin/configuration/text", [("file", "tenant.yaml"), ("text", text), ("base", base), ("reason", "Mine")])
    }

    /// What the page has in its text area.
    private func typed(_ page: String) -> String {
        page.firstMatch(of: #/<textarea[^>]*>\n?([^<]*)<\/textarea>/#).map { String($0.1) }?
            .replacing("&#39;", with: "'").replacing("&#34;", with: "\"")
            .replacing("&lt;", with: "<").replacing("&gt;", with: ">")
            .replacing("&amp;", with: "&") ?? ""
    }

    private func hidden(_ page: String, _ name: String) -> String {
        let rest = page.components(separatedBy: "name=\"\(name)\" value=\"").dropFirst().first ?? ""
        return String(rest.prefix { $0 != "\"" })
    }

    @Test("The loser gets both changes in one text where they fit together, and publishes them")
    func together() async throws {
        let house = try await ConfigurationHouse.fresh()
        let (text, base) = (try house.yaml, try await house.base())
        #expect(try await house.publish(text.replacing("hue: 150", with: "hue: 20"), base: base, reason: "Red").status == 201)
        let answer = try await send(house, text.replacing("urgent: 4", with: "urgent: 5"), base)
        #expect(answer.status == 409)
        #expect(answer.text.contains("Ada Blum"))
        #expect(answer.text.contains("Red"))
        let merged = typed(answer.text)
        #expect(merged == text.replacing("hue: 150", with: "hue: 20").replacing("urgent: 4", with: "urgent: 5"))
        let second = try await house.admin.post(
            "/admin/configuration/publications",
            [
                ("files.0.name", "tenant.yaml"), ("files.0.text", merged), ("base", hidden(answer.text, "base")),
                ("reason", "Both")
            ])
        #expect(second.status == 303, "\(second.text.prefix(2_000))")
        #expect(try house.yaml == merged)
    }

    @Test("Where both touched the same line, the loser's text is kept and the other one stands beside it")
    func apart() async throws {
        let house = try await ConfigurationHouse.fresh()
        let (text, base) = (try house.yaml, try await house.base())
        #expect(try await house.publish(text.replacing("hue: 150", with: "hue: 20"), base: base).status == 201)
        let mine = text.replacing("hue: 150", with: "hue: 77")
        let answer = try await send(house, mine, base)
        #expect(answer.status == 409)
        #expect(typed(answer.text) == mine)
        #expect(answer.text.contains("hue: 20"))
        #expect(try house.live.brand.hue == 20)
    }

    @Test("A form, too, loses to another form, and what it wanted is kept as text")
    func forms() async throws {
        let house = try await ConfigurationHouse.fresh()
        let base = try await house.base("brand")
        let role = try await house.admin.api(
            .post, "/admin/configuration/roles",
            try ConfigurationHouse.json([
                "roles": ["resident"], "grants": ["resident faults:report", "resident faults:see_own"], "base": base,
                "reason": "r"
            ]))
        #expect(role.status == 201, "\(role.text)")
        let brand = [("name", "Haus Neu"), ("hue", "150"), ("chroma", "0.12"), ("base", base), ("reason", "Brand")]
        let program = try await house.admin.api(
            .post, "/admin/configuration/brand",
            try ConfigurationHouse.json(["name": "Haus Neu", "hue": 150, "chroma": 0.12, "base": base, "reason": "r"]))
        #expect(program.code == "stale_version")
        let answer = try await house.admin.post("/admin/configuration/brand", brand)
        #expect(answer.status == 409)
        #expect(typed(answer.text).contains("name: Haus Neu"))
        #expect(typed(answer.text).contains("permissions: [faults:report, faults:see_own]\n"))
    }

    @Test("Changes of different files do not get in each other's way")
    func files() async throws {
        let house = try await ConfigurationHouse.fresh()
        let (base, notice) = (try await house.base(), try await house.base("notices/fault.assigned"))
        #expect(try await house.publish(try house.yaml + "# more\n", base: base).status == 201)
        let answer = try await house.admin.api(
            .post, "/admin/configuration/notices/fault.assigned",
            try ConfigurationHouse.json([
                "text_de": "Neu: {{number}}\n\n{{title}}\n", "text_en": "", "base": notice, "reason": "r"
            ]))
        #expect(answer.status == 201, "\(answer.text)")
        #expect(try house.yaml.hasSuffix("# more\n"))
    }
}
