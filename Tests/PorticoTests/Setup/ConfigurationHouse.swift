import Database
import Foundation
import Tenancy
import Testing
import Web

@testable import Setup
@testable import portico

/// A company whose folder lies on the disk, with an administrator who has just proved who they are.
struct ConfigurationHouse {
    let company: TestCompany
    let admin: TestMember
    let folder: URL

    /// A home of its own, so that nobody writes into the repository's companies. One for all tests, as `TestHouse.shared`.
    static let shared = Task { try await house().app }

    /// - Parameter home: another one's, for a second node with a folder of its own.
    static func house() async throws -> (app: App, home: URL) {
        let home = FileManager.default.temporaryDirectory.appending(path: "portico-home-\(UUID())")
        try FileManager.default.createDirectory(at: home.appending(path: "tenants"), withIntermediateDirectories: true)
        for name in ["Public", "Migrations", "Templates"] {
            try FileManager.default.createSymbolicLink(
                at: home.appending(path: name), withDestinationURL: TestHouse.home.appending(path: name))
        }
        let settings = try TestHouse.settings(["PORTICO_HOME": home.path])
        return (try await App.build(settings, logger: TestHouse.logger, now: { Date() }), home)
    }

    static func fresh(_ change: (String) -> String = { $0 }) async throws -> ConfigurationHouse {
        let app = try await shared.value
        let slug = "t" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(20)
        let host = "\(slug).test"
        let folder = app.settings.home.appending(path: "tenants/\(slug)")
        try write(change(try standard(host)), to: folder)
        try FileManager.default.copyItem(
            at: TestHouse.home.appending(path: "tenants/lindenhof/logo.svg"), to: folder.appending(path: "logo.svg"))
        await app.tenants.reload()
        let tenant = try #require(app.tenants.tenant(slug), "\(app.tenants.problems)")
        let company = TestCompany(app: app, tenant: tenant, host: host)
        return ConfigurationHouse(company: company, admin: try await company.member("admin", name: "Ada Blum"), folder: folder)
    }

    static func standard(_ host: String) throws -> String {
        try String(contentsOf: TestHouse.home.appending(path: "tenants/lindenhof/tenant.yaml"), encoding: .utf8)
            .replacing("lindenhof.localhost", with: host).replacing("portal.lindenhof.example", with: "www.\(host)")
    }

    static func write(_ text: String, to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: folder.appending(path: "tenant.yaml"), options: .atomic)
    }

    /// As the disk has it.
    var yaml: String {
        get throws { try String(contentsOf: folder.appending(path: "tenant.yaml"), encoding: .utf8) }
    }

    /// As the server uses it now.
    var live: Tenant {
        get throws { try #require(company.app.tenants.tenant(company.tenant.slug)) }
    }

    func base(_ path: String = "text") async throws -> String {
        let answer = try await admin.api(.get, "/admin/configuration/\(path)")
        return try #require(answer.json?["base"] as? String, "\(answer.status) \(answer.text.prefix(300))")
    }

    /// What a change of several files has to name.
    func base(of names: [String]) async throws -> String {
        try #require(try await company.app.tenants.files(of: company.tenant.slug)).digest(of: names)
    }

    /// Publishes the file as a program does.
    func publish(
        _ text: String, base: String? = nil, step: String = "publish", by member: TestMember? = nil, reason: String = "test"
    ) async throws -> TestAnswer {
        var opened = base
        if opened == nil { opened = try await self.base() }
        return try await (member ?? admin).api(
            .post, "/admin/configuration/text",
            Self.json(["file": "tenant.yaml", "text": text, "base": opened ?? "", "reason": reason, "step": step]))
    }

    static func json(_ object: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    func versions() async throws -> [[String: Any]] {
        let answer = try await admin.api(.get, "/admin/configuration/history")
        return try #require(answer.json?["items"] as? [[String: Any]], "\(answer.text.prefix(300))")
    }

    /// As if the proof of who they are were old.
    func forgetProof() async throws {
        try await company.run(
            "update app.session set proved_at = now() - interval '1 hour' where tenant_id = \(company.tenant.id)")
    }
}
