import Database
import Foundation
import Identity
import Testing

@testable import Faults
@testable import Setup
@testable import portico

@Suite("Forms of the configuration")
struct ConfigurationFormTests {
    private func send(_ house: ConfigurationHouse, _ path: String, _ fields: [(String, String)], step: String = "publish")
        async throws -> TestAnswer
    {
        try await house.admin.post(
            "/admin/configuration/\(path)",
            fields + [("base", try await house.base(path)), ("reason", "By form"), ("step", step)])
    }

    /// Every field of the form as the page has it, without what is to be sent otherwise.
    private func opened(_ house: ConfigurationHouse, _ path: String, without names: Set<String> = []) async throws -> [(
        String, String
    )] {
        let page = try await house.admin.get("/admin/configuration/\(path)").text
        var fields: [(String, String)] = []
        for match in page.matches(of: #/<input type="(?:text|hidden)"[^>]*? name="([^"]+)" value="([^"]*)"/#) {
            fields.append((String(match.1), String(match.2)))
        }
        for match in page.matches(of: #/<select id="[^"]*" name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/#) {
            let chosen = match.2.firstMatch(of: #/value="([^"]*)" selected/#)
            fields.append((String(match.1), chosen.map { String($0.1) } ?? ""))
        }
        for match in page.matches(of: #/<input type="checkbox" name="([^"]+)" value="([^"]*)"[^>]* checked/#) {
            fields.append((String(match.1), String(match.2)))
        }
        let head: Set = ["csrf_token", "form_key", "base", "reason", "step", "q"]
        return fields.filter { !head.contains($0.0) && !names.contains($0.0) }
    }

    @Test("The brand form changes two numbers and leaves every comment where it was")
    func brand() async throws {
        let house = try await ConfigurationHouse.fresh()
        let before = try house.yaml
        let answer = try await send(
            house, "brand", [("name", "Lindenhof Hausverwaltung GmbH"), ("hue", "300.5"), ("chroma", "0.1")])
        #expect(answer.status == 303, "\(answer.text.prefix(3_000))")
        #expect(answer.location == "/admin/configuration/brand")
        let wanted = before.replacing("hue: 150 ", with: "hue: 300.5 ").replacing("chroma: 0.12 ", with: "chroma: 0.1 ")
        #expect(try house.yaml == wanted)
        #expect(try house.live.brand.hue == 300.5)
        let page = try await house.admin.get("/admin/configuration/brand/contrast?hue=300&chroma=0.1").text
        #expect(page.contains(" : 1"))
        #expect(try await send(house, "brand", [("name", "x"), ("hue", "361"), ("chroma", "0.1")]).status == 422)
    }

    @Test("A form that is opened and sent as it is changes nothing", arguments: ["brand", "categories", "identity", "roles"])
    func unchanged(path: String) async throws {
        let house = try await ConfigurationHouse.fresh()
        let fields = try await opened(house, path)
        #expect(fields.count > 2)
        let answer = try await send(house, path, fields)
        #expect(answer.status == 422)
        #expect(answer.text.contains("Es ist nichts anders als zuvor."), "\(answer.text.prefix(4_000))")
    }

    @Test("A tick more and a tick less in the matrix are two lines of the file, and hold from the next request on")
    func roles() async throws {
        let house = try await ConfigurationHouse.fresh()
        let before = try house.yaml
        let manager = try await house.company.member("manager")
        #expect(try await manager.get("/admin/audit").status == 403)
        var fields = try await opened(house, "roles")
        fields.removeAll { $0.1 == "manager reports:see" }
        fields.append(("grants", "manager audit:see"))
        #expect(try await send(house, "roles", fields).status == 303)
        let after = try house.yaml
        #expect(
            after
                == before.replacing(
                    "      - delegations:see\n      - reports:see\n\n", with: "      - delegations:see\n      - audit:see\n\n"))
        #expect(try await manager.get("/admin/audit").status == 200)
        #expect(try await manager.get("/reports").status == 403)
    }

