import Database
import Foundation
import HTTPTypes
import Hummingbird
import Identity
import Logging
import NIOCore
import NIOEmbedded
import Tenancy
import Tokens
import Web

@testable import portico

/// The whole of Portico in this process on the test database, without a socket. One for all tests: each test has its own tenant.
enum TestHouse {
    /// Built once; a failure to build fails every test with the same message.
    static let shared = Task { try await App.build(settings(), logger: logger, now: { clock.now }) }

    static let signingKey = Task { try SigningKey() }

    static let logger: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }()

    /// The repository's root: `Tests/PorticoTests/Support` is three levels below it.
    static let home = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func settings(_ more: [String: String] = [:]) throws -> Settings {
        var environment = ProcessInfo.processInfo.environment
        environment["PORTICO_ENV"] = "test"
        environment["PORTICO_HOME"] = home.path
        environment["PORTICO_SECRET"] = String(repeating: "test-secret-", count: 4)
        environment["PORTICO_SEAL_KEYS"] = String(repeating: "5a", count: 32)
        environment["PORTICO_VAR"] =
            environment["PORTICO_VAR"] ?? FileManager.default.temporaryDirectory.appending(path: "portico-test").path
        return try Settings(environment.merging(more) { $1 })
    }

    /// Real time; tests that need another one pass it to the service instead.
    enum clock {
        static var now: Date { Date() }
    }
}

/// A company of its own for one test, with members who can sign in.
struct TestCompany: Sendable {
    let app: App
    let tenant: Tenant
    let host: String

    /// A fresh company with the roles and categories of the demo company `lindenhof`.
    static func fresh(in house: App? = nil, slug: String? = nil, _ change: (String) -> String = { $0 }) async throws
        -> TestCompany
    {
        var app = house
        if app == nil { app = try await TestHouse.shared.value }
        guard let app else { throw CancellationError() }
        let slug = slug ?? "t" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(20)
        let host = "\(slug).test"
        var yaml = try String(contentsOf: TestHouse.home.appending(path: "tenants/lindenhof/tenant.yaml"), encoding: .utf8)
        yaml = yaml.replacing("lindenhof.localhost", with: host).replacing("portal.lindenhof.example", with: "www.\(host)")
            .replacing("logo: logo.svg", with: "")
        let tenant = try await app.tenants.adopt(try TenantFolder.read(change(yaml), slug: slug, rules: Sections.rules))
        return TestCompany(app: app, tenant: tenant, host: host)
    }

    var walled: Walled {
        app.database.tenant(TxFacts(tenant: tenant.id, actor: nil, requestID: "test", address: nil, now: Date()))
    }

    /// A member with an open browser session and an access token.
    func member(_ role: String, name: String? = nil) async throws -> TestMember {
        let id = UUID.v7()
        let browser = SessionToken()
        let access = try await signer().sign(id, session: UUID.v7(), id: UUID.v7(), at: app.house.now())
        let now = Date()
        let later = now.addingTimeInterval(3600)
        try await walled.write { tx in
            _ = try await tx.batch(
                Query.execute(
                    """
                    insert into app.member(tenant_id, id, email, name, roles)
                    values (\(tenant.id), \(id), \("\(role)-\(id.text)@example.test"), \(name ?? "Test \(role)"), \([role]))
                    """),
                Query.execute(
                    """
                    insert into app.session(tenant_id, token_hash, id, member_id, kind, family, seen_at, proved_at, idle_until,
                                            expires_at)
                    values (\(tenant.id), \(browser.hash), \(UUID.v7()), \(id), 'browser', \(UUID.v7()), \(now), \(now), \(later),
                            \(later)),
                           (\(tenant.id), \(access.hash), \(access.id), \(id), 'access', \(access.session), \(now), \(now), \(later),
                            \(later))
                    """))
        }
        return TestMember(company: self, id: id, cookie: browser.text, bearer: access.text)
    }

    /// Signs what members of this company present. All companies have the same key, because making one takes so long.
    func signer() async throws -> AccessSigner {
        let key = try app.house.keys.seal(
            try await TestHouse.signingKey.value, for: tenant.id, at: Date(), signsFrom: .init(timeIntervalSince1970: 0))
        if try await walled.read(HeldKey.all(tenant.id)).isEmpty {
            _ = try await walled.write { tx in try await tx.execute(key.insert) }
        }
        return try await app.house.keys.signer(walled, app.house.tokenPlace(tenant))
    }

