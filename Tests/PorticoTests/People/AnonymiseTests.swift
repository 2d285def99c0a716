import Database
import Foundation
import Testing

@testable import portico

@Suite("Anonymising: a name is forgotten for good, the records that others rely on stay true")
struct AnonymiseTests {
    private func body(_ name: String, _ reason: String = "Asked for it by letter") -> String {
        "{\"reason\":\"\(reason)\",\"confirmation\":\"\(name)\"}"
    }

    @Test("Name, address, factors, notices and settings are gone; log and faults go on under \"Ehemaliges Mitglied\"")
    func forgets() async throws {
        let company = try await TestCompany.fresh()
        let (admin, manager) = (try await company.member("admin"), try await company.member("manager"))
        let person = try await company.protectedPerson("resident")
        try await company.run("update app.member set name = 'Nora Blum' where id = \(person.member.id)")
        let home = try await company.home()
        try await company.moveIn(person.member, home)
        let fault = try await TestFault.report(by: person.member, unit: home.unit)
        let comment = try await manager.api(
            .post, "/faults/\(fault)/comments",
            "{\"comment\":\"Called @Nora Blum today\",\"mentions\":[\"\(person.member.id)\"]}")
        #expect(comment.status == 201, "\(comment.text)")
        try await company.run("update app.occupancy set until = '2021-01-01' where member_id = \(person.member.id)")
        try await company.run(
            """
            insert into app.notification(tenant_id, id, member_id, kind, path, facts, dedupe_key)
            values (\(company.tenant.id), \(UUID()), \(manager.id), 'invitation.accepted', '/people', '{"name": "Nora Blum"}', 'x')
            """)
        let answer = try await admin.api(.post, "\(person.member.path)/anonymisation", body("Nora Blum"))
        #expect(answer.status == 200 && answer.json?["name"] as? String == "Ehemaliges Mitglied", "\(answer.text)")
        #expect(try await person.signIn().status == 401)
        #expect(try await person.member.get("/dashboard").status == 303)
        #expect(try await admin.get(person.member.path).text.contains("Ehemaliges Mitglied"))
        #expect(try await manager.get("/notifications").text.contains("Ehemaliges Mitglied hat Ihre Einladung angenommen"))
        let email = person.email
        for rest in [
            "app.member where lower(email) = lower(\(email)) or name = 'Nora Blum' and tenant_id = \(company.tenant.id)",
            "app.totp where member_id = \(person.member.id)", "app.recovery_code where member_id = \(person.member.id)",
            "app.session where member_id = \(person.member.id)", "app.notification where member_id = \(person.member.id)",
            "app.delivery where member_id = \(person.member.id)"
        ] as [SQL] { #expect(try await company.count(rest) == 0, "\(rest.text)") }
        let page = try await admin.get("/faults/\(fault)").text
        #expect(page.contains("Ehemaliges Mitglied") && !page.contains("Nora Blum"))
        let log = try await admin.get("/admin/audit").text
        #expect(log.contains("Ehemaliges Mitglied") && !log.contains("Nora Blum") && !log.contains(email))
        #expect(try await !admin.get("/admin/audit.csv").text.contains(email))
        let line = try await company.trail(admin, of: person.member, "member.anonymised").first
        #expect((line?["after"] as? [String: Any])?["reason"] as? String == "Asked for it by letter")
        #expect(try await admin.api(.get, "/people?state=anonymised").json?["total"] as? Int == 1)
        #expect(try await admin.api(.get, "/people?state=disabled").json?["total"] as? Int == 0)
    }

    @Test("It takes a reason, the name as it stands and a fresh proof; once done, nothing brings the person back")
    func asked() async throws {
        let company = try await TestCompany.fresh()
        let (admin, person) = (try await company.member("admin"), try await company.member("resident", name: "Nora Blum"))
        let path = "\(person.path)/anonymisation"
        #expect(try await admin.get(path).text.contains("Nora Blum anonymisieren"))
        let wrong = try await admin.post(path, [("reason", "Asked for it"), ("confirmation", "Nora")])
        #expect(wrong.status == 422 && wrong.text.contains("Asked for it"), "what was typed is kept")
        #expect(try await admin.api(.post, path, body("Nora Blum", "")).refusals == ["reason required"])
        try await admin.grow()
        #expect(try await admin.api(.post, path, body("Nora Blum")).code == "proof_required")
        #expect(try await admin.get(path).location?.hasPrefix("/account/prove") == true)
        #expect(try await company.name(of: person) == "Nora Blum")
        try await company.run("update app.session set proved_at = now() where member_id = \(admin.id)")
        #expect(try await admin.post(path, [("reason", "Asked for it"), ("confirmation", "Nora Blum")]).status == 303)
        for (method, more, json) in [
            ("post", "/anonymisation", body("Ehemaliges Mitglied")), ("post", "/roles", #"{"roles":["manager"]}"#),
            ("delete", "/suspension", "")
        ] {
            let answer = try await admin.api(method == "post" ? .post : .delete, person.path + more, json.isEmpty ? nil : json)
            #expect(answer.status == 409 && answer.code == "anonymised", "\(more) \(answer.text)")
        }
        #expect(try await !admin.get(person.path).text.contains("/anonymisation"))
    }

    @Test("T24 neither oneself nor whoever may do more, nor somebody who lives here or owns a unit")
    func refused() async throws {
        let company = try await TestCompany.whereManagers(may: "people:anonymise")
        let (admin, manager) = (try await company.member("admin", name: "Alma"), try await company.member("manager", name: "Mo"))
        let person = try await company.member("resident", name: "Nora Blum")
        #expect(try await admin.api(.post, "\(admin.path)/anonymisation", body("Alma")).code == "not_yourself")
        #expect(try await manager.api(.post, "\(admin.path)/anonymisation", body("Alma")).status == 403)
        try await company.moveIn(person, try await company.home())
        #expect(try await manager.api(.post, "\(person.path)/anonymisation", body("Nora Blum")).code == "still_has_units")
        try await company.run("update app.occupancy set until = '2021-01-01' where member_id = \(person.id)")
        #expect(try await manager.api(.post, "\(person.path)/anonymisation", body("Nora Blum")).status == 200)
        let other = try await TestCompany.fresh().member("resident", name: "Nora Blum")
        #expect(try await admin.api(.post, "\(other.path)/anonymisation", body("Nora Blum")).status == 404)
        #expect(try await other.get("/dashboard").status == 200)
    }

    @Test("The chain of the audit log holds after lines are told without a name")
    func sealed() async throws {
        let company = try await TestCompany.fresh()
        let (admin, person) = (try await company.member("admin"), try await company.member("resident", name: "Nora Blum"))
        _ = try await person.api(
            .post, "/account", #"{"name":"Nora Blume","locale":"de","time_zone":"Europe/Berlin","theme":"dark"}"#)
        #expect(try await admin.get("/admin/audit").text.contains("Nora Blume"))
        #expect(try await admin.api(.post, "\(person.path)/anonymisation", body("Nora Blume")).status == 200)
        #expect(try await !admin.get("/admin/audit").text.contains("Nora Blume"))
        #expect(try await admin.api(.post, "/admin/audit/verification").json?["finding"] == nil)
    }
}
