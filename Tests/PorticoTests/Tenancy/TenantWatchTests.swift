import Foundation
import Testing

@testable import Tenancy

@Suite("Watching the folder of tenants", .timeLimit(.minutes(1)))
struct TenantWatchTests {
    private func watched(
        _ folder: SampleFolder, settle: Duration = .milliseconds(30), _ body: (Tenants) async throws -> Void
    ) async throws {
        let tenants = folder.tenants(settle: settle)
        await tenants.reload()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await tenants.watch(every: .milliseconds(20)) }
            try await body(tenants)
            group.cancelAll()
        }
    }

    private func eventually(_ condition: () -> Bool) async throws {
        for _ in 0..<500 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(condition())
    }

    @Test("A change, a broken file and its repair are noticed")
    func change() async throws {
        let folder = try SampleFolder(["acme": TenancyFixture.yaml()])
        try await watched(folder) { tenants in
            try folder.write(TenancyFixture.yaml(name: "Two"), "acme")
            try await eventually { tenants.tenant("acme")?.name == "Two" }
            try folder.write("name: [", "acme")
            try await eventually { !tenants.problems(of: "acme").isEmpty }
            #expect(tenants.lookup(host: "acme.example")?.name == "Two")
            try folder.write(TenancyFixture.yaml(name: "Three"), "acme")
            try await eventually { tenants.tenant("acme")?.name == "Three" && tenants.problems.isEmpty }
        }
    }

    @Test("A file that is written in pieces goes live once, when it is whole")
    func torn() async throws {
        let folder = try SampleFolder(["acme": TenancyFixture.yaml()])
        let whole = TenancyFixture.yaml(name: "Whole", more: "features: {photos: false}\n")
        try await watched(folder, settle: .milliseconds(500)) { tenants in
            let path = folder.root + "/acme/tenant.yaml"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            let file = try #require(FileHandle(forWritingAtPath: path))
            for line in whole.split(separator: "\n", omittingEmptySubsequences: false) {
                try file.write(contentsOf: Data((line + "\n").utf8))
                try await Task.sleep(for: .milliseconds(10))
                let tenant = try #require(tenants.tenant("acme"))
                #expect(tenant.name == "Acme" || !tenant.has("photos"))
            }
            try file.close()
            try await eventually { tenants.tenant("acme")?.name == "Whole" }
        }
    }

    @Test("A folder replaced as a whole never leaves a moment without tenants")
    func replaced() async throws {
        let folder = try SampleFolder(["acme": TenancyFixture.yaml(name: "Old")])
        try await watched(folder) { tenants in
            let next = folder.root + "-next"
            let files = FileManager.default
            try files.copyItem(atPath: folder.root, toPath: next)
            try Data(TenancyFixture.yaml(name: "New").utf8).write(to: URL(filePath: next + "/acme/tenant.yaml"))
            try files.moveItem(atPath: folder.root, toPath: folder.root + "-old")
            try files.moveItem(atPath: next, toPath: folder.root)
            for _ in 0..<20 {
                #expect(tenants.lookup(host: "acme.example") != nil)
                try await Task.sleep(for: .milliseconds(10))
            }
            try await eventually { tenants.tenant("acme")?.name == "New" }
            try files.removeItem(atPath: folder.root + "-old")
        }
    }

    @Test("Links swapped the way Kubernetes does it are noticed")
    func links() async throws {
        let folder = try SampleFolder()
        let acme = folder.root + "/acme"
        let files = FileManager.default
        for (name, text) in [("..1", TenancyFixture.yaml(name: "One")), ("..2", TenancyFixture.yaml(name: "Two"))] {
            try files.createDirectory(atPath: "\(acme)/\(name)", withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: "\(acme)/\(name)/tenant.yaml"))
        }
        try files.createSymbolicLink(atPath: acme + "/..data", withDestinationPath: "..1")
        try files.createSymbolicLink(atPath: acme + "/tenant.yaml", withDestinationPath: "..data/tenant.yaml")
        try await watched(folder) { tenants in
            #expect(tenants.tenant("acme")?.name == "One")
            try files.createSymbolicLink(atPath: acme + "/..tmp", withDestinationPath: "..2")
            rename(acme + "/..tmp", acme + "/..data")
            try await eventually { tenants.tenant("acme")?.name == "Two" }
        }
    }
}
