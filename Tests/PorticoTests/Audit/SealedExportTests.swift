import Database
import Foundation
import HTTPTypes
import Testing

@testable import portico

@Suite("Signed exports of the audit log")
struct SealedExportTests {
    private static let check = [
        "cms", "-verify", "-binary", "-inform", "DER", "-in", "audit.csv.p7s", "-content", "audit.csv", "-CAfile",
        "certificate.pem",
        "-out", "/dev/null"
    ]

    @Test("openssl accepts what an admin exports, and refuses it after one changed byte")
    func verifies() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        let fault = try await TestFault.reported(in: company)
        let answer = try await admin.post("/admin/audit/export?entity=fault")
        #expect(answer.status == 200 && answer.headers[.contentType] == "application/zip")
        #expect(answer.headers[.contentDisposition]?.contains("audit-\(company.tenant.slug)-") == true)
        let folder = try unpack(answer)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try Program.run("/usr/bin/openssl", Self.check, in: folder).status == 0)
        let csv = folder.appending(path: "audit.csv")
        var bytes = try Data(contentsOf: csv)
        #expect(String(decoding: bytes, as: UTF8.self) == (try await admin.get("/admin/audit.csv?entity=fault")).text)
        #expect(String(decoding: bytes, as: UTF8.self).contains(fault.number))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: csv)
        #expect(try Program.run("/usr/bin/openssl", Self.check, in: folder).status != 0)
        #expect(try String(contentsOf: folder.appending(path: "README.txt"), encoding: .utf8).contains(company.tenant.name))
        #expect(try await admin.api(.get, "/admin/audit?action=audit.exported&q=signed").json?["total"] as? Int == 1)
    }

    @Test(
        "All exports of a company bear one certificate, whose fingerprint stands on the seals' page; another company has its own")
    func certificate() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        #expect(try await admin.get("/admin/audit/certificates.pem").status == 404)
        var seen: Set<String> = []
        for _ in 0..<2 {
            let folder = try unpack(try await admin.api(.post, "/admin/audit/export"))
            defer { try? FileManager.default.removeItem(at: folder) }
            seen.insert(try String(contentsOf: folder.appending(path: "certificate.pem"), encoding: .utf8))
            let arguments = ["x509", "-in", "certificate.pem", "-noout", "-fingerprint", "-sha256"]
            let printed = try Program.run("/usr/bin/openssl", arguments, in: folder).text
            let fingerprint = printed.split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? "?"
            #expect(try await admin.get("/admin/audit/seals").text.contains(fingerprint))
            #expect(try await admin.api(.get, "/admin/audit/seals").json?["certificate"] as? String == fingerprint)
        }
        #expect(seen.count == 1)
        #expect(try await admin.get("/admin/audit/certificates.pem").text == seen.first)
        let other = try await TestCompany.fresh().member("admin")
        let folder = try unpack(try await other.api(.post, "/admin/audit/export"))
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(!seen.contains(try String(contentsOf: folder.appending(path: "certificate.pem"), encoding: .utf8)))
    }

    @Test("The private key lies sealed in the database, and nothing of an export stays on the disk")
    func hidden() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        let folder = try unpack(try await admin.api(.post, "/admin/audit/export"))
        try FileManager.default.removeItem(at: folder)
        let key = try await company.walled.read(
            Query.value("select private_key from app.seal_key where tenant_id = \(company.tenant.id)", [UInt8].self))
        // A P-256 key in DER names its curve (1.2.840.10045.3.1.7); what is sealed does not.
        let curve: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        #expect(!key.indices.contains { key[$0...].starts(with: curve) })
    }

    @Test("Five first exports at once share one key")
    func once() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<5 { group.addTask { try await admin.api(.post, "/admin/audit/export").status } }
            for try await status in group { #expect(status == 200) }
        }
        let keys = try await company.walled.read(
            Query.value("select count(*) from app.seal_key where tenant_id = \(company.tenant.id)", Int.self))
        #expect(keys == 1)
    }

    private func unpack(_ answer: TestAnswer) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(answer.bytes).write(to: folder.appending(path: "audit.zip"))
        let status = try Program.run("/usr/bin/python3", ["-m", "zipfile", "-e", "audit.zip", "."], in: folder).status
        #expect(status == 0)
        return folder
    }
}
