import Database
import Foundation
import Testing

@testable import portico

@Suite("A company changes its own configuration")
struct PublicationTests {
    @Test("A published file stands in the folder, is in force at once, and the history keeps what was there before")
    func publish() async throws {
        let house = try await ConfigurationHouse.fresh()
        let before = try house.yaml
        let text = before.replacing("name: Lindenhof Hausverwaltung GmbH", with: "name: Lindenhof Neu")
        let answer = try await house.publish(text, reason: "New name")
        #expect(answer.status == 201, "\(answer.text)")
        #expect(try house.yaml == text)
        #expect(try house.live.name == "Lindenhof Neu")
        let versions = try await house.versions()
        #expect(versions.map { $0["number"] as? Int } == [2, 1])
        #expect(versions.map { $0["author"] as? String } == ["Ada Blum", nil])
        #expect(versions[0]["reason"] as? String == "New name")
        #expect(versions[0]["added"] as? Int == 1)
        #expect(versions[0]["removed"] as? Int == 1)
        let audit = try await house.admin.api(.get, "/admin/audit?entity=configuration")
        #expect(audit.text.contains("configuration.published"))
        #expect(audit.text.contains("\"lines_added\":\"1\""))
    }

    @Test("A check says what would come of it and changes nothing")
    func check() async throws {
        let house = try await ConfigurationHouse.fresh()
        let before = try house.yaml
        let answer = try await house.publish(
            before.replacing("timeZone: Europe/Berlin", with: "timeZone: Europe/Berlim"), step: "check", reason: "")
        #expect(answer.status == 200, "\(answer.text)")
        let problem = try #require((answer.json?["problems"] as? [[String: Any]])?.first)
        let line = before.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.hasPrefix("timeZone:") }
        #expect(problem["line"] as? Int == line.map { $0 + 1 })
        #expect((problem["message"] as? String)?.contains("Europe/Berlin") == true)
        #expect(answer.json?["isPublishable"] as? Bool == false)
        let difference = try #require((answer.json?["difference"] as? [[String: Any]])?.first)
        #expect(difference["file"] as? String == "tenant.yaml")
        #expect(try house.yaml == before)
        #expect(try await house.versions().isEmpty)
    }

    @Test("The page of a refused file names the line, shows it, and keeps what was typed")
    func page() async throws {
        let house = try await ConfigurationHouse.fresh()
        let text = try house.yaml.replacing("currency: EUR", with: "currency: EURO")
        let answer = try await house.admin.post(
            "/admin/configuration/text",
            [
                ("file", "tenant.yaml"), ("text", text.replacing("\n", with: "\r\n")), ("base", try await house.base()),
                ("reason", "Typo"), ("step", "publish")
            ])
        #expect(answer.status == 422)
        #expect(answer.text.contains("tenant.yaml, Zeile "))
        #expect(answer.text.contains("currency: EURO"))
        #expect(answer.text.contains("value=\"Typo\""))
        #expect(try !house.yaml.contains("EURO"))
    }

    @Test("Nothing is published without a reason, without a change, or by a role without the right")
    func refusals() async throws {
        let house = try await ConfigurationHouse.fresh()
        let text = try house.yaml
        #expect(try await house.publish(text + "# one\n", reason: "").status == 400)
        #expect(try await house.publish(text).status == 400)
        let manager = try await house.company.member("manager")
        #expect(try await house.publish(text + "# one\n", by: manager).status == 403)
        #expect(try await manager.get("/admin/configuration").status == 403)
        #expect(try await manager.get("/admin/configuration/text").status == 403)
    }

    @Test("Publishing asks for a fresh proof, and the form waits for it; looking does not")
    func proof() async throws {
        let house = try await ConfigurationHouse.fresh()
        let (text, base) = (try house.yaml + "# one\n", try await house.base())
        try await house.forgetProof()
        #expect(try await house.publish(text, base: base).code == "proof_required")
        #expect(try await house.publish(text, base: base, step: "check").status == 200)
        let answer = try await house.admin.post(
            "/admin/configuration/text", [("file", "tenant.yaml"), ("text", text), ("base", base), ("reason", "r")])
        #expect(answer.status == 303)
        #expect(answer.location == "/account/prove?next=%2Fagain")
        #expect(try await house.versions().isEmpty)
    }

    @Test("Any version comes back by one call, files that came later go, and the history shows it")
    func revert() async throws {
        let house = try await ConfigurationHouse.fresh()
        let before = try house.yaml
        let notice = "notices/fault.assigned.de.mustache"
        let files: [[String: String]] = [
            ["name": "tenant.yaml", "text": before.replacing("hue: 150", with: "hue: 20")],
            ["name": notice, "text": "Neuer Schaden {{number}}\n\nGuten Tag, {{title}}\n"]
        ]
        let base = try await house.base(of: ["tenant.yaml", notice])
        let answer = try await house.admin.api(
            .post, "/admin/configuration/publications",
            try ConfigurationHouse.json(["files": files, "base": base, "reason": "Red"]))
        #expect(answer.status == 201, "\(answer.text)")
        #expect(try house.live.brand.hue == 20)
        #expect(FileManager.default.fileExists(atPath: house.folder.appending(path: notice).path))
        let back = try await house.admin.api(.post, "/admin/configuration/history/1/revert", "{}")
        #expect(back.status == 201, "\(back.text)")
        #expect(try house.live.brand.hue == 150)
        #expect(try house.yaml == before)
        #expect(!FileManager.default.fileExists(atPath: house.folder.appending(path: notice).path))
        #expect(try await house.versions().first?["revertsTo"] as? Int == 1)
        #expect(try await house.admin.api(.post, "/admin/configuration/history/1/revert", "{}").status == 400)
        #expect(try await house.admin.api(.post, "/admin/configuration/history/77/revert", "{}").status == 404)
    }

    @Test("What somebody changed on the server in between is in the history, too, and comes back like any other")
    func byHand() async throws {
        let house = try await ConfigurationHouse.fresh()
        let text = try house.yaml
        #expect(try await house.publish(text.replacing("hue: 150", with: "hue: 20")).status == 201)
        try ConfigurationHouse.write(text.replacing("hue: 150", with: "hue: 99"), to: house.folder)
        #expect(try await house.publish(text.replacing("hue: 150", with: "hue: 50")).status == 201)
        #expect(try await house.versions().map { $0["author"] as? String } == ["Ada Blum", nil, "Ada Blum", nil])
        #expect(try await house.admin.api(.post, "/admin/configuration/history/3/revert", "{}").status == 201)
        #expect(try house.live.brand.hue == 99)
    }

    @Test("Another company sees nothing of it")
    func wall() async throws {
        let (house, other) = (try await ConfigurationHouse.fresh(), try await ConfigurationHouse.fresh())
        #expect(try await house.publish(try house.yaml + "# canary-\(house.company.tenant.slug)\n").status == 201)
        #expect(try await other.versions().isEmpty)
        #expect(try await other.admin.api(.get, "/admin/configuration/history/2").status == 404)
        let text = try await other.admin.get("/admin/configuration/text").text
        #expect(!text.contains("canary"))
    }
}
