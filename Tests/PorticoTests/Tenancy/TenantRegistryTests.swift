import Foundation
import Testing

@testable import Tenancy

@Suite("Tenant registry")
struct TenantRegistryTests {
    private func yaml(_ name: String, _ host: String) -> String { TenancyFixture.yaml(name: name, hosts: "[\(host)]") }

    @Test(
        "A host is found in any case, with port and trailing dot, and only exactly",
        arguments: [
            ("acme.example", true), ("ACME.Example", true), ("acme.example:8000", true), ("acme.example.", true),
            ("Acme.Example.:443", true),
            ("www.acme.example", false), ("acme.example.evil", false), ("acme.example..", false), ("acme.example:", true),
            ("", false),
            ("acme.example:80x", false), ("acme.example:1:2", false), ("[::1]:80", false), ("a\u{212A}me.example", false),
            ("acme.example/", false)
        ])
    func hosts(host: String, isFound: Bool) async throws {
        let folder = try SampleFolder(["acme": yaml("Acme", "acme.example")])
        let tenants = folder.tenants()
        await tenants.reload()
        #expect((tenants.lookup(host: host) != nil) == isFound)
    }

    @Test("A tenant keeps its number, and is found by slug and number")
    func numbers() async throws {
        let folder = try SampleFolder(["acme": yaml("Acme", "acme.example"), "beta": yaml("Beta", "beta.example")])
        let tenants = folder.tenants()
        let first = await tenants.reload()
        #expect((first.changed, first.removed) == (["acme", "beta"], []))
        #expect((tenants.tenant("beta")?.id, tenants.tenant(id: 2)?.name) == (2, "Beta"))
        try folder.write(yaml("Beta Two", "beta.example"), "beta")
        #expect(await tenants.reload().changed == ["beta"])
        #expect(tenants.tenant(id: 2)?.name == "Beta Two")
        #expect(await tenants.reload().changed == [])
    }

    @Test("T49: a bad file keeps the last good configuration live, and says so for that tenant alone")
    func lastGood() async throws {
        let folder = try SampleFolder(["acme": yaml("Acme", "acme.example"), "beta": yaml("Beta", "beta.example")])
        let tenants = folder.tenants()
        await tenants.reload()
        try folder.write(yaml("Changed", "acme.example") + "oops: 1\n", "acme")
        let reload = await tenants.reload()
        #expect((reload.changed, tenants.lookup(host: "acme.example")?.name) == ([], "Acme"))
        #expect(tenants.problems(of: "acme").map(\.line) == [11])
        #expect(tenants.problems(of: "beta") == [])
        try folder.write(yaml("Changed", "acme.example"), "acme")
        await tenants.reload()
        #expect((tenants.problems, tenants.lookup(host: "acme.example")?.name) == ([], "Changed"))
    }

    @Test("A tenant that is removed is gone; a folder that becomes empty or unreadable removes nobody")
    func removed() async throws {
        let folder = try SampleFolder(["acme": yaml("Acme", "acme.example"), "beta": yaml("Beta", "beta.example")])
        let tenants = folder.tenants()
        await tenants.reload()
        try folder.remove("beta")
        #expect(await tenants.reload().removed == ["beta"])
        #expect(tenants.lookup(host: "beta.example") == nil && tenants.tenant("beta") == nil)
        try folder.remove("acme")
        #expect(await tenants.reload().problems.first?.message.contains("is empty") == true)
        #expect(tenants.lookup(host: "acme.example") != nil)
        try FileManager.default.removeItem(atPath: folder.root)
        #expect(await tenants.reload().problems.first?.message.contains("cannot be read") == true)
        #expect(tenants.lookup(host: "acme.example") != nil)
    }

    @Test("A host that a second tenant claims stays with the first; the claimant keeps what it had")
    func hostClaimed() async throws {
        let folder = try SampleFolder(["acme": yaml("Acme", "acme.example"), "beta": yaml("Beta", "beta.example")])
        let tenants = folder.tenants()
        await tenants.reload()
        try folder.write(yaml("Beta Two", "beta.example, acme.example"), "beta")
        try folder.write(yaml("Aaaa", "acme.example"), "aaaa")
        let reload = await tenants.reload()
        #expect(reload.problems.map { "\($0.tenant) \($0.line) \($0.keyPath)" } == ["aaaa 2 hosts.1", "beta 2 hosts.2"])
        #expect(reload.problems.first?.message.contains("tenant \"acme\" (\(folder.root)/acme/tenant.yaml:2)") == true)
        #expect(tenants.lookup(host: "acme.example")?.slug == "acme")
        #expect(tenants.lookup(host: "beta.example")?.name == "Beta")
        #expect(tenants.tenant("aaaa") == nil)
    }

