import Database
import Foundation
import Identity
import Jobs
import Outbound
import Storage
import Testing

@testable import Operations
@testable import portico

@Suite("A report while the storage is down", .serialized)
struct DeadStorageTests {
    private let report = [("title", "Riss"), ("description", "neu"), ("category", "structural")]

    private func phone() throws -> Data { try Data(contentsOf: TestHouse.home.appending(path: "Tests/Harness/phone.jpg")) }

    private func waiting(_ company: TestCompany) async throws -> Int {
        try await company.walled.read(
            Query.value(
                "select count(*) from app.blob_spool where tenant_id = \(company.tenant.id) and stored_at is null", Int.self))
    }

    private func keys(_ company: TestCompany) async throws -> [String] {
        try await company.walled.read(
            Query.values(
                """
                select unnest(array[object_key, thumb_key]) from app.fault_photo where tenant_id = \(company.tenant.id)
                """, String.self))
    }

    @Test("flow 6 (c) storage stopped: still 201, photos visible, flushed later")
    func stopped() async throws {
        let moto = try await Moto()
        let settings = try TestHouse.settings(moto.environment)
        let company = try await TestCompany.fresh(in: try await App.build(settings, logger: TestHouse.logger))
        let (resident, stranger) = (try await company.member("resident"), try await TestCompany.fresh().member("manager"))
        try await company.moveIn(resident, try await company.home())
        moto.stop()
        let answer = try await resident.upload(report, photo: try phone())
        try #require(answer.status == 201, "\(answer.text)")
        #expect(try await waiting(company) == 2)
        let photo = try await photo(answer, resident)
        func look() async throws {
            for path in ["/files/\(photo)", "/files/\(photo)/thumbnail"] {
                let file = try await resident.api(.get, path)
                #expect(file.status == 200 && file.bytes.starts(with: [0xFF, 0xD8, 0xFF]))
                #expect(try await stranger.api(.get, path).status == 404)
            }
        }
        try await look()
        // Tried while it is down: nothing happens to what waits.
        try await company.drainJobs()
        #expect(try await waiting(company) == 2)
        try await look()
        let again = try await Moto(port: moto.port)
        let later = try await App.build(settings, logger: TestHouse.logger, now: { Date() })
        try await company.walled.write { tx in try tx.enqueue(FlushSpool()) }
        try await later.worker().drain()
        #expect(try await waiting(company) == 0)
        try await look()
        let store = ObjectStore(bucket: try again.bucket, outbound: Outbound())
        #expect(try await Set(store.list(tenant: company.tenant.id)) == Set(keys(company)))
        // Two minutes later nobody needs the spool any more.
        try await company.walled.write { tx in
            try await tx.execute(
                "update app.blob_spool set stored_at = now() - interval '3 minutes' where tenant_id = \(company.tenant.id)")
            try await tx.execute(
                "update jobs.queue set run_at = now() where tenant_id = \(company.tenant.id) and kind = \(ClearSpool.kind)")
        }
        try await later.worker().drain()
        let left = try await company.walled.read(
            Query.value("select count(*) from app.blob_spool where tenant_id = \(company.tenant.id)", Int.self))
        #expect(left == 0)
    }

    @Test("K8 a visitor's report with a photo is taken, too, twice, and its photo is shown and flushed later")
    func visitor() async throws {
        let moto = try await Moto()
        let settings = try TestHouse.settings(moto.environment)
        let house = try await VisitorHouse.fresh(in: try await App.build(settings, logger: TestHouse.logger))
        moto.stop()
        for count in 1...2 {
            let answer = try await house.visitor.post("/r/\(house.code)", house.form(), photo: try phone())
            let link = try #require(answer.location, "\(answer.text)")
            #expect(try await waiting(house.company) == 2 * count)
            let page = try await house.visitor.get(link).text
            let photo = try #require(page.firstMatch(of: /\/photos\/[0-9a-f-]{36}/)).output
            #expect(try await house.visitor.get("\(link)\(photo)").status == 200)
        }
        let kinds = try await house.company.walled.read(
            Query.values("select distinct kind from jobs.queue where tenant_id = \(house.company.tenant.id)", String.self))
        #expect(kinds.contains(FlushSpool.kind))
        let again = try await Moto(port: moto.port)
        let later = try await App.build(settings, logger: TestHouse.logger, now: { Date() })
        try await later.worker().drain()
        try await house.company.walled.write { tx in try tx.enqueue(FlushSpool()) }
        try await later.worker().drain()
        #expect(try await waiting(house.company) == 0)
        let store = ObjectStore(bucket: try again.bucket, outbound: Outbound())
        #expect(try await Set(store.list(tenant: house.company.tenant.id)) == Set(keys(house.company)))
    }

