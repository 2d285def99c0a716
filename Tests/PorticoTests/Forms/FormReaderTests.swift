import Forms
import Foundation
import Testing

private enum Priority: String, CaseIterable { case high, normal }

@Suite struct FormReaderTests {
    @Test("a good form becomes a draft, in HTML and JSON alike")
    func draft() async throws {
        let id = UUID()
        let html = try await FormSample.urlencoded("title=+Tap+&priority=high&unit_id=\(id)&rooms=3&on=2026-11-21&urgent=on")
        let json = try await FormSample.json(
            #"{"title": "Tap", "priority": "high", "unitId": "\#(id)", "rooms": 3, "on": "2026-11-21", "urgent": true}"#)
        for form in [html, json] {
            let draft = try form.read { form in
                (
                    form.text("title", .required), form.choice("priority", Priority.self), form.uuid("unit_id"),
                    form.int("rooms"),
                    form.date("on"), form.flag("urgent")
                )
            }
            #expect(draft == ("Tap", .high, id, 3, try #require(CivilDate("2026-11-21")), true))
        }
    }

    @Test("every problem is collected, and everything typed comes back but passwords")
    func collected() async throws {
        let form = try await FormSample.urlencoded(
            "title=&priority=huge&rooms=x&password=secret&new_password=s&pin=1234&note=keep")
        let errors = #expect(throws: FormErrors.self) {
            try form.read { form in
                _ = form.text("title", .required)
                _ = form.choice("priority", Priority.self)
                _ = form.int("rooms")
                _ = form.uuid("unit_id")
                _ = form.password("pin")
                _ = form.date("on")
                form.fail("note", .own("too_polite"))
            }
        }
        #expect(
            errors?.problems.map { "\($0.jsonField):\($0.code.name)" } == [
                "title:required", "priority:not_allowed", "rooms:not_a_number", "unitId:required", "on:required",
                "note:too_polite"
            ])
        let values = try #require(errors?.values)
        #expect(values["note"] == "keep" && values["priority"] == "huge")
        #expect(values["password"] == "" && values["new_password"] == "" && values["pin"] == "")
    }

    @Test("codes are stable and carry their arguments")
    func codes() {
        #expect(FieldProblem.Code.tooLong(max: 140).name == "too_long")
        #expect(FieldProblem.Code.tooLong(max: 140).arguments.map { "\($0)=\($1)" } == ["max=140"])
        #expect(FieldProblem.Code.notANumber.name == "not_a_number" && FieldProblem.Code.invalidID.name == "invalid_id")
        #expect(FieldProblem.Code.passwordOwnWords.name == "password_own_words")
    }

    @Test("T21 names that the form does not know are never read; a strict form refuses them")
    func extra() async throws {
        let form = try await FormSample.json(#"{"title": "a", "role": "admin", "tenantId": 2}"#)
        var reader = FormReader(form)
        _ = reader.text("title")
        #expect(reader.extraNames == ["role", "tenant_id"])
        #expect(try form.read { $0.text("title") } == "a")
        let errors = #expect(throws: FormErrors.self) { try form.read(strict: true) { $0.text("title") } }
        #expect(errors?.problems == [FieldProblem("role", .unknownField), FieldProblem("tenant_id", .unknownField)])
    }

    static let numbersCases: [String] = [
        "9223372036854775807", "-9223372036854775808", "-1", "9223372036854775808", "1e308", "NaN", "inf", "0x10", "1_000", "１",
        "1.0", "--1", "+1", "99999999999999999999999999999999999999999999999999999999999999999999999999", "-", "1 2", "٣"
    ]

    @Test("T71 every wrong number is a problem of its field", arguments: numbersCases)
    func numbers(_ text: String) {
        let form = Submission([("n", text)])
        #expect(FormSample.problems(form) { _ = $0.int("n") }.count == 1)
        #expect(FormSample.problems(form) { _ = $0.optionalInt("n", in: 1...10) }.count == 1)
        _ = FormSample.problems(form) { _ = $0.optionalScaled("n", digits: 3) }
        _ = FormSample.problems(form) { _ = $0.optionalNumber("n", in: -1...1) }
    }

    @Test("T71 a version may be missing, but not empty: that would switch off the check for other people's changes")
    func version() async throws {
        #expect(try Submission([("n", "1")]).read { $0.version() } == nil)
        #expect(try await FormSample.json(#"{"version": null}"#).read { $0.version() } == nil)
        #expect(try Submission([("version", "3")]).read { $0.version() } == 3)
        let wrong = ["": "required", " ": "required", "0": "too_small", "2147483648": "too_big", "x": "not_a_number"]
        for (text, code) in wrong {
            #expect(FormSample.problems(Submission([("version", text)])) { _ = $0.version() } == ["version:\(code)"])
        }
    }

    static let datesCases: [String] = [
        "2026-13-01", "2026-02-29", "2025-00-10", "9999999-01-01", "0000-01-01", "2026-1-1", "21.11.2026", "2026-11-2１",
        "-026-11-21"
    ]

    @Test("T71 dates that do not exist", arguments: datesCases)
    func dates(_ text: String) {
        let form = Submission([("d", text)])
        #expect(FormSample.problems(form) { _ = $0.date("d") } == ["d:invalid_date"])
        #expect(
            FormSample.problems(Submission([("d", text + "T10:00:00Z")])) { _ = $0.instant("d", in: .gmt) } == ["d:invalid_date"])
    }

    static let moneyCases: [(String, String, Int64)] = [
        ("1.234,56", ",", 123_456), ("1234,5", ",", 123_450), ("0,01", ",", 1), ("1,234.56", ".", 123_456),
        ("1 000 000", ",", 100_000_000),
        ("12", ".", 1200), ("1'234.50", ".", 123_450)
    ]

    @Test("money in the tenant's style, exactly", arguments: moneyCases)
    func money(_ text: String, _ decimal: String, _ minor: Int64) throws {
        let form = Submission([("price", text)])
        #expect(try form.read { $0.money("price", currency: "EUR", decimal: decimal.first ?? ".") } == minor)
    }

    static let notMoneyCases: [(String, String)] = [
        ("1,23,456", "not_a_number"), ("12.34,5", "not_a_number"), ("1,234", "too_many_decimals"), ("-1", "too_small"),
        ("1e5", "not_a_number"),
        ("99999999999999999999", "too_big"), (",5", "not_a_number"), ("5,", "not_a_number"), ("", "required"),
        ("1.2345", "not_a_number")
    ]

    @Test("what is not money is a problem", arguments: notMoneyCases)
    func notMoney(_ text: String, _ code: String) {
        let form = Submission([("price", text)])
        #expect(FormSample.problems(form) { _ = $0.money("price", currency: "EUR", decimal: ",") } == ["price:\(code)"])
    }

    @Test("money in JSON is minor units with its currency")
    func moneyInJSON() async throws {
        let good = try await FormSample.json(#"{"price": {"amount": 123456, "currency": "EUR"}}"#)
        #expect(try good.read { $0.money("price", currency: "EUR") } == 123_456)
        let other = try await FormSample.json(#"{"price": {"amount": 12.5, "currency": "USD"}}"#)
        #expect(
            FormSample.problems(other) { _ = $0.money("price", currency: "EUR") } == [
                "price.currency:not_allowed", "price.amount:not_a_number"
            ])
    }

    @Test("T72 NFC and NFD twins become one text, line ends one kind, white space around it goes")
    func normalised() throws {
        let form = Submission([("a", "  Ku\u{308}che\t"), ("b", "Küche"), ("c", "1\r\n2\r3\n")])
        let (a, b, c) = try form.read { ($0.text("a"), $0.text("b"), $0.text("c", .lines)) }
        #expect(Array(a.utf8) == Array(b.utf8) && c == "1\n2\n3")
    }

    static let controlsCases: [String] = [
        "a\u{0}b", "a\u{1B}[31m", "a\nb", "a\r\nSet-Cookie: x", "a\u{202E}b", "a\u{2028}b", "a\u{85}b", "a\u{7F}"
    ]

    @Test("T72 controls, line breaks in one line and turned reading directions are refused", arguments: controlsCases)
    func controls(_ text: String) {
        #expect(FormSample.problems(Submission([("a", text)])) { _ = $0.text("a") } == ["a:invalid_characters"])
    }

    static let spaces: [String] = [" ", "\t ", "\u{A0}", "\u{3000}", "\u{2003}\u{A0}"]

    @Test("Spaces of any script at either end are not part of a text, those within are", arguments: spaces)
    func ends(_ space: String) throws {
        for ink in ["a b", "ä\u{A0}ö", "e\u{301}"] {
            for text in [space + ink, ink + space, space + ink + space, ink] {
                var read: String?
                #expect(FormSample.problems(Submission([("a", text)])) { read = $0.text("a") }.isEmpty)
                #expect(read == ink.precomposedStringWithCanonicalMapping)
            }
        }
    }

    @Test("T72 texts without ink are empty; a megabyte of combining marks and of ZWJ chains is too long, at once")
    func ink() {
        for blank in ["", " ", "\u{A0}\u{2003}", "\u{200B}\u{200D}\u{FEFF}", "\t"] {
            #expect(FormSample.problems(Submission([("a", blank)])) { _ = $0.text("a", .required) } == ["a:required"])
        }
        let marks = "a" + String(repeating: "\u{301}\u{316}", count: 1 << 18)
        let family = String(repeating: "👨‍👩‍👧‍👦\u{200D}", count: 1 << 16)
        let clock = ContinuousClock()
        let time = clock.measure {
            for text in [marks, family] {
                #expect(FormSample.problems(Submission([("a", text)])) { _ = $0.text("a", .max(5000), .lines) } == ["a:too_long"])
            }
            let allowed = "a" + String(repeating: "\u{301}\u{316}", count: 14_000)
            #expect(FormSample.problems(Submission([("a", allowed)])) { _ = $0.text("a", .max(5000)) } == ["a:too_long"])
        }
        #expect(time < .seconds(10))
    }

    @Test("lengths count code points, as Postgres does")
    func lengths() {
        let emoji = Submission([("a", "👨‍👩‍👧")])  // five code points
        #expect(FormSample.problems(emoji) { _ = $0.text("a", .max(5)) } == [])
        #expect(FormSample.problems(emoji) { _ = $0.text("a", .max(4)) } == ["a:too_long"])
        #expect(FormSample.problems(emoji) { _ = $0.text("a", .min(6)) } == ["a:too_short"])
    }

    static let emailsCases: [(String, Bool)] = [
        ("Ana.Li@Example.com ", true), ("a@b.co", true), ("ü@müller.de", true), ("a@b", false), ("@b.co", false),
        ("a@@b.co", false),
        ("a b@c.de", false), ("a@b..co", false), ("a,b@c.de", false), ("a@.de", false)
    ]

    @Test("mail addresses", arguments: emailsCases)
    func emails(_ text: String, _ good: Bool) {
        #expect(
            FormSample.problems(Submission([("e", text)])) { _ = $0.email("e", .required) } == (good ? [] : ["e:invalid_email"]))
    }

    @Test("rows are read in the order of their numbers, and their problems name them")
    func rows() async throws {
        let html = try await FormSample.urlencoded("lines[1][text]=b&lines[1][n]=2&lines[0][text]=a&lines[0][n]=x")
        var form = FormReader(html)
        let rows = form.rows("lines", max: 10) { ($0.text("text"), $0.int("n")) }
        #expect(
            rows.map(\.0) == ["a", "b"] && form.problems == [FieldProblem("lines.0.n", .notANumber)] && form.extraNames.isEmpty)
        #expect(FormSample.problems(html) { _ = $0.rows("lines", max: 1) { $0.text("text") } } == ["lines:too_many"])
    }

    @Test("a change tells absent, null and given apart")
    func patch() async throws {
        var form = FormReader(try await FormSample.json(#"{"unitId": null, "title": "x"}"#))
        #expect(form.has("unit_id") && form.isNull("unit_id"))
        #expect(form.has("title") && !form.isNull("title") && !form.has("note") && !form.isNull("note"))
    }

    @Test("local times go through the zone, also in the hours that the clock skips or repeats")
    func instants() throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        func read(_ text: String) throws -> TimeInterval {
            try Submission([("t", text)]).read { $0.instant("t", in: berlin) }.timeIntervalSince1970
        }
        #expect(try read("2026-11-21T14:05:00Z") == 1_795_269_900)
        #expect(try read("2026-11-21T15:05") == 1_795_269_900)
        #expect(try read("2026-11-21t16:05:00.25+02:00") == 1_795_269_900.25)
        #expect(try read("2026-03-29T02:30") == read("2026-03-29T01:30:00Z"))
        #expect(try read("2026-10-25T02:30") == read("2026-10-25T00:30:00Z"))
    }

    @Test("the fingerprint knows the same form again, whatever its boundary and token, and no other")
    func fingerprint() async throws {
        let one = try await FormSample.multipart([
            ("name=\"a\"", [97]), ("name=\"csrf_token\"", [49]), ("name=\"p\"; filename=x", [1, 2])
        ])
        let two = try await FormSample.multipart(
            [("name=\"a\"", [97]), ("name=\"csrf_token\"", [50]), ("name=\"p\"; filename=x", [1, 2])], chunk: 3)
        let other = try await FormSample.multipart([("name=\"a\"", [97]), ("name=\"p\"; filename=x", [1, 3])])
        #expect(one.fingerprint(without: ["csrf_token"]) == two.fingerprint(without: ["csrf_token"]))
        #expect(one.fingerprint() != two.fingerprint())
        #expect(one.fingerprint(without: ["csrf_token"]) != other.fingerprint(without: ["csrf_token"]))
        let print = { (fields: [(String, String)]) in Submission(fields).fingerprint() }
        #expect(print([("a", "1"), ("b", "2")]) == print([("b", "2"), ("a", "1")]), "a program may turn members around")
        #expect(print([("a", "1"), ("a", "2")]) != print([("a", "2"), ("a", "1")]))
        #expect(print([("a", "1"), ("b", "2")]) != print([("a", "2"), ("b", "1")]))
    }
}