    @Test("When nobody has the host yet, neither claimant gets it")
    func hostClaimedTwice() async throws {
        let folder = try SampleFolder([
            "acme": yaml("A", "x.example"), "beta": yaml("B", "x.example"), "gamma": yaml("C", "g.example")
        ])
        let report = TenantCheck.run(folder.root, rules: TenancyFixture.rules)
        #expect(report.tenants == ["gamma"])
        #expect(report.problems.map(\.tenant) == ["acme", "beta"])
        let tenants = folder.tenants()
        await tenants.reload()
        #expect(tenants.lookup(host: "x.example") == nil)
    }

    @Test("Two tenants may swap hosts in one step")
    func swap() async throws {
        let folder = try SampleFolder(["acme": yaml("A", "a.example"), "beta": yaml("B", "b.example")])
        let tenants = folder.tenants()
        await tenants.reload()
        try folder.write(yaml("A", "b.example"), "acme")
        try folder.write(yaml("B", "a.example"), "beta")
        #expect(await tenants.reload().problems == [])
        #expect((tenants.lookup(host: "a.example")?.slug, tenants.lookup(host: "b.example")?.slug) == ("beta", "acme"))
    }

    @Test("A tenant without a number from the database stays out and is asked for again")
    func unregistered() async throws {
        let folder = try SampleFolder(["acme": yaml("A", "a.example"), "beta": yaml("B", "b.example")])
        struct Down: Error {}
        let tenants = Tenants(root: folder.root, rules: TenancyFixture.rules, settle: .zero, logger: .init(label: "t")) { slug in
            if slug == "acme" { throw Down() }
            return 7
        }
        await tenants.reload()
        #expect((tenants.all.map(\.slug), tenants.problems.map(\.tenant)) == (["beta"], ["acme"]))
        #expect(tenants.snapshot.isUnfinished)
    }

    @Test("Folders that are no slugs, links out of the folder and special files are refused")
    func folders() async throws {
        let folder = try SampleFolder(["acme": yaml("A", "a.example"), "Bad Name": yaml("B", "b.example")])
        try folder.write("README", ".hidden")
        let files = FileManager.default
        try files.createDirectory(atPath: folder.root + "/beta", withIntermediateDirectories: true)
        try files.createSymbolicLink(atPath: folder.root + "/beta/tenant.yaml", withDestinationPath: "../acme/tenant.yaml")
        try files.createDirectory(atPath: folder.root + "/gamma", withIntermediateDirectories: true)
        mkfifo(folder.root + "/gamma/tenant.yaml", 0o600)
        try files.createDirectory(atPath: folder.root + "/delta", withIntermediateDirectories: true)
        let report = TenantCheck.run(folder.root, rules: TenancyFixture.rules)
        #expect(report.tenants == ["acme"])
        #expect(
            report.problems.map(\.message) == [
                "the folder's name must be 2 to 40 lower-case letters, digits or hyphens and begin with a letter",
                "leads out of the tenant's folder", "the file does not exist", "is not a regular file"
            ])
        let json = try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any]
        #expect((json?["problems"] as? [[String: Any]])?.count == 4)
    }

    @Test("20 readers during reloads see one whole configuration each time", .timeLimit(.minutes(1)))
    func readers() async throws {
        let folder = try SampleFolder(["acme": yaml("Even", "acme.example, even.example")])
        let tenants = folder.tenants()
        await tenants.reload()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    var looks = 0
                    while !Task.isCancelled {
                        let tenant = try #require(tenants.lookup(host: "acme.example"))
                        #expect(tenant.hosts.last == (tenant.name == "Even" ? "even.example" : "odd.example"))
                        looks += 1
                        await Task.yield()
                    }
                    return looks
                }
            }
            for round in 1...60 {
                let name = round.isMultiple(of: 2) ? "Even" : "Odd"
                try folder.write(yaml(name, "acme.example, \(name.lowercased()).example"), "acme")
                await tenants.reload()
                #expect(tenants.lookup(host: "acme.example")?.name == name)
            }
            group.cancelAll()
            for try await looks in group { #expect(looks > 0) }
        }
    }

    @Test("An adopted tenant lives beside the folder's and survives reloads")
    func adopted() async throws {
        let folder = try SampleFolder(["acme": yaml("A", "a.example")])
        let tenants = folder.tenants()
        await tenants.reload()
        let tenant = try await tenants.adopt(TenantFolder.read(yaml("T", "t.example"), slug: "t1", rules: TenancyFixture.rules))
        await tenants.reload()
        #expect((tenants.lookup(host: "t.example")?.id, tenants.lookup(host: "a.example")?.slug) == (tenant.id, "acme"))
    }
}
