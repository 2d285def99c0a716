import Database
import Foundation
import Testing

@testable import Privacy
@testable import portico

@Suite("A person's data as a file")
struct DataExportTests {
    private func unpack(_ answer: TestAnswer) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(answer.bytes).write(to: folder.appending(path: "x.zip"))
        let done = try Program.run(
            "/usr/bin/python3", ["-c", "import zipfile; zipfile.ZipFile('x.zip').extractall('.')"], in: folder)
        try #require(done.status == 0, "\(done.text)")
        return folder
    }

    private func text(_ folder: URL, _ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    @Test(
        "A member asks for their own, a job packs it, and they fetch every list as JSON and CSV with their own photos; all of it is in the log"
    )
    func own() async throws {
        let company = try await TestCompany.fresh()
        let (admin, person) = (try await company.member("admin"), try await company.member("resident", name: "=Nora Blum"))
        let other = try await company.member("resident", name: "Otto Other")
        let home = try await company.home("4.2")
        for one in [person, other] { try await company.moveIn(one, home) }
        _ = try await TestFault.report(by: person, unit: home.unit)
        _ = try await TestFault.report(by: other, unit: home.unit)
        #expect(try await person.get("/account/exports").text.contains("Noch kein Export"))
        #expect(try await person.post("/account/exports").location == "/account/exports")
        #expect(try await person.get("/account/exports").text.contains("Wird erstellt"))
        try await company.drainJobs()
        let listed = try await person.api(.get, "/me/exports").items
        #expect(listed.count == 1 && listed.first?["state"] as? String == "ready")
        let id = try #require(listed.first?["id"] as? String)
        let file = try await person.get("/account/exports/\(id)/file")
        #expect(file.status == 200 && file.headers[.contentType] == "application/zip")
        let folder = try unpack(file)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try text(folder, "account.json").contains("=Nora Blum"))
        #expect(try text(folder, "account.csv").contains("'=Nora Blum"), "T37")
        #expect(try text(folder, "units.csv").contains("4.2") && text(folder, "README.txt").contains(company.tenant.name))
        #expect(try text(folder, "faults.csv").split(separator: "\r\n").count == 2)
        let all = try FileManager.default.contentsOfDirectory(atPath: folder.path).map { name in
            name.hasSuffix(".zip") ? "" : try text(folder, name)
        }.joined()
        #expect(!all.contains("Otto Other") && !all.contains(other.id.text), "nobody else's data")
        for action in ["member.data_requested", "member.data_fetched"] {
            #expect(try await company.trail(admin, of: person, action).count == 1, "\(action)")
        }
        #expect(try await person.get("/notifications").text.contains("Kopie Ihrer Daten ist bereit"))
    }

    @Test("Somebody of the office with the right does it for a person, who sees that; others see nothing")
    func forOthers() async throws {
        let company = try await TestCompany.whereManagers(may: "people:export")
        let (admin, manager) = (try await company.member("admin"), try await company.member("manager", name: "Mo"))
        let (person, stranger) = (try await company.member("resident"), try await company.member("resident"))
        #expect(try await manager.api(.post, "\(person.path)/exports").status == 201)
        #expect(try await manager.api(.post, "\(admin.path)/exports").status == 403)
        try await company.drainJobs()
        let id = try #require(try await manager.api(.get, "\(person.path)/exports").items.first?["id"] as? String)
        #expect(try await manager.get("\(person.path)/exports/\(id)/file").status == 200)
        #expect(try await person.get("/account/exports").text.contains("Mo"))
        #expect(try await person.get("/account/exports/\(id)/file").status == 200)
        #expect(try await stranger.get("/account/exports/\(id)/file").status == 404)
        #expect(try await stranger.get("\(person.path)/exports").status == 403)
        #expect(try await manager.get("\(stranger.path)/exports/\(id)/file").status == 404)
        let abroad = try await TestCompany.fresh().member("admin")
        #expect(try await abroad.get("\(person.path)/exports/\(id)/file").status == 404)
        #expect(try await admin.api(.get, "\(person.path)/exports").json?["total"] as? Int == 1)
    }

    @Test("It needs a fresh proof, packs one at a time, ends after seven days, and its object goes the night after")
    func ends() async throws {
        let company = try await TestCompany.fresh()
        let person = try await company.member("resident")
        #expect(try await person.api(.post, "/me/exports").status == 201)
        #expect(try await person.api(.post, "/me/exports").status == 201)
        #expect(try await company.count("app.data_export where member_id = \(person.id)") == 1, "one that waits will do")
        try await person.grow()
        #expect(try await person.api(.post, "/me/exports").code == "proof_required")
        try await company.drainJobs()
        let id = try #require(try await person.api(.get, "/me/exports").items.first?["id"] as? String)
        let key = try await company.walled.read(
            Query.value("select object_key from app.data_export where member_id = \(person.id)", String.self))
        #expect(try await company.app.parts.store.size(key) != nil)
        try await company.run(
            "update app.data_export set expires_at = now() - interval '1 second' where member_id = \(person.id)")
        #expect(try await person.api(.get, "/me/exports/\(id)/file").status == 410)
        #expect(try await person.get("/account/exports").text.contains("Abgelaufen"))
        _ = try await company.walled.write { tx in try tx.enqueue(ExpireDataExports(due: Date())) }
        try await company.drainJobs()
        #expect(try await company.app.parts.store.size(key) == nil)
        #expect(try await company.count("app.data_export where member_id = \(person.id) and object_key is null") == 1)
    }
}
