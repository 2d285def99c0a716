import Database
import Foundation
import Testing
import Web

@testable import portico

@Suite("What members choose for themselves shows on every page")
struct ProfileTests {
    @Test("name, language, zone, appearance and density apply at once, and are on record")
    func choices() async throws {
        let company = try await TestCompany.fresh()
        let member = try await company.member("manager", name: "Maria Kern")
        #expect(!(try await member.get("/people").text.contains("data-density")))
        let saved = try await member.post(
            "/account",
            [
                ("name", "Maria Kern-Ott"), ("locale", "en"), ("time_zone", "Europe/Lisbon"), ("theme", "dark"),
                ("density", "compact")
            ])
        #expect(saved.status == 303)
        let page = try await member.get("/people").text
        #expect(
            page.contains("<html lang=\"en\" data-theme=\"dark\" data-density=\"compact\">") && page.contains("Maria Kern-Ott"))
        let account = try await member.get("/account").text
        #expect(account.contains("value=\"Europe/Lisbon\" selected") && account.contains("value=\"compact\" checked"))
        let line = try await company.walled.read(
            Query.value(
                """
                select after ->> 'name' || ' ' || (after ->> 'density') from app.audit_line
                 where tenant_id = \(company.tenant.id) and action = 'member.settings_changed'
                """, String.self))
        #expect(line == "Maria Kern-Ott compact")
    }

    @Test(
        "an empty name, an unknown density and a zone that does not exist come back with what was typed; T32 no line breaks in a name"
    )
    func refused() async throws {
        let company = try await TestCompany.fresh()
        let member = try await company.member("resident")
        let fields = [("locale", "de"), ("time_zone", "Mars/Base"), ("theme", "light"), ("density", "tight"), ("name", "")]
        let answer = try await member.post("/account", fields)
        #expect(answer.status == 422 && answer.text.contains("id=\"f-name-error\""))
        let broken = try await member.post(
            "/account",
            [
                ("locale", "de"), ("time_zone", "Europe/Berlin"), ("theme", "light"), ("density", "normal"),
                ("name", "A\r\nBcc: x@y.test")
            ])
        #expect(broken.status == 422)
        // Programs may leave out what stays as it is.
        let api = try await member.api(
            .post, "/account", "{\"locale\":\"en\",\"timeZone\":\"Europe/Berlin\",\"theme\":\"light\"}")
        #expect(api.status == 200 && api.json?["name"] as? String == "Test resident")
    }
}
