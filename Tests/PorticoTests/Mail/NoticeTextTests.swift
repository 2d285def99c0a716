import Database
import Foundation
import Mail
import Testing

@testable import Notifications
@testable import Tenancy
@testable import portico

@Suite("Companies write their own texts, and cannot break anything with them")
struct NoticeTextTests {
    private static let fields = ["name", "number", "title", "link"]

    @Test(
        "T36: everything of Mustache that is not a known field or section is refused, with its place",
        arguments: [
            "{{7*7}}", "{{.}}", "{{{title}}}", "{{>x}}", "{{=<% %>=}}", "{{% CONTENT_TYPE:TEXT}}", "{{&title}}", "{{ title }}",
            "{{secret}}",
            "{{#title}}", "{{/title}}", "{{#title}}{{/name}}", "{{<x}}", "{{$x}}", "{{", "{{title", "{{!x}}", "{{}}",
            String(repeating: "{{#title}}", count: 3_000), "{{#name}}{{#title}}{{#link}}{{#number}}", "x\u{0}y"
        ])
    func refused(text: String) {
        let file = Array("Betreff\n\nzwei\n\(text)\n".utf8)
        do {
            _ = try TextTemplate(file, fields: Self.fields)
            Issue.record("it was taken")
        } catch {
            #expect(error.position.line == 4 || file.count > TextTemplate.maximumBytes)
        }
    }

    @Test("What a template language might do with ${7*7}, %s%n and \\(x) stands there as it is")
    func literal() throws {
        let template = try TextTemplate(
            Array("{{title}} ${7*7}\n\n%s%n \\(x) {{#name}}Hallo {{name}}{{/name}}{{^name}}Hallo{{/name}}".utf8),
            fields: Self.fields)
        let (subject, text) = template.render(["title": "{{link}} & <b>", "link": "L"])
        #expect(subject == "{{link}} & <b> ${7*7}")
        #expect(text == "%s%n \\(x) Hallo")
        #expect(template.render(["title": "t", "name": "Nora"]).text == "%s%n \\(x) Hallo Nora")
    }

    @Test("A wrong file is named with its line and leaves the last good text in place")
    func reload() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "portico-texts-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        let notices = root.appending(path: "lindenhof/notices")
        try FileManager.default.createDirectory(at: notices, withIntermediateDirectories: true)
        for name in ["tenant.yaml", "logo.svg"] {
            try FileManager.default.copyItem(
                at: TestHouse.home.appending(path: "tenants/lindenhof/\(name)"), to: root.appending(path: "lindenhof/\(name)"))
        }
        let file = notices.appending(path: "fault.assigned.de.mustache")
        func write(_ text: String) throws { try Data(text.utf8).write(to: file) }
        try write("Für Sie: {{title}}\n\nBitte ansehen: {{link}}\n")
        let tenants = Tenants(root: root.path, rules: Sections.rules, settle: .zero, logger: TestHouse.logger) { _ in 1 }
        _ = await tenants.reload()
        let good = try #require(tenants.tenant("lindenhof")?.configuration.text("fault.assigned", "de"))
        #expect(good.render(["title": "Tropfen"]).subject == "Für Sie: Tropfen")
        try write("Für Sie\n\nBitte\n{{titel}}\n")
        try Data("x\n\ny".utf8).write(to: notices.appending(path: "fault.asigned.de.mustache"))
        try Data("x\n\ny".utf8).write(to: notices.appending(path: "fault.assigned.fr.mustache"))
        let report = TenantCheck.run(root.path, rules: Sections.rules)
        #expect(report.text.contains("fault.assigned.de.mustache:4:1: {{titel}} is no field of this text"))
        #expect(report.text.contains("did you mean \"title\"?"))
        #expect(report.text.contains("there is no notice \"fault.asigned\""))
        #expect(report.text.contains("the company does not speak that language"))
        _ = await tenants.reload()
        #expect(tenants.tenant("lindenhof")?.configuration.text("fault.assigned", "de")?.source == good.source)
    }

    @Test("The preview shows every text in every language of the company, to those who look after its configuration")
    func preview() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        #expect(try await admin.get("/admin/notices").text.contains("/admin/notices/fault.assigned"))
        let page = try await admin.get("/admin/notices/fault.assigned").text
        #expect(page.contains("Ihnen zugewiesen: F-2026-0412"))
        #expect(page.contains("You are to look after F-2026-0412"))
        #expect(try await admin.get("/admin/notices/nothing").status == 404)
        #expect(try await company.member("resident").get("/admin/notices").status == 403)
    }

    @Test("During development every mail is a file and stands on a page that production does not have")
    func development() async throws {
        let company = try await TestCompany.fresh()
        let member = try await company.member("technician")
        try await company.tell([member], .assigned(title: "Größe <b>"))
        try await company.send(by: company.app.parts.channels)
        #expect(try await company.deliveries(member) == ["sent"])
        let list = try await company.anonymous(.get, "/development/mail").text
        let path = try #require(list.firstMatch(of: /href="(\/development\/mail\/[^"]+)"/)).1
        let mail = try await company.anonymous(.get, String(path)).text
        #expect(mail.contains("Größe &lt;b&gt;"))
        #expect(mail.contains("Message-ID: "))
        #expect(try await TestCompany.fresh().anonymous(.get, String(path)).status == 404)
        var environment = ProcessInfo.processInfo.environment
        environment["PORTICO_ENV"] = "production"
        environment["PORTICO_TLS"] = "1"
        environment["PORTICO_SECRET"] = String(repeating: "test-secret-", count: 4)
        environment["PORTICO_SEAL_KEYS"] = String(repeating: "5a", count: 32)
        let production = try Settings(environment)
        #expect(production.mail.folder(production) == nil)
    }
}
