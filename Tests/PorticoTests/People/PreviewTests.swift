import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import portico

@Suite("Seeing what a member sees: read-only, with a reason, for 30 minutes, and the member can see it")
struct PreviewTests {
    private let why = "Called because a report is missing"

    private func begin(_ admin: TestMember, _ person: TestMember) async throws {
        let answer = try await admin.post("\(person.path)/preview", [("reason", why)])
        try #require(answer.status == 303 && answer.location == "/dashboard", "\(answer.status) \(answer.text)")
    }

    /// The form token as the banner of any page prints it.
    private func csrf(_ member: TestMember) async throws -> String {
        let page = try await member.get("/dashboard").text
        return page.firstMatch(of: /name="csrf_token" value="([^"]+)"/).map { String($0.1) } ?? ""
    }

    @Test("The pages are the member's own, under a banner; ending it makes the viewer themselves again")
    func pages() async throws {
        let company = try await TestCompany.fresh()
        let (admin, person) = (try await company.member("admin"), try await company.member("resident", name: "Nora Blum"))
        try await company.moveIn(person, try await company.home("7.1"))
        #expect(try await admin.get("/people").status == 200)
        try await begin(admin, person)
        let home = try await admin.get("/dashboard")
        #expect(home.status == 200 && home.text.contains("Sie sehen Portico so wie Nora Blum"))
        #expect(home.text.contains("action=\"/preview/revocation\"") && !home.text.contains("href=\"/people\""))
        for path in ["/faults", "/faults/new", "/notifications", "/delegations", "/account", "/search?q=nora"] {
            let page = try await admin.get(path)
            #expect(page.status == 200 && page.text.contains("Sie sehen Portico so wie Nora Blum"), "\(path) \(page.status)")
        }
        #expect(try await admin.get("/people").status == 403, "rights are the member's")
        #expect(try await person.get("/dashboard").text.contains("Sie sehen Portico so wie") == false)
        let end = try await admin.post("/preview/revocation")
        #expect(end.status == 303 && end.location == person.path)
        #expect(try await admin.get("/people").status == 200)
        #expect(try await !admin.get("/dashboard").text.contains("Sie sehen Portico so wie"))
    }

    @Test("T19 every change is refused with plain words, on pages and API, whatever the member may do; nothing is written")
    func readOnly() async throws {
        let company = try await TestCompany.fresh()
        let (admin, manager) = (try await company.member("admin"), try await company.member("manager"))
        let home = try await company.home()
        try await begin(admin, manager)
        let before = try await company.count("app.audit_line where tenant_id = \(company.tenant.id)")
        let refused = try await admin.post(
            "/faults", [("title", "x"), ("description", "x"), ("category", "other"), ("unit_id", home.unit.text)])
        #expect(refused.status == 403 && refused.text.contains("Sie sehen, was eine andere Person sieht"))
        #expect(refused.text.contains("action=\"/preview/revocation\""), "the way out stands on the page of the refusal, too")
        for path in ["/people.csv", "/account/password"] { #expect(try await admin.get(path).status == 403, "\(path)") }
        #expect(try await admin.post("/account", [("theme", "dark")]).status == 403)
        let program = try await company.member("admin")
        let started = try await program.api(.post, "\(manager.path)/preview", "{\"reason\":\"\(why)\"}")
        #expect(started.status == 201 && started.json?["memberId"] as? String == manager.id.text)
        #expect(try await program.api(.get, "/me").json?["id"] as? String == manager.id.text)
        for (method, path) in [
            (.post, "/faults"), (.post, "/account"), (.post, "\(manager.path)/roles"), (.delete, "/me/sessions"),
            (.post, "/invitations"), (.post, "/buildings"), (.post, "\(admin.path)/preview")
        ] as [(HTTPRequest.Method, String)] {
            let answer = try await program.api(method, path, "{}")
            #expect(answer.status == 403 && answer.code == "preview_read_only", "\(method) \(path) \(answer.status)")
        }
        #expect(
            try await company.count("app.audit_line where tenant_id = \(company.tenant.id)") == before + 1, "the second beginning"
        )
        #expect(try await company.count("app.fault where tenant_id = \(company.tenant.id)") == 0)
        #expect(try await program.api(.delete, "/preview").status == 204)
        #expect(try await program.api(.get, "/me").json?["id"] as? String == program.id.text)
    }

    @Test("What belongs to the member in person stays closed: sign-ins, tokens, factors, exports, who looked; no token is shown")
    func closed() async throws {
        let company = try await TestCompany.fresh()
        let (admin, person) = (try await company.member("admin"), try await company.member("manager"))
        _ = try await person.post("/account/exports")
        let export = try await company.walled.read(
            Query.value("select id from app.data_export where member_id = \(person.id)", UUID.self))
        try await begin(admin, person)
        for path in [
            "/account/sessions", "/account/tokens", "/account/security", "/account/security/authenticator", "/account/exports",
            "/account/exports/\(export)/file", "/account/previews", "/account/password", "/account/prove",
            "/account/notifications", "\(person.path)/exports"
        ] { #expect(try await admin.get(path).status == 403, "\(path)") }
        let program = try await company.member("admin")
        _ = try await program.api(.post, "\(person.path)/preview", "{\"reason\":\"\(why)\"}")
        for path in ["/me/sessions", "/me/tokens", "/me/passkeys", "/me/exports", "/me/previews", "/auth/mfa"] {
            #expect(try await program.api(.get, path).code == "preview_read_only", "\(path)")
        }
    }

    @Test("It needs a reason and the right, and goes no further than the viewer's own rights")
    func beginning() async throws {
        let company = try await TestCompany.whereManagers(may: "people:see_as")
        let (admin, manager) = (try await company.member("admin"), try await company.member("manager"))
        let person = try await company.member("resident")
        let empty = try await admin.post("\(person.path)/preview", [("reason", "")])
        #expect(empty.status == 422 && empty.text.contains("Bitte ausfüllen"))
        #expect(try await admin.api(.post, "\(person.path)/preview", "{\"reason\":\"x\"}").refusals == ["reason too_short"])
        #expect(try await admin.api(.post, "\(admin.path)/preview", "{\"reason\":\"\(why)\"}").code == "not_yourself")
        #expect(try await manager.api(.post, "\(admin.path)/preview", "{\"reason\":\"\(why)\"}").status == 403)
        #expect(try await manager.api(.post, "\(person.path)/preview", "{\"reason\":\"\(why)\"}").status == 201)
        let technician = try await company.member("technician")
        #expect(try await technician.api(.post, "\(person.path)/preview", "{\"reason\":\"\(why)\"}").status == 403)
        let other = try await TestCompany.fresh().member("resident")
        #expect(try await admin.api(.post, "\(other.path)/preview", "{\"reason\":\"\(why)\"}").status == 404)
        try await company.run("update app.member set disabled_at = now() where id = \(person.id)")
        #expect(try await admin.api(.post, "\(person.path)/preview", "{\"reason\":\"\(why)\"}").code == "member_disabled")
    }

    @Test("After 30 minutes it is over by itself; so it is when the viewer loses the right, signs out or is disabled")
    func ends() async throws {
        let company = try await TestCompany.fresh()
        let (admin, person) = (try await company.member("admin"), try await company.member("resident"))
        try await begin(admin, person)
        #expect(try await admin.get("/people").status == 403)
        try await company.run(
            "update app.preview set began_at = now() - interval '31 minutes', ends_at = now() - interval '1 minute' where viewer_id = \(admin.id)"
        )
        #expect(try await admin.get("/people").status == 200)
        try await begin(admin, person)
        try await company.run("update app.member set roles = '{manager}' where id = \(admin.id)")
        #expect(
            try await admin.get("/dashboard").location?.hasPrefix("/login") == true, "whoever may no longer look is signed out")
        try await company.run("update app.member set roles = '{admin}' where id = \(admin.id)")
        let second = try await company.member("admin")
        let demote = try await second.api(.post, "\(admin.path)/roles", #"{"roles":["admin","owner"]}"#)
        #expect(demote.status == 200)
        #expect(try await admin.get("/people").status == 200, "a change of the viewer's roles ends it")
        try await begin(admin, person)
        #expect(try await admin.post("/logout").location == "/login")
        #expect(try await admin.get("/dashboard").status == 303)
    }

    @Test("The log says who, whom and why, found by either's name; the member sees it at /account/previews; actor is the viewer")
    func logged() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin", name: "Alma Amt")
        let person = try await company.member("resident", name: "Nora Blum")
        try await begin(admin, person)
        _ = try await admin.post("/preview/revocation")
        let lines = try await company.trail(admin, of: person, "member.seen_as")
        #expect(lines.count == 1 && lines.first?["actor"] as? String == "Alma Amt")
        #expect((lines.first?["after"] as? [String: Any])?["reason"] as? String == why)
        #expect(try await company.trail(admin, of: person, "member.seen_as_ended").first?["actor"] as? String == "Alma Amt")
        for name in ["alma", "nora"] {
            #expect(
                try await admin.api(.get, "/audit?actor=\(name)&action=member.seen_as").json?["total"] as? Int == 1, "\(name)")
        }
        let page = try await person.get("/account/previews")
        #expect(page.status == 200 && page.text.contains("Alma Amt") && page.text.contains(why))
        #expect(try await person.api(.get, "/me/previews").items.first?["reason"] as? String == why)
        #expect(try await admin.get("/account/previews").text.contains("Bisher niemand"))
        #expect(try await person.get("/account").text.contains("/account/previews"))
    }
}
