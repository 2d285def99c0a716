import Archive
import Foundation
import Signing
import Testing

/// Checked with openssl's own command, as whoever receives an export would.
@Suite struct SealIdentityTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "seal-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test func opensslAcceptsASignatureAndRefusesTheFileAfterOneChangedByte() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let now = Date()
        let identity = try SealIdentity.make(organisation: "Lindenhof & Söhne GmbH", purpose: "Audit log", from: now, years: 10)
        let content = folder.appending(path: "log.csv")
        try Data("a,b\r\n1,2\r\n".utf8).write(to: content)
        try Data(identity.sign(file: content.path)).write(to: folder.appending(path: "log.csv.p7s"))
        try Data(identity.pem.utf8).write(to: folder.appending(path: "certificate.pem"))
        #expect(try verified() == 0)
        try Data("a,b\r\n1,3\r\n".utf8).write(to: content)
        #expect(try verified() != 0)
        let other = try SealIdentity.make(organisation: "Somebody else", purpose: "Audit log", from: now, years: 10)
        try Data("a,b\r\n1,2\r\n".utf8).write(to: content)
        try Data(other.pem.utf8).write(to: folder.appending(path: "certificate.pem"))
        #expect(try verified() != 0)
    }

    @Test func aCertificateNamesTheCompanyHoweverLongItsNameIs() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = String(repeating: "Häuser", count: 40)
        let identity = try SealIdentity.make(
            organisation: name, purpose: "x", from: Date(timeIntervalSince1970: 1_800_000_000), years: 3)
        try Data(identity.pem.utf8).write(to: folder.appending(path: "certificate.pem"))
        let text = try openssl([
            "x509", "-in", "certificate.pem", "-noout", "-subject", "-enddate", "-nameopt", "utf8,sep_comma_plus"
        ]
        ).text
        #expect(text.contains(String(name.unicodeScalars.prefix(64).map(Character.init))))
        #expect(text.contains("2030"))
    }

    @Test func whatIsNoKeySignsNothing() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "x").path
        try Data([1]).write(to: URL(filePath: path))
        #expect(throws: SigningError.self) { try SealIdentity(certificate: [1, 2, 3], privateKey: []).sign(file: path) }
        let identity = try SealIdentity.make(organisation: "A", purpose: "B", from: Date(), years: 1)
        #expect(throws: SigningError.self) { try identity.sign(file: path + "-missing") }
    }

    @Test func aZipUnpacksToWhatWentIn() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let big = folder.appending(path: "big")
        let bytes = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try bytes.write(to: big)
        try ZipFile.write(
            [.init("a.txt", .bytes(Array("hello".utf8))), .init("big.bin", .file(big.path))],
            to: folder.appending(path: "x.zip").path, at: Date(timeIntervalSince1970: 1_800_000_000))
        let unpack = "import sys, zipfile; z = zipfile.ZipFile('x.zip'); assert z.testzip() is None; z.extractall('out')"
        #expect(try Program.run("/usr/bin/python3", ["-c", unpack], in: folder).status == 0)
        #expect(try Data(contentsOf: folder.appending(path: "out/a.txt")) == Data("hello".utf8))
        #expect(try Data(contentsOf: folder.appending(path: "out/big.bin")) == bytes)
    }

    private func verified() throws -> Int32 {
        try openssl([
            "cms", "-verify", "-binary", "-inform", "DER", "-in", "log.csv.p7s", "-content", "log.csv", "-CAfile",
            "certificate.pem",
            "-out", "/dev/null"
        ]).status
    }

    private func openssl(_ arguments: [String]) throws -> (status: Int32, text: String) {
        try Program.run("/usr/bin/openssl", arguments, in: folder)
    }
}
