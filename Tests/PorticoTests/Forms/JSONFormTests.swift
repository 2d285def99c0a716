import Forms
import Foundation
import Testing

@Suite struct JSONFormTests {
    @Test("objects, lists and types become named fields")
    func flattening() async throws {
        let form = try await FormSample.json(
            #"{"title": "T\u00e4p \ud83d\ude00", "unitId": null, "price": {"amount": 5, "currency": "EUR"}, "tags": ["a", "b"], "ok": true, "lines": [{"text": "x"}, {"text": "y"}]}"#
        )
        #expect(form.isJSON && form.single("title") == "Täp 😀" && form.single("price.amount") == "5")
        #expect(form.all("tags").map(\.value) == ["a", "b"] && form.single("ok") == "true")
        #expect(form.has("unit_id") && form.single("unit_id") == nil)
        #expect(form.single("lines.1.text") == "y")
    }

    @Test("a file is an object with base64 data, or a base64 text where a file belongs")
    func files() async throws {
        let form = try await FormSample.json(
            #"{"photos": [{"filename": "a.jpg", "contentType": "image/jpeg", "data": "AQID"}], "photo": "data:image/png;base64,AQID", "bad": "%%%"}"#
        )
        #expect(try await form.files[0].bytes() == [1, 2, 3] && form.files[0].filename == "a.jpg")
        var reader = FormReader(form)
        #expect(reader.files("photos", max: 10).count == 1)
        #expect(try await reader.files("photo", max: 1)[0].bytes() == [1, 2, 3])
        #expect(reader.files("bad", max: 1).isEmpty)
        #expect(reader.problems == [FieldProblem("bad", .fileDamaged)])
        let large = String(repeating: "A", count: 2 << 20)
        #expect(try await FormSample.json(#"{"photo": "\#(large)"}"#).files.first?.size == 3 << 19)
    }

    static let refused: [String] = [
        "", " ", "{", "}", "[1]", "5", "null", "{\"a\":1,}", "{\"a\":1}x", "{\"a\":1}{}", "{'a':1}", "{a:1}", "\u{FEFF}{\"a\":1}",
        "{\"a\":1,\"a\":2}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}",
        "{\"a\":1e}",
        "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u00g0\"}",
        "{\"a\":\"\u{1}\"}", "{\"a\":\"\n\"}", "{\"a\":\"\\u0000\"}", "{\"a\":\"b}", "{\"a\":tru}", "{\"a\" 1}", "{\"a\":[1 2]}",
        "{\"a\":[[1]]}", "{\"a.b\":1}", "{\"\":1}", "{\"a\":-}", "{\"a\":1/**/}"
    ]

    @Test("T47 broken JSON is 400", arguments: refused)
    func broken(_ text: String) async {
        #expect(await FormSample.status { try await FormSample.json(text) } == 400)
    }

    @Test("T47 depth 64 passes, 65 and 100,000 are refused")
    func depth() async throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try JSONValue(parsing: nested(64))
        for depth in [65, 100_000] {
            #expect(throws: BodyError.self) { try JSONValue(parsing: nested(depth)) }
        }
        let object = String(repeating: "{\"a\":", count: 65) + "1" + String(repeating: "}", count: 65)
        #expect(await FormSample.status { try await FormSample.json(object) } == 400)
    }

    @Test("T47 1e400, -0 and 2^63 are numbers of the text and problems of the field")
    func numbers() async throws {
        let form = try await FormSample.json(
            #"{"a": 1e400, "b": -0, "c": 9223372036854775808, "d": 5, "e": "5", "f": 5.0, "g": 1e308}"#)
        let codes = FormSample.problems(form) {
            _ = $0.int("a")
            #expect($0.int("b") == 0)
            _ = $0.int("c")
            #expect($0.int("d") == 5 && $0.int("e") == 5)
            _ = $0.int("f")
            _ = $0.number("a", in: 0...10)
            _ = $0.number("g", in: 0...10)
            _ = $0.text("d")
        }
        #expect(codes == ["a:not_a_number", "c:too_big", "f:not_a_number", "a:too_big", "g:too_big", "d:wrong_type"])
    }

    @Test("T47 a string of 10 MB and a million elements are 413, duplicate keys in different spellings are the field's problem")
    func large() async throws {
        let long = "{\"a\":\"" + String(repeating: "x!", count: 5 << 20) + "\"}"
        #expect(await FormSample.status { try await FormSample.json(long) } == 413)
        let many = "{\"a\":[" + String(repeating: "1,", count: 1_000_000) + "1]}"
        #expect(await FormSample.status { try await FormSample.json(many) } == 413)
        let spellings = try await FormSample.json(#"{"unitId": "a", "unit_id": "b"}"#)
        #expect(FormSample.problems(spellings) { _ = $0.text("unit_id") } == ["unit_id:repeated"])
    }

    @Test("bad UTF-8 is 400")
    func utf8() async {
        let body = Array("{\"a\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
        #expect(await FormSample.status { try await FormSample.read(body, "application/json") } == 400)
    }
}
