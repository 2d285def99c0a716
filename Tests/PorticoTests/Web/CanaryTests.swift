import Foundation
import HTTPTypes
import Testing
import Web

@testable import Database
@testable import portico

/// Another company full of canaries, and every address of ours asked for with every identifier that it has.
@Suite("T01 What another company keeps is in no answer, whoever asks for it by whatever name")
struct CanaryTests {
    private static let word = "CANARY7731"

    /// One company with something in as many tables as members can fill.
    private static func planted() async throws -> TestCompany {
        let company = try await TestCompany.fresh()
        let manager = try await company.member("manager", name: "\(word) Manager")
        let resident = try await company.member("resident", name: "\(word) Resident")
        let owner = try await company.member("owner", name: "\(word) Owner")
        let home = try await company.home("\(word)")
        try await company.moveIn(resident, home)
        try await company.moveIn(owner, home, kind: "owner")
        let fault = """
            {"title": "\(word) title", "description": "\(word) text", "category": "heating", "locationNote": "\(word)"}
            """
        let made = try await resident.api(.post, "/faults", fault)
        let id = try #require(made.json?["faultId"] as? String, "\(made.text)")
        _ = try await manager.api(.post, "/faults/\(id)/comments", "{\"text\":\"\(word) comment\"}")
        _ = try await manager.api(
            .post, "/incidents",
            """
            {"title": "\(word) outage", "text": "\(word)", "description": "\(word)", "category": "heating",
             "buildingId": "\(home.building.text)"}
            """)
        _ = try await manager.api(.post, "/invitations", "{\"email\":\"\(word)@mail.test\",\"roles\":[\"resident\"]}")
        _ = try await manager.api(.post, "/admin/invitations", "{\"email\":\"\(word)@mail.test\",\"roles\":[\"resident\"]}")
        _ = try await manager.importCSV(
            """
            Gebäude;Straße;PLZ;Ort;Einheit;Name;E-Mail;Rolle;Anteil;Seit
            Haus \(word);Weg 2;10115;Berlin;1.1;\(word);canary@mail.test;Eigentümer;1/1;2024-01-01

            """)
        _ = try await company.parkedJob("\(word) error")
        _ = try await company.walled.write { tx in
            try await tx.execute("update app.building set name = \("\(word) house") where tenant_id = \(company.tenant.id)")
        }
        try await company.drainJobs()
        return company
    }

    /// Two ids of each table that has any, as the catalogue lists them: a new table is asked for without anyone writing a line.
    private static func identifiers(_ company: TestCompany) async throws -> [String] {
        let tables = try await company.walled.read(
            Query.values(
                """
                select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' and a.atttypid = 'uuid'::regtype
                  join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id'
                 where n.nspname in ('app', 'jobs') and c.relkind = 'r' and has_table_privilege(c.oid, 'select') order by 1
                """, String.self))
        var ids: [String] = []
        for table in tables {
            // Names come from the catalogue, values are bound.
            let name = SQL(text: table)
            ids += try await company.walled.read(
                Query.values(
                    "select id::text from \(name) where tenant_id = \(company.tenant.id) order by id desc limit 2", String.self))
        }
        return Array(Set(ids)).sorted()
    }

    @Test("T01 T06 at least 10,000 requests for another company's identifiers, by every role and method: no canary, no change")
    func canaries() async throws {
        let (company, other) = (try await TestCompany.fresh(), try await Self.planted())
        let ids = try await Self.identifiers(other)
        #expect(ids.count >= 15, "\(ids.count)")
        let before = try await other.digest()
        var (requests, seen, broken) = (0, [String](), [String]())
        let paths = Dictionary(grouping: company.app.table.filter { !$0.path.hasSuffix("logout") }, by: \.path)
        for role in company.tenant.configuration.roles {
            let member = try await company.member(role.key)
            let csrf = try await member.csrf()
            for (path, routes) in paths {
                guard routes.contains(where: { Self.mayAsk($0, role.permissions) }) else { continue }
                let isNamed = path.contains("{")
                for id in isNamed ? ids : Array(ids.prefix(3)) {
                    for route in routes where Self.mayAsk(route, role.permissions) {
                        if !isNamed, route.method != .get { continue }
                        let answer = try await Self.send(route, Self.address(path, id), member, csrf)
                        requests += 1
                        if answer.text.contains(Self.word) { seen.append("\(route.method) \(path) with \(id) as \(role.key)") }
                        if answer.status >= 500 { broken.append("\(route.method) \(path): \(answer.status)") }
                    }
                }
            }
        }
        print("canaries: \(requests) requests for \(ids.count) identifiers of another company, \(seen.count) seen")
        #expect(seen == [])
        #expect(broken == [])
        #expect(requests >= 10_000)
        #expect(before == (try await other.digest()))
    }

    /// What a member's role lets them ask; what ends the member's own sign-in is looked at elsewhere.
    private static func mayAsk(_ route: Route, _ rights: Set<String>) -> Bool {
        if route.path.hasSuffix("me/sessions") || route.path.hasSuffix("sessions/revocation") { return false }
        return switch route.audience {
        case .anyone: false
        case .member: true
        case .holders(let permission): rights.contains(permission.name)
        }
    }

    /// The identifier in every place of the path; where there is none, as whatever a list could be narrowed down or continued by.
    private static func address(_ path: String, _ id: String) -> String {
        guard !path.contains("{") else {
            return path.replacing("{month}", with: "2026-11").replacing(/\{[a-zA-Z]+\}/, with: id)
        }
        let names = [
            "building", "building_id", "assignee", "unit", "unit_id", "actor", "record", "member", "fault", "person", "id"
        ]
        return path + "?" + names.map { "\($0)=\(id)" }.joined(separator: "&") + "&cursor=a\(id)"
    }

    private static func send(_ route: Route, _ path: String, _ member: TestMember, _ csrf: String) async throws -> TestAnswer {
        var headers = TestStranger.sameOrigin
        switch route.face {
        case .api: headers[.authorization] = "Bearer \(member.bearer)"
        case .page: headers[.cookie] = "portico=\(member.cookie)"
        }
        guard route.method != .get else { return try await member.company.anonymous(.get, path, headers) }
        headers[.contentType] = route.face == .api ? "application/json" : "application/x-www-form-urlencoded"
        let form = "reason=x&resolution=x&text=x&title=x&csrf_token=\(csrf)&form_key=\(UUID().uuidString)"
        return try await member.company.anonymous(
            route.method, path, headers,
            body: route.face == .api ? #"{"reason": "x", "resolution": "x", "text": "x", "title": "x"}"# : form)
    }
}
