import Foundation
import Testing

@testable import Database

@Suite("Values to Postgres and back")
struct DecodingTests {
    private func echo<V: SQLBindable & SQLDecodable & SendableMetatype>(_ value: V, as type: SQL) async throws -> V {
        let database = try await TestDatabase.shared.database(size: 1)
        return try await database.tenant(TxFacts(tenant: 1)).read(Query.value("select \(value)::\(type) as v", V.self))
    }

    private func text(_ sql: SQL) async throws -> String {
        let database = try await TestDatabase.shared.database(size: 1)
        return try await database.tenant(TxFacts(tenant: 1)).read(Query.value(sql, String.self))
    }

    @Test("Numbers keep their extremes")
    func numbers() async throws {
        for value in [Int16.min, -1, 0, .max] { #expect(try await echo(value, as: "int2") == value) }
        for value in [Int32.min, -1, 0, .max] { #expect(try await echo(value, as: "int4") == value) }
        for value in [Int.min, -1, 0, .max] { #expect(try await echo(value, as: "int8") == value) }
        for value in [Double.greatestFiniteMagnitude, -.leastNonzeroMagnitude, .infinity, 0.1] {
            #expect(try await echo(value, as: "float8") == value)
        }
        #expect(try await echo(Double.nan, as: "float8").isNaN)
        #expect(try await text("select \(Int.min)::text") == "-9223372036854775808")
        for value in [true, false] { #expect(try await echo(value, as: "bool") == value) }
    }

    @Test("Texts, bytes, ids and JSON keep every byte")
    func bytes() async throws {
        let hostile =
            "'\"\\ $1 ; -- \u{1F9D1}\u{200D}\u{1F373} e\u{301} \u{202E}abc\r\n\t" + String(repeating: "ä", count: 70_000)
        #expect(try await echo(hostile, as: "text") == hostile)
        #expect(try await echo("", as: "text") == "")
        let all = (0...255).map { UInt8($0) }
        #expect(try await echo(all, as: "bytea") == all)
        #expect(try await echo([UInt8](), as: "bytea") == [])
        let id = UUID()
        #expect(try await echo(id, as: "uuid") == id)
        #expect(try await text("select \(id)::text") == id.uuidString.lowercased())
        let json = JSONBytes(Array(#"{"a": [1, null, "ü"]}"#.utf8))
        #expect(try await echo(json, as: "jsonb") == json)
        #expect(try await echo(try JSONBytes(encoding: ["b": 1]), as: "jsonb").decode([String: Int].self) == ["b": 1])
    }

    @Test("Instants are exact to the microsecond, days to the calendar's ends")
    func times() async throws {
        for seconds in [0, 946_684_800, 1_795_000_000.123456, -62_135_596_800, 253_402_300_799] {
            let date = Date(timeIntervalSince1970: seconds)
            let back = try await echo(date, as: "timestamptz")
            #expect(abs(back.timeIntervalSince(date)) < 0.000_001)
        }
        #expect(try await echo(Date.distantFuture, as: "timestamptz") == .distantFuture)
        #expect(try await text("select \(Date.distantPast)::text") == "-infinity")
        #expect(
            try await text("select (\(Date(timeIntervalSince1970: 0.5)) at time zone 'UTC')::text") == "1970-01-01 00:00:00.5")
        for iso in ["0001-01-01", "1999-12-31", "2000-01-01", "2000-02-29", "2026-11-21", "9999-12-31"] {
            let day = try #require(CalendarDate(iso))
            #expect(try await echo(day, as: "date") == day)
            #expect(try await text("select \(day)::text") == iso)
        }
    }

    @Test("NULL is nil for an optional, and an error that says so for anything else")
    func null() async throws {
        #expect(try await echo(Int?.none, as: "int8") == nil)
        #expect(try await echo(UUID?.none, as: "uuid") == nil)
        #expect(try await echo(String?.some("x"), as: "text") == "x")
        let database = try await TestDatabase.shared.database(size: 1)
        do {
            _ = try await database.tenant(TxFacts(tenant: 1)).read(Query.value("select null::text as title", String.self))
            Issue.record("NULL was read as a String")
        } catch let error as DatabaseError {
            #expect(error.kind == .decoding && error.column == "title")
            #expect("\(error)".contains("\"title\" is NULL"))
        }
    }

    @Test("Arrays of every type, empty, with NULLs, and of one dimension only")
    func arrays() async throws {
        #expect(try await echo([1, Int.max, Int.min], as: "int8[]") == [1, Int.max, Int.min])
        #expect(try await echo([Int32](), as: "int4[]") == [])
        #expect(try await echo([Int16(3)], as: "int2[]") == [3])
        #expect(try await echo(["a", "", "{\"}'"], as: "text[]") == ["a", "", "{\"}'"])
        #expect(try await echo(["a", nil, "c"], as: "text[]") == ["a", nil, "c"])
        #expect(try await echo([true, false], as: "bool[]") == [true, false])
        #expect(try await echo([1.5, -.infinity], as: "float8[]") == [1.5, -.infinity])
        let ids = [UUID(), UUID()]
        #expect(try await echo(ids, as: "uuid[]") == ids)
        #expect(try await echo([[UInt8](), [0, 255]], as: "bytea[]") == [[], [0, 255]])
        #expect(try await echo([CalendarDate("2026-11-21"), nil], as: "date[]") == [CalendarDate("2026-11-21"), nil])
        #expect(try await echo([Date(timeIntervalSince1970: 9)], as: "timestamptz[]") == [Date(timeIntervalSince1970: 9)])
        #expect(try await echo([JSONBytes(Array("1".utf8))], as: "jsonb[]") == [JSONBytes(Array("1".utf8))])
        let database = try await TestDatabase.shared.database(size: 1)
        let walled = database.tenant(TxFacts(tenant: 1))
        await #expect(throws: DatabaseError.self) {
            try await walled.read(Query.value("select '{{1,2},{3,4}}'::int8[]", [Int].self))
        }
        await #expect(throws: DatabaseError.self) {
            try await walled.read(Query.value("select array[1, null]::int8[]", [Int].self))
        }
    }

    @Test("Narrower columns are read as wider numbers, other texts as String")
    func widening() async throws {
        let database = try await TestDatabase.shared.database(size: 1)
        let walled = database.tenant(TxFacts(tenant: 1))
        #expect(try await walled.read(Query.value("select 7::int2", Int.self)) == 7)
        #expect(try await walled.read(Query.value("select 7::int4", Int64.self)) == 7)
        #expect(try await walled.read(Query.value("select 7::int2", Int32.self)) == 7)
        #expect(try await walled.read(Query.value("select 1.5::float4", Double.self)) == 1.5)
        for sql: SQL in [
            "select 'x'::varchar(9)", "select 'x'::name", "select 'x'::\"char\"", "select 'x'::char(1)", "select 'x'"
        ] {
            #expect(try await walled.read(Query.value(sql, String.self)) == "x")
        }
    }

    @Test("A wrong type names column, expected and found type; numeric says what to do")
    func mismatch() async throws {
        let database = try await TestDatabase.shared.database(size: 1)
        let walled = database.tenant(TxFacts(tenant: 1))
        func message<V: SQLDecodable & SendableMetatype>(_ sql: SQL, _: V.Type) async -> String {
            do {
                _ = try await walled.read(Query.value(sql, V.self))
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(await message("select 'a' as title", Int.self) == "column \"title\" is text where Int (bigint) was expected")
        #expect(await message("select 1::int8 as n", Int32.self) == "column \"n\" is bigint where Int32 (int) was expected")
        #expect(await message("select now()::timestamp as at", Date.self).contains("timestamp without time zone"))
        #expect(await message("select sum(1::bigint) as total", Int.self).contains("cast it to bigint"))
        #expect(await message("select 'up' as state", Direction.self).contains("no Direction has the value up"))
    }

    private enum Direction: String, SQLBindable, SQLDecodable { case left, right }

    @Test("Enums over a text are bound and read as that text")
    func enums() async throws {
        #expect(try await echo(Direction.right, as: "text") == .right)
        #expect(
            try await text("select \(Direction.left) || \(Direction?.none) || 'x' is null || '' || \(Direction.left)").hasSuffix(
                "left"))
    }

    private struct Person: Record, Equatable {
        var name: String
        var age: Int?
        init(row: Row) throws {
            age = try row["age"]
            name = try row["name"]
        }
    }

    @Test("Records find columns by name in any order; an unknown column lists those that are there")
    func records() async throws {
        let database = try await TestDatabase.shared.database(size: 1)
        let walled = database.tenant(TxFacts(tenant: 1))
        let people = try await walled.read(
            Query.many("select * from (values ('Ada', 36::int8), ('Kim', null)) as p(name, age)", Person.self))
        #expect(people.map(\.name) == ["Ada", "Kim"] && people.map(\.age) == [36, nil])
        do {
            _ = try await walled.read(Query.one("select 'Ada' as nam, 1 as age", Person.self))
            Issue.record("the column was found")
        } catch let error as DatabaseError {
            #expect("\(error)" == "no column \"name\"; there are: nam, age")
        }
        await #expect(throws: NotFound.self) { try await walled.read(Query.one("select 1 where false", Person.self)) }
        let nobody: Person? = try await walled.read(Query.first("select 1 where false", Person.self))
        #expect(nobody == nil)
    }
}
