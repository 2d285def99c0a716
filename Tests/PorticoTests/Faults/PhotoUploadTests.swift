import Foundation
import HTTPTypes
import Testing

@testable import portico

@Suite("Photos of a report")
struct PhotoUploadTests {
    @Test(
        "flow 6 (a) a report with two photos beyond 64 KiB, which wait on disk, gives 201, and both open for the manager; (e) tenant B gets 404"
    )
    func upload() async throws {
        let (company, other) = (try await TestCompany.fresh(), try await TestCompany.fresh())
        let (resident, manager) = (try await company.member("resident"), try await company.member("manager"))
        try await company.moveIn(resident, try await company.home())
        let phone = try Data(contentsOf: TestHouse.home.appending(path: "Tests/Harness/phone.jpg"))
        try #require(phone.count > 64 << 10)
        let answer = try await resident.upload(
            [("title", "Riss"), ("description", "neu"), ("category", "structural")], photo: phone, phone)
        try #require(answer.status == 201, "\(answer.text)")
        let id = try #require(answer.json?["faultId"] as? String)
        let photos = try #require(try await manager.api(.get, "/faults/\(id)").json?["photos"] as? [[String: Any]])
        let ids = photos.compactMap { $0["id"] as? String }
        #expect(ids.count == 2)
        #expect(try await other.member("manager").api(.get, "/faults/\(id)").status == 404)
        for path in ids.flatMap({ ["/files/\($0)", "/files/\($0)/thumbnail"] }) {
            let file = try await manager.api(.get, path)
            #expect(file.status == 200)
            #expect(file.headers[.contentType] == "image/jpeg")
            #expect(Array(file.bytes.prefix(3)) == [0xFF, 0xD8, 0xFF])
            #expect(!file.bytes.contains(sequence: Array("Exif".utf8)))
            #expect(try await other.member("manager").api(.get, path).status == 404)
        }
    }

    @Test("A file that is no picture is refused by name and nothing is reported")
    func noPicture() async throws {
        let company = try await TestCompany.fresh()
        let resident = try await company.member("resident")
        try await company.moveIn(resident, try await company.home())
        let answer = try await resident.upload(
            [("title", "Riss"), ("description", "neu"), ("category", "structural")], photo: Data("<svg onload=x>".utf8))
        #expect(answer.status == 415)
        #expect(answer.text.contains("photos"))
        #expect(try await resident.api(.get, "/faults").json?["total"] as? Int == 0)
    }
}

extension TestMember {
    /// As a program that sends multipart, the way a phone's app does.
    func upload(_ fields: [(String, String)], photo: Data...) async throws -> TestAnswer {
        let (body, type) = Self.multipart(fields, photos: photo)
        return try await TestAnswer.of(
            company.app, company.host, .post, "/api/v1/faults", [.authorization: "Bearer \(bearer)", .contentType: type], body)
    }

    static func multipart(_ fields: [(String, String)], photos: [Data]) -> (body: [UInt8], type: String) {
        var body = Data()
        for (name, value) in fields {
            body += Data("--b0undary\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        for photo in photos {
            body += Data("--b0undary\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"p.jpg\"\r\n".utf8)
            body += Data("Content-Type: image/jpeg\r\n\r\n".utf8) + photo + Data("\r\n".utf8)
        }
        return (Array(body + Data("--b0undary--\r\n".utf8)), "multipart/form-data; boundary=b0undary")
    }
}

extension Array where Element == UInt8 {
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        String(decoding: self, as: Unicode.ASCII.self).contains(String(decoding: sequence, as: Unicode.ASCII.self))
    }
}
