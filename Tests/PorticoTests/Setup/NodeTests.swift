import Database
import Foundation
import Logging
import Tenancy
import Testing
import Web

@testable import Setup
@testable import portico

@Suite("A publication reaches every node")
struct NodeTests {
    private func settle(_ app: App, _ house: ConfigurationHouse) async throws {
        let tenant = try #require(app.tenants.tenant(house.company.tenant.slug))
        try await ConfigurationFolder(app.tenants).settle(tenant, app.database.tenant(TxFacts(tenant: tenant.id)))
    }

    /// A second node whose folder is a copy of its own.
    private func other(_ house: ConfigurationHouse) async throws -> (app: App, folder: URL) {
        let (app, home) = try await ConfigurationHouse.house()
        let folder = home.appending(path: "tenants/\(house.company.tenant.slug)")
        try FileManager.default.copyItem(at: house.folder, to: folder)
        await app.tenants.reload()
        return (app, folder)
    }

    @Test("A node with a folder of its own writes what others published, also when it has missed several")
    func follows() async throws {
        let house = try await ConfigurationHouse.fresh()
        let (app, folder) = try await other(house)
        let text = try house.yaml
        for hue in [20, 30] {
            #expect(try await house.publish(text.replacing("hue: 150", with: "hue: \(hue)")).status == 201)
        }
        try await settle(app, house)
        #expect(app.tenants.tenant(house.company.tenant.slug)?.brand.hue == 30)
        #expect(try String(contentsOf: folder.appending(path: "tenant.yaml"), encoding: .utf8) == (try house.yaml))
    }

    @Test("A file that was changed by hand on a node is never overwritten")
    func byHand() async throws {
        let house = try await ConfigurationHouse.fresh()
        let (app, folder) = try await other(house)
        let text = try house.yaml
        try ConfigurationHouse.write(text.replacing("hue: 150", with: "hue: 99"), to: folder)
        #expect(try await house.publish(text.replacing("hue: 150", with: "hue: 20")).status == 201)
        try await settle(app, house)
        #expect(app.tenants.tenant(house.company.tenant.slug)?.brand.hue == 99)
        // And on the publishing node itself: what somebody put back by hand stays back.
        try ConfigurationHouse.write(text, to: house.folder)
        try await settle(house.company.app, house)
        #expect(try house.live.brand.hue == 150)
    }

    @Test("A publisher that died before it wrote the files is caught up with by whoever comes next")
    func crash() async throws {
        let house = try await ConfigurationHouse.fresh()
        let company = house.company
        let next = try house.yaml.replacing("hue: 150", with: "hue: 20")
        let now = try #require(try await company.app.tenants.files(of: company.tenant.slug))
        let draft = PublicationDraft(
            changes: ["tenant.yaml": next], base: now.digest(of: ["tenant.yaml"]), reason: "Then the light went out")
        let walled = company.app.database.tenant(TxFacts(tenant: company.tenant.id, actor: house.admin.id))
        _ = try await walled.write { tx in
            try await Publications(tx: tx, tenants: company.app.tenants, tenant: company.tenant).publish(draft) { _, _ in }
        }
        #expect(try house.live.brand.hue == 150)
        let jobs = try await walled.read(
            Query.value(
                "select count(*) from jobs.queue where tenant_id = \(company.tenant.id) and kind = 'configuration.place'",
                Int.self))
        #expect(jobs == 1)
        try await settle(company.app, house)
        #expect(try house.yaml == next)
        #expect(try house.live.brand.hue == 20)
    }

    @Test("A write that was interrupted is carried out by whoever reads the folder next")
    func interrupted() async throws {
        let house = try await ConfigurationHouse.fresh()
        let journal = house.folder.appending(path: ".publication")
        try FileManager.default.createDirectory(at: journal, withIntermediateDirectories: true)
        let next = try house.yaml.replacing("hue: 150", with: "hue: 20")
        try Data(next.utf8).write(to: journal.appending(path: "file-tenant.yaml"))
        try Data("Neu\n\nText\n".utf8).write(to: journal.appending(path: "file-notices~fault.assigned.de.mustache"))
        try Data("file-..~..~escape".utf8).write(to: journal.appending(path: "removals"))
        await house.company.app.tenants.reload()
        #expect(try house.live.brand.hue == 20)
        #expect(try house.live.configuration.text("fault.assigned", "de") != nil)
        #expect(!FileManager.default.fileExists(atPath: journal.path))
    }
}
