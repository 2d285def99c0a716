import Forms
import Foundation
import NIOCore
import Testing

@Suite struct FormFuzzTests {
    @Test("T73 mutated urlencoded forms: taken or refused, never a trap")
    func urlencoded() {
        var random = SeededRandom(state: 1)
        let seed = Array("title=Tap+%C3%BC&lines[0][n]=1&unitId=3&tags[]=a&empty=&d=2026-11-21&m=1.234%2C56".utf8)
        let dislikes = ["%", "%%", "%00", "%ff", "&&", "=", "[", "]", "[]", ".", "\u{0}", "é"].map { Array($0.utf8) }
        var taken = 0
        for _ in 0..<Fuzz.rounds {
            let text = String(decoding: random.mutated(seed, with: dislikes), as: UTF8.self)
            guard let form = try? Submission(query: text) else { continue }
            taken += 1
            if taken % 4 == 0 { Self.readEverything(form) }
        }
        #expect(taken > 1000)
    }

    @Test("T73 mutated JSON texts: taken or refused, never a trap")
    func json() {
        var random = SeededRandom(state: 2)
        let seed = Array(#"{"a":"x\u00e4\ud83d\ude00","n":-1.5e3,"l":[1,true,null,{"b":"\n"}],"o":{"k":[]}}"#.utf8)
        let dislikes = ["\"", "\\", "\\u", "\\ud800", "{", "[", "]", "}", ",", ":", "1e999", "-", "null", "\u{0}", "\u{FEFF}"].map
        { Array($0.utf8) }
        var taken = 0
        for _ in 0..<Fuzz.rounds where (try? JSONValue(parsing: random.mutated(seed, with: dislikes))) != nil { taken += 1 }
        #expect(taken > 1000)
    }

    @Test("T73 mutated multipart forms in random chunks: taken or refused, never a trap")
    func multipart() async {
        var random = SeededRandom(state: 3)
        let seed = FormSample.multipartBytes([
            ("name=\"title\"", Array("Küche".utf8)),
            ("name=\"p\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg", [255, 216, 255, 0, 13, 10]),
            ("name=\"q\"; filename*=UTF-8''%C3%BC.png", [1])
        ])
        let dislikes = ["\r\n", "\r", "\n", "--XyZ", "\r\n--XyZ", "--XyZ--", "\"", "\\\"", ";", "%22", "\u{0}", "name=\"", ": "]
            .map { Array($0.utf8) }
        var taken = 0
        for _ in 0..<Fuzz.rounds {
            let bytes = random.mutated(seed, with: dislikes)
            let chunk = Int.random(in: 1...bytes.count, using: &random)
            if (try? MultipartParserProbe.read(bytes, chunk: chunk)) != nil { taken += 1 }
        }
        #expect(taken > 1000)
    }

    private static func readEverything(_ submission: Submission) {
        var form = FormReader(submission)
        for name in submission.names {
            _ = form.optionalText(name)
            _ = form.optionalInt(name)
            _ = form.optionalScaled(name, digits: 2, decimal: ",")
            _ = form.optionalNumber(name, in: -5...5)
            _ = form.optionalDate(name)
            _ = form.optionalInstant(name, in: .gmt)
            _ = form.optionalUUID(name)
            _ = form.email(name)
        }
        _ = form.rows("lines", max: 5) { $0.int("n") }
        _ = form.extraNames
    }
}
