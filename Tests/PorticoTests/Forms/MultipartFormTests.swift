import Forms
import Foundation
import NIOCore
import Testing

@Suite struct MultipartFormTests {
    let photo = [UInt8]((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })

    @Test("fields and files arrive whole, wherever the stream is cut", arguments: [1, 2, 3, 5, 7, 64, 4096, 1 << 20])
    func cuts(_ chunk: Int) async throws {
        let content = chunk < 64 ? Array(photo.prefix(2000)) : photo
        let tricky = Array("--XyZ\r\n\r\n--Xy\r\n--X\r\r\n-".utf8)
        let form = try await FormSample.multipart(
            [
                ("name=\"title\"", Array("Küche tropft".utf8)), ("name=\"photos\"; filename=\"a.jpg\"", content),
                ("name=\"photos\"; filename=\"b.jpg\"", tricky), ("name=\"empty\"", []), ("name=\"none\"; filename=\"\"", [])
            ], chunk: chunk)
        #expect(form.single("title") == "Küche tropft" && form.single("empty") == "")
        #expect(form.files.map(\.filename) == ["a.jpg", "b.jpg"])
        #expect(try await form.files[0].bytes() == content)
        #expect(try await form.files[1].bytes() == tricky)
        #expect(form.files[0].size == content.count)
    }

    @Test("files beyond 64 KiB go to a disk file without a name, smaller ones stay in memory")
    func spooling() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spool-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let body = FormSample.multipartBytes([("name=\"p\"; filename=\"a\"", photo), ("name=\"p\"; filename=\"b\"", [1, 2])])
        let chunks = AsyncStream { stream in
            for start in stride(from: 0, to: body.count, by: 10_000) {
                stream.yield(ByteBuffer(bytes: body[start...].prefix(10_000)))
            }
            stream.finish()
        }
        let reader = BodyReader(spool: Spool(folder: folder.path))
        let form = try await reader.read(chunks, contentType: FormSample.multipartType)
        #expect(try await form.files[0].bytes() == photo)
        #expect(try await form.files[1].bytes() == [1, 2])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("a spool folder that is not there is an error of the disk, not of the sender")
    func noDisk() async throws {
        let body = ByteBuffer(bytes: FormSample.multipartBytes([("name=\"p\"; filename=\"a\"", photo)]))
        let reader = BodyReader(spool: Spool(folder: "/nowhere"))
        await #expect(throws: SpoolError.self) {
            try await reader.read(
                AsyncStream {
                    $0.yield(body); $0.finish()
                }, contentType: FormSample.multipartType)
        }
    }

    @Test("T41 fields, files and the whole at the limit and one beyond")
    func limits() async {
        var limits = FormLimits()
        limits.field = 100
        limits.file = 1000
        limits.files = 2
        limits.memory = 300
        func status(_ parts: [(head: String, content: [UInt8])]) async -> Int {
            await FormSample.status { try await FormSample.multipart(parts, limits: limits, chunk: 77) }
        }
        func bytes(_ count: Int) -> [UInt8] { Array(repeating: 120, count: count) }
        let file = "name=\"p\"; filename=\"a.png\""
        for (size, expected) in [(99, 200), (100, 200), (101, 413)] {
            #expect(await status([("name=\"t\"", bytes(size))]) == expected)
            #expect(await status([(file, bytes(size + 900))]) == expected)
        }
        #expect(await status([(file, bytes(5)), (file, bytes(5))]) == 200)
        #expect(await status([(file, bytes(5)), (file, bytes(5)), (file, bytes(5))]) == 413)
        limits.total = FormSample.multipartBytes([("name=\"t\"", bytes(50))]).count
        #expect(await status([("name=\"t\"", bytes(50))]) == 200)
        #expect(await status([("name=\"t\"", bytes(51))]) == 413)
    }

    @Test("Six thousand ticks go through: two thousand places of each kind")
    func ticks() async throws {
        let many = (0..<6_000).map { ("name=\"unit_ids\"", Array(String($0).utf8)) }
        let form = try await FormSample.multipart(many)
        #expect(form.fields.count == 6_000)
    }

    @Test("T41 10,000 parts, 10,000 part headers, a boundary of 1 MB, a missing end")
    func hostile() async {
        let many = (0..<10_000).map { ("name=\"f\($0)\"", [UInt8(97)]) }
        #expect(await FormSample.status { try await FormSample.multipart(many) } == 413)
        let headers = "name=\"a\"" + String(repeating: "\r\nX-A: b", count: 10_000)
        #expect(await FormSample.status { try await FormSample.multipart([(headers, [])]) } == 413)
        let boundary = "multipart/form-data; boundary=" + String(repeating: "b", count: 1 << 20)
        #expect(await FormSample.status { try await FormSample.read([45, 45], boundary) } == 400)
        #expect(await FormSample.status { try await FormSample.multipart([("name=\"a\"", [97])], end: false) } == 400)
        #expect(await FormSample.status { try await FormSample.read([], FormSample.multipartType) } == 400)
    }

    @Test(
        "broken parts are refused",
        arguments: [
            "x--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--XyZ--", "--XyZ\r\n\r\n1\r\n--XyZ--",
            "--XyZjunk\r\n",
            "--XyZ\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XyZ--",
            "--XyZ\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XyZ--",
            "--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XyZ--", "--XyZ\r\n: x\r\n\r\n1\r\n--XyZ--",
            "--XyZ\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\n1\r\n--XyZ--",
            "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n1\r\n--XyZ--",
            "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\u{0}\r\n--XyZ--"
        ])
    func broken(_ body: String) async {
        #expect(await FormSample.status { try await FormSample.read(Array(body.utf8), FormSample.multipartType) } == 400)
    }

    @Test("bad UTF-8 in a field is 400, in a file it is content")
    func utf8() async {
        #expect(await FormSample.status { try await FormSample.multipart([("name=\"a\"", [0xC3, 0x28])]) } == 400)
        #expect(await FormSample.status { try await FormSample.multipart([("name=\"a\"; filename=x", [0xC3, 0x28, 0])]) } == 200)
    }

    @Test(
        "T32 T44 file names are made harmless to show",
        arguments: [
            ("../../etc/passwd", "passwd"), ("C:\\\\fakepath\\\\Küche.JPG", "Küche.JPG"), ("a%22b.png", "ab.png"),
            ("a%0D%0ASet-Cookie: x.jpg", "aSet-Cookie x.jpg"), ("photo\u{202E}gpj.exe", "photogpj.exe"), ("...", "file"),
            ("-rf.jpg", "rf.jpg"), ("ok\u{10A}.jpg", "ok\u{10A}.jpg"), (String(repeating: "n", count: 500) + ".jpeg", "long")
        ])
    func names(_ sent: String, _ kept: String) async throws {
        let form = try await FormSample.multipart([("name=\"p\"; filename=\"\(sent)\"", [1])])
        let name = try #require(form.files.first?.filename)
        if kept == "long" {
            #expect(name.count == 120 && name.hasSuffix(".jpeg"))
        } else {
            #expect(name == kept)
        }
    }

    @Test("filename* wins over filename, and its escapes are decoded")
    func extendedName() async throws {
        let form = try await FormSample.multipart([("name=\"p\"; filename=\"x.jpg\"; filename*=UTF-8''k%C3%BCche.jpg", [1])])
        #expect(form.files.first?.filename == "küche.jpg")
    }
}