    @Test("Categories change, come and go, and the rest of the file stays")
    func categories() async throws {
        let house = try await ConfigurationHouse.fresh()
        let before = try house.yaml
        let keys = ["plumbing", "heating", "electrical", "elevator", "structural", "common_area", "security", "cleaning", "other"]
        let heating = try #require(keys.firstIndex(of: "heating"))
        let elevator = try #require(keys.firstIndex(of: "elevator"))
        let cleaning = try #require(keys.firstIndex(of: "cleaning"))
        var fields = try await opened(
            house, "categories",
            without: [
                "categories.\(heating).title_de", "categories.\(elevator).resolve_hours", "categories.9.key",
                "categories.9.title_de", "categories.9.title_en"
            ])
        fields += [
            ("categories.\(heating).title_de", "Heizung & Warmwasser"), ("categories.\(elevator).resolve_hours", ""),
            ("categories.\(cleaning).remove", "true"), ("categories.9.key", "green_area"),
            ("categories.9.title_de", "Grünanlage"), ("categories.9.title_en", "Green area")
        ]
        let answer = try await send(house, "categories", fields)
        #expect(answer.status == 303, "\(answer.text.prefix(4_000))")
        let wanted = before.replacing("{de: Heizung, en: Heating}", with: "{de: \"Heizung & Warmwasser\", en: Heating}")
            .replacing("      resolveHours: 8       # the maintenance contract's promise\n", with: "")
            .replacing(
                "    cleaning:\n      title: {de: Reinigung, en: Cleaning}\n      priority: low\n"
                    + "      assign: {rule: leastBusy, role: caretaker}\n", with: "")
        let after = try house.yaml
        #expect(after.hasPrefix(wanted.trimmingCharacters(in: .newlines)))
        #expect(after.hasSuffix("    green_area:\n      title: {de: Grünanlage, en: Green area}\n"))
        #expect(try house.live[FaultSettings.section].categories.keys.last == "green_area")
    }

    @Test("Second factor, registration and delegations are set by form")
    func identity() async throws {
        let house = try await ConfigurationHouse.fresh()
        let fields = [
            ("factor_for", "manager"), ("rule", "domains"), ("role", "resident"), ("domains", "lindenhof.example, haus.example"),
            ("may_ask", "owner"), ("terms", "https://lindenhof.example/terms"), ("delegate_role", "portal")
        ]
        let answer = try await send(house, "identity", fields)
        #expect(answer.status == 303, "\(answer.text.prefix(4_000))")
        #expect(try house.live.mayRegister("a@haus.example"))
        #expect(try house.live.requiresFactor(["manager"]))
        #expect(try await send(house, "identity", [("rule", "closed"), ("delegate_role", "")]).status == 303)
        #expect(try !house.live.mayRegister("a@haus.example"))
        #expect(try !house.live.requiresFactor(["manager"]))
    }

    @Test("A notice is shown as it will look before it is published, and without a text it is the standard one again")
    func notice() async throws {
        let house = try await ConfigurationHouse.fresh()
        let path = "notices/fault.assigned"
        let text = "Auftrag {{number}}\r\n\r\nBitte kümmern Sie sich um: {{title}}\r\n"
        let check = try await send(house, path, [("text_de", text), ("text_en", "")], step: "check")
        #expect(check.status == 200)
        #expect(check.text.contains("Bitte kümmern Sie sich um: Water dripping from the ceiling"))
        #expect(try await send(house, path, [("text_de", text), ("text_en", "")]).status == 303)
        let file = house.folder.appending(path: "notices/fault.assigned.de.mustache")
        #expect(try String(contentsOf: file, encoding: .utf8) == text.replacing("\r\n", with: "\n"))
        #expect(try house.live.configuration.text("fault.assigned", "de") != nil)
        let wrong = try await send(house, path, [("text_de", "x\n\n{{nobody}}"), ("text_en", "")])
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("notices/fault.assigned.de.mustache, Zeile 3:"))
        #expect(try await send(house, path, [("text_de", ""), ("text_en", "")]).status == 303)
        #expect(!FileManager.default.fileExists(atPath: file.path))
        #expect(try house.live.configuration.text("fault.assigned", "de") == nil)
    }

    @Test("A rule says how many faults it would have changed, and how many people")
    func impacts() async throws {
        let house = try await ConfigurationHouse.fresh()
        let company = house.company
        let manager = try await company.member("manager")
        let home = try await company.home()
        _ = try await TestFault.report(by: manager, unit: home.unit)
        _ = try await TestFault.report(by: manager, unit: home.unit)
        try await company.run(
            """
            update app.fault set category = 'heating', priority = 'high', reported_at = now() - interval '3 hours',
                   due_at = now() + interval '21 hours' where tenant_id = \(company.tenant.id)
            """)
        let text = try house.yaml.replacing("high: 24", with: "high: 2")
            .replacing("requiredFor: []", with: "requiredFor: [manager]")
        let answer = try await house.publish(text, step: "check")
        let impacts = try #require(answer.json?["impacts"] as? [[String: Any]], "\(answer.text)")
        let counts = Dictionary(uniqueKeysWithValues: impacts.map { ($0["rule"] as? String ?? "", $0["count"] as? Int) })
        #expect(counts["faults.deadline"] == 2)
        #expect(counts["faults.deadline_lately"] == 2)
        #expect(counts["faults.late"] == 2)
        #expect(counts["people.second_factor"] == 1)
        let gone = try await house.publish(
            try house.yaml.replacing("    heating:\n      title: {de: Heizung, en: Heating}\n      priority: high\n", with: ""),
            step: "check")
        #expect(gone.text.contains("faults.category_gone"))
        #expect(gone.text.contains("2 offene Schäden sind von einer Kategorie"))
    }
}