    @Test("A report that is refused leaves nothing in the spool, and a photo that cannot be read is 503")
    func refused() async throws {
        let moto = try await Moto()
        let app = try await App.build(try TestHouse.settings(moto.environment), logger: TestHouse.logger)
        let company = try await TestCompany.fresh(in: app)
        let resident = try await company.member("resident")
        try await company.moveIn(resident, try await company.home())
        let photo = try await photo(try await resident.upload(report, photo: try phone()), resident)
        #expect(try await waiting(company) == 0)
        moto.stop()
        let foreign = report + [("unit_id", UUID().uuidString)]
        #expect(try await resident.upload(foreign, photo: try phone()).status == 404)
        #expect(try await waiting(company) == 0)
        let file = try await resident.api(.get, "/files/\(photo)")
        #expect(file.status == 503 && file.code == "storage_unavailable")
    }

    private func photo(_ answer: TestAnswer, _ member: TestMember) async throws -> String {
        let id = try #require(answer.json?["faultId"] as? String)
        let photos = try await member.api(.get, "/faults/\(id)").json?["photos"] as? [[String: Any]]
        return try #require(photos?.first?["id"] as? String)
    }

    @Test("K8 killed right after the 201: the photo is shown by the next server and reaches the storage when that is back")
    func killed() async throws {
        let port = try Moto.freePort()
        let moto = [
            "PORTICO_S3_ENDPOINT": "http://127.0.0.1:\(port)", "PORTICO_S3_BUCKET": "portico-test", "PORTICO_S3_KEY": "key",
            "PORTICO_S3_SECRET": "secret", "PORTICO_S3_REGION": "eu-central-1"
        ]
        let company = try await lindenhof()
        let resident = try await company.member("resident")
        try await company.moveIn(resident, try await company.home())
        let first = try await OwnServer(moto)
        let (body, type) = TestMember.multipart(report, photos: [try phone()])
        let answer = try await first.ask(.post, "/api/v1/faults", resident, body, type)
        try #require(answer.status == 201, "\(String(decoding: answer.body, as: UTF8.self))")
        first.kill()
        #expect(try await waiting(company) >= 2)
        let back = try await Moto(port: port)
        let second = try await OwnServer(moto)
        let photo = try await company.walled.read(
            Query.value(
                """
                select id from app.fault_photo where tenant_id = \(company.tenant.id) and added_by = \(resident.id)
                """, UUID.self))
        for _ in 1...2 {
            let file = try await second.ask(.get, "/api/v1/files/\(photo.text)", resident)
            #expect(file.status == 200 && file.body.starts(with: [0xFF, 0xD8, 0xFF]))
            try await eventually(within: .seconds(60), "it is flushed") { try await waiting(company) == 0 }
        }
        let store = ObjectStore(bucket: try back.bucket, outbound: Outbound())
        #expect(try await store.list(tenant: company.tenant.id).count >= 2)
        second.kill()
    }

    /// The company that a server finds in `tenants`; the in-process house knows it, too.
    private func lindenhof() async throws -> TestCompany {
        let app = try await TestHouse.shared.value
        let tenant = try #require(app.tenants.all.first { $0.slug == "lindenhof" })
        return TestCompany(app: app, tenant: tenant, host: "lindenhof.localhost")
    }
}

/// `portico serve` as a process of its own, to be killed.
private final class OwnServer {
    private let process = Process()
    private let port: Int

    init(_ more: [String: String]) async throws {
        port = try Moto.freePort()
        process.executableURL = URL(filePath: PhotoFixture.executable)
        process.arguments = ["serve", "--role", "all"]
        process.environment = ProcessInfo.processInfo.environment.merging(more) { $1 }.merging([
            "PORTICO_HOME": TestHouse.home.path, "PORTICO_PORT": String(port), "PORTICO_LOG": "critical",
            "PORTICO_SECRET": String(repeating: "test-secret-", count: 4),
            "PORTICO_SEAL_KEYS": String(repeating: "5a", count: 32)
        ]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        try await eventually(within: .seconds(60), "the server answers") {
            let request = OutboundRequest(.get, "http://127.0.0.1:\(port)/health", entered: .byOperator)
            return (try? await Outbound().send(request, to: OutboundService("own", tenant: 0))) != nil
        }
    }

    deinit { kill() }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func ask(
        _ method: OutboundRequest.Method, _ path: String, _ member: TestMember, _ body: [UInt8] = [], _ type: String? = nil
    ) async throws -> OutboundAnswer {
        var fields = [OutboundField("Host", member.company.host), OutboundField("Authorization", "Bearer \(member.bearer)")]
        if let type { fields.append(OutboundField("Content-Type", type)) }
        let request = OutboundRequest(
            method, "http://127.0.0.1:\(port)\(path)", entered: .byOperator, fields: fields, body: body, total: .seconds(60),
            mostBytes: 32 << 20)
        return try await Outbound().send(request, to: OutboundService("own", tenant: 0))
    }
}