    /// A building with one unit.
    func home(_ label: String = "1.1", building: String = "Testhaus") async throws -> TestHome {
        let (building, unit) = (UUID.v7(), UUID.v7())
        let name = "\(UUID.v7().text.suffix(6))"
        try await walled.write { tx in
            _ = try await tx.batch(
                Query.execute(
                    """
                    insert into app.building(tenant_id, id, name, street, postal_code, city)
                    values (\(tenant.id), \(building), \("Haus \(name)"), 'Lindenstraße 1', '10115', 'Berlin')
                    """),
                Query.execute(
                    "insert into app.unit(tenant_id, id, building_id, label) values (\(tenant.id), \(unit), \(building), \(label))"
                ))
        }
        return TestHome(building: building, unit: unit)
    }

    func moveIn(_ member: TestMember, _ home: TestHome, kind: String = "resident") async throws {
        _ = try await walled.write { tx in
            try await tx.execute(
                """
                insert into app.occupancy(tenant_id, id, unit_id, member_id, kind, since)
                values (\(tenant.id), \(UUID.v7()), \(home.unit), \(member.id), \(kind), '2020-01-01')
                """)
        }
    }

    func anonymous(_ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = [:], body: String = "") async throws
        -> TestAnswer
    {
        try await TestAnswer.of(app, host, method, path, headers, Array(body.utf8))
    }

    /// Runs every job that is due.
    @discardableResult func drainJobs() async throws -> Int {
        try await app.worker().drain()
    }
}

struct TestHome: Sendable {
    let building: UUID
    let unit: UUID
}

/// Somebody signed in, by browser and by program.
struct TestMember: Sendable {
    let company: TestCompany
    let id: UUID
    let cookie: String
    let bearer: String

    /// As a program: JSON with a bearer token under `/api/v1`.
    func api(_ method: HTTPRequest.Method, _ path: String, _ json: String? = nil, _ headers: HTTPFields = [:]) async throws
        -> TestAnswer
    {
        var fields = headers
        fields[.authorization] = "Bearer \(bearer)"
        if json != nil, fields[.contentType] == nil { fields[.contentType] = "application/json" }
        return try await TestAnswer.of(company.app, company.host, method, "/api/v1" + path, fields, Array((json ?? "").utf8))
    }

    /// As a browser.
    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> TestAnswer {
        var fields = headers
        fields[.cookie] = "portico=\(cookie)"
        return try await TestAnswer.of(company.app, company.host, .get, path, fields, [])
    }

    /// As a browser that submits a form it got from us: token, key, origin.
    func post(_ path: String, _ fields: [(String, String)] = [], key: String = UUID().uuidString, _ headers: HTTPFields = [:])
        async throws -> TestAnswer
    {
        var head = headers
        head[.cookie] = "portico=\(cookie)"
        if head[.contentType] == nil { head[.contentType] = "application/x-www-form-urlencoded" }
        if let site = HTTPField.Name("Sec-Fetch-Site"), head[site] == nil { head[site] = "same-origin" }
        let all = fields + [("csrf_token", try await csrf()), ("form_key", key)]
        let body = all.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }.joined(separator: "&")
        return try await TestAnswer.of(company.app, company.host, .post, path, head, Array(body.utf8))
    }

    /// The form token as the account page prints it.
    func csrf() async throws -> String {
        let page = try await get("/account").text
        return page.firstMatch(of: /name="csrf_token" value="([^"]+)"/).map { String($0.1) } ?? ""
    }

    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                String(UnicodeScalar(byte))
            default: "%" + String(format: "%02X", byte)
            }
        }.joined()
    }
}

/// What came back.
struct TestAnswer: Sendable {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var location: String? { headers[.location] }

    /// The JSON body; `nil` when it is none.
    var json: [String: Any]? { try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] }
    var code: String? { json?["code"] as? String }

    /// Without what differs from request to request.
    var withoutRequestID: String {
        guard let name = HTTPField.Name("X-Request-Id"), let id = headers[name] else { return text }
        return text.replacing(id, with: "-")
    }

    static func of(
        _ app: App, _ host: String?, _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: [UInt8]
    ) async throws -> TestAnswer {
        let request = Hummingbird.Request(
            head: HTTPRequest(method: method, scheme: "http", authority: host, path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(bytes: body)))
        let context = BaseContext(
            source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: TestHouse.logger))
        let response = try await app.edge.respond(to: request, context: context)
        let collector = Collector()
        try await response.body.write(collector)
        let answer = TestAnswer(status: Int(response.status.code), headers: response.headers, bytes: collector.bytes)
        Witness.hear(answer, to: method, path, at: host, app)
        return answer
    }

    private final class Collector: ResponseBodyWriter, @unchecked Sendable {
        private(set) var bytes: [UInt8] = []

        func write(_ buffer: ByteBuffer) async throws {
            bytes += Array(buffer.readableBytesView)
        }

        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
