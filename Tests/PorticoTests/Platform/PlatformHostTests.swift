import Database
import Foundation
import HTTPTypes
import Testing
import Web

@testable import Identity
@testable import Platform
@testable import portico

@Suite("The platform's host and the companies' hosts have nothing in common")
struct PlatformHostTests {
    private static func concrete(_ path: String) -> String {
        path.replacing(/\{[a-z]+\}/, with: UUID().uuidString.lowercased())
    }

    @Test("Every address of companies is unknown at the platform's host, every one of the platform at a company's, whoever asks")
    func apart() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        var one = try await TestOperator.signedIn()
        let platform = AllRoutes.platform(company.app.parts.passwords).table
        let own = Set(platform.map(\.path))
        #expect(own.count > 15)
        var cells = 0
        for path in Set(company.app.table.map(\.path)).subtracting(own) {
            #expect(try await one.browser.get(Self.concrete(path)).status == 404, "\(path) at the platform")
            cells += 1
        }
        let known = Set(company.app.table.map(\.path))
        for path in own.subtracting(known) {
            #expect(try await admin.get(Self.concrete(path)).status == 404, "\(path) at a company")
            #expect(try await company.anonymous(.get, Self.concrete(path)).status == 404)
            cells += 2
        }
        #expect(own.intersection(known) == ["/"])
        #expect(cells > 200)
    }

    @Test("A session of one is none at the other, and an operator's page needs an operator's")
    func cookies() async throws {
        let company = try await TestCompany.fresh()
        let admin = try await company.member("admin")
        let one = try await TestOperator.signedIn()
        let token = try #require(one.browser.cookies["portico_operator"])
        let app = company.app
        for cookie in ["portico=\(admin.cookie)", "portico_operator=\(admin.cookie)", "portico=\(token)"] {
            let answer = try await TestAnswer.of(app, TestOperator.host, .get, "/companies", [.cookie: cookie], [])
            #expect(answer.status == 303 && answer.location == "/sign-in", "\(cookie)")
        }
        for cookie in ["portico=\(token)", "portico_operator=\(token)"] {
            #expect(try await company.anonymous(.get, "/dashboard", [.cookie: cookie]).location?.hasPrefix("/login") == true)
        }
        let bearer: HTTPFields = [.authorization: "Bearer \(admin.bearer)"]
        #expect(try await TestAnswer.of(app, TestOperator.host, .get, "/api/v1/me", bearer, []).status == 404)
        for line in AllRoutes.platform(app.parts.passwords).table where !line.isOpen {
            let answer = try await TestAnswer.of(app, TestOperator.host, line.method, Self.concrete(line.path), [:], [])
            #expect(answer.location == "/sign-in", "\(line.method) \(line.path): \(answer.status)")
        }
    }

    @Test("A company that claims the platform's host in its file does not get it")
    func claimed() async throws {
        let company = try await TestCompany.fresh { yaml in
            yaml.replacing("hosts:\n", with: "hosts:\n  - \(TestOperator.host)\n")
        }
        let answer = try await TestAnswer.of(company.app, TestOperator.host, .get, "/login", [:], [])
        #expect(answer.status == 404 && !answer.text.contains(company.tenant.name))
        #expect(try await TestAnswer.of(company.app, TestOperator.host, .get, "/sign-in", [:], []).status == 200)
        #expect(try await company.anonymous(.get, "/login").status == 200)
    }

    @Test("Its pages carry the same headers as all others, and its cookie goes along with nothing that another site begins")
    func headers() async throws {
        var one = try await TestOperator.ready()
        let page = try await one.browser.get("/sign-in")
        for name in ["Content-Security-Policy", "X-Frame-Options", "Cross-Origin-Opener-Policy", "X-Content-Type-Options"] {
            #expect(HTTPField.Name(name).flatMap { page.headers[$0] } != nil, "\(name)")
        }
        let cookie = try await one.signIn().headers[values: .setCookie].first { $0.hasPrefix("portico_operator=") }
        #expect(cookie?.contains("HttpOnly") == true && cookie?.contains("SameSite=Strict") == true)
        #expect(try await one.browser.get("/nothing-here").status == 404)
        #expect(try await one.browser.get("/companies/").status == 308)
    }

    @Test("The platform's role reads no company, a company's role reads no operator, and nobody changes the log")
    func wall() async throws {
        let app = try await TestHouse.shared.value
        for sql in ["select count(*) from app.member", "select count(*) from app.tenant", "update jobs.queue set state = 'done'"]
            as [SQL]
        {
            await #expect(throws: DatabaseError.self) {
                try await app.platformDatabase.withoutTenant { tx in try await tx.execute(sql) }
            }
        }
        for sql in ["update platform.log set action = 'x'", "delete from platform.log"] as [SQL] {
            await #expect(throws: DatabaseError.self) {
                try await app.platformDatabase.withoutTenant { tx in try await tx.execute(sql) }
            }
        }
        for database in [app.database, app.workerDatabase, app.visitorDatabase] {
            await #expect(throws: DatabaseError.self) {
                try await database.withoutTenant { tx in try await tx.execute("select 1 from platform.operator") }
            }
        }
        try await app.platformDatabase.verifyRole()
    }
}
