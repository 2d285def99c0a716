import Foundation
import Testing

@testable import Database

@Suite("SQL text")
struct SQLTextTests {
    @Test("A value always becomes a bind, whatever it holds")
    func values() {
        let hostile = "'; drop table app.fault; --"
        let sql: SQL = "select * from t where a = \(hostile) and b = \(7) and c = \(Int?.none)"
        #expect(sql.text == "select * from t where a = $1 and b = $2 and c = $3")
        #expect(sql.bindCount == 3)
    }

    @Test("Fragments keep their binds, numbered on")
    func fragments() {
        let state: SQL = "state = \("open") and kind = \("x")"
        let sql: SQL = "select \(1) where \(state) and n > \(2) \(SQL.empty)"
        #expect(sql.text == "select $1 where state = $2 and kind = $3 and n > $4 ")
        #expect(sql.bindCount == 4)
        let nested: SQL = "a \(9) (\(sql))"
        #expect(nested.text == "a $1 (select $2 where state = $3 and kind = $4 and n > $5 )")
    }

    @Test("Numbers beyond nine, and dollars inside quotes, are told apart from binds")
    func dollars() {
        var many: [SQL] = []
        for number in 1...12 { many.append("\(number)") }
        let list = many.joined(separator: ", ")
        #expect(list.text == "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12")
        let quoted: SQL = "'costs $1' || \(1) || \"$2\""
        let outer: SQL = "\(0) \(quoted)"
        #expect(outer.text == "$1 'costs $1' || $2 || \"$2\"")
    }

    @Test("More binds than Postgres takes are refused before they are sent")
    func tooMany() async throws {
        let parts = (0..<70_000).map { number -> SQL in "\(number)" }
        var binds = Binds()
        for part in parts { binds.append(contentsOf: part.binds) }
        let sql = SQL(text: "select 1", binds: binds)
        let database = try await TestDatabase.shared.database()
        let walled = database.tenant(TxFacts(tenant: 1))
        await #expect(throws: DatabaseError.self) { try await walled.read(Query.execute(sql)) }
    }

    @Test("A date that is none is refused before it is sent")
    func noDate() async throws {
        let database = try await TestDatabase.shared.database()
        let walled = database.tenant(TxFacts(tenant: 1))
        for date in [
            Date(timeIntervalSince1970: .nan), Date(timeIntervalSince1970: 1e18), Date(timeIntervalSince1970: -.infinity)
        ] {
            do {
                _ = try await walled.read(Query.value("select \(date)", Date.self))
                Issue.record("\(date) was sent")
            } catch let error as DatabaseError {
                #expect(error.kind == .misuse)
            }
        }
    }
}
