import Forms
import NIOCore
import Testing

@Suite struct URLEncodedFormTests {
    @Test("values come in order, with plus signs and escapes decoded once")
    func decoding() async throws {
        let form = try await FormSample.urlencoded("title=Tap+%2B+sink&tags[]=a&tags[]=b&unitId=3&empty=&bare&twice=%2527")
        #expect(form.single("title") == "Tap + sink")
        #expect(form.all("tags").map(\.value) == ["a", "b"])
        #expect(form.single("unit_id") == "3")
        #expect(form.single("empty") == "" && form.single("bare") == "")
        #expect(form.single("twice") == "%27")
    }

    static let broken: [String] = [
        "a=%zz", "a=%4", "a=%", "%zz=1", "a=%C3%28", "a=b&%C3%28=1", "a=%00", "%00=1", "=1", "[a]=1", "a[b=1", "a]b=1", "a%0A=1"
    ]
    static let oversized: [String] = {
        let key = String(repeating: "k", count: 1 << 20) + "=1"
        let fields = String(repeating: "f=1&", count: 10_000)
        let dots = "a" + String(repeating: ".b", count: 64) + "=1"
        let brackets = "a" + String(repeating: "[b]", count: 100_000) + "=1"
        return [key, fields, dots, brackets]
    }()

    @Test("T48 broken escapes, bad UTF-8, NUL and brackets out of order are 400", arguments: broken)
    func refused(_ body: String) async {
        #expect(await FormSample.status { try await FormSample.urlencoded(body) } == 400)
    }

    @Test("T48 10,000 fields, a key of 1 MB, 65 and 100,000 levels are 400", arguments: 0..<4)
    func refusedBySize(_ number: Int) async {
        #expect(await FormSample.status { try await FormSample.urlencoded(Self.oversized[number]) } == 400)
    }

    @Test("T48 a=1&a=2 is refused where one value belongs, and 64 levels of a name pass")
    func repeated() async throws {
        let form = try await FormSample.urlencoded("a=1&a=2")
        #expect(form.single("a") == nil)
        #expect(FormSample.problems(form) { _ = $0.text("a") } == ["a:repeated"])
        #expect(FormSample.problems(form) { _ = $0.texts("a", max: 2) } == [])
        #expect(FormSample.problems(form) { _ = $0.texts("a", max: 1) } == ["a:too_many"])
        let deep = "a" + String(repeating: "[b]", count: 63) + "=1"
        #expect(await FormSample.status { try await FormSample.urlencoded(deep) } == 200)
    }

    @Test("T41 a form of exactly the limit is taken, one byte more is 413, with and without an honest Content-Length")
    func limits() async {
        var limits = FormLimits()
        limits.urlencoded = 1000
        for (size, expected) in [(999, 200), (1000, 200), (1001, 413)] {
            let body = Array(("a=" + String(repeating: "x", count: size - 2)).utf8)
            for length in [nil, 3, size] {
                let status = await FormSample.status {
                    try await FormSample.read(body, "application/x-www-form-urlencoded", limits: limits, chunk: 7, length: length)
                }
                #expect(status == expected)
            }
        }
        let lying = await FormSample.status {
            try await FormSample.read([], "application/x-www-form-urlencoded", limits: limits, length: 1 << 40)
        }
        #expect(lying == 413)
    }

    @Test("other content types and charsets are 415, a body without a type too, an empty one is an empty form")
    func types() async {
        let cases: [(String?, Int)] = [
            ("text/plain", 415), ("application/xml", 415), (nil, 415), ("application/x-www-form-urlencoded; charset=latin1", 415),
            ("application/x-www-form-urlencoded; charset=UTF-8", 200), ("multipart/form-data", 400), (";", 400)
        ]
        for (type, expected) in cases {
            #expect(
                await FormSample.status { try await FormSample.read(Array("a=1".utf8), type) } == expected, "\(type ?? "none")")
        }
        #expect(await FormSample.status { try await FormSample.read([], nil) } == 200)
    }

    @Test("endless chunks are cut off at the limit")
    func endless() async {
        let endless = AsyncStream<ByteBuffer>(unfolding: { ByteBuffer(repeating: UInt8(ascii: "a"), count: 1 << 16) })
        let reader = BodyReader(spool: FormSample.spool)
        for type in ["application/x-www-form-urlencoded", "application/json"] {
            await #expect(throws: BodyError.self) { try await reader.read(endless, contentType: type) }
        }
    }
}
