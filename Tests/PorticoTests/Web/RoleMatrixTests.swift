import Foundation
import HTTPTypes
import Testing
import Web

@testable import portico

/// Every cell of role × route × method, generated from the route table; nothing is listed by hand, so nothing can be forgotten.
@Suite("T19 Roles")
struct RoleMatrixTests {
    static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    /// Somebody who asks, with the permissions that they have at this company; nil for those who are nobody here.
    private struct Asker {
        let name: String
        let member: TestMember?
        let rights: Set<String>?
    }

    /// Nobody, every role of the company, the same roles of another company with their cookies and tokens, and members who were disabled.
    private static func askers(_ company: TestCompany) async throws -> [Asker] {
        let (other, roles) = (try await TestCompany.fresh(), company.tenant.configuration.roles)
        var askers = [Asker(name: "nobody", member: nil, rights: nil)]
        for role in roles {
            askers.append(Asker(name: role.key, member: try await company.member(role.key), rights: role.permissions))
            askers.append(
                Asker(name: "\(role.key) of another company", member: try await other.member(role.key), rights: nil))
        }
        for role in ["resident", "admin"] {
            let member = try await company.member(role)
            _ = try await company.walled.write { tx in
                try await tx.execute(
                    "update app.member set disabled_at = now() where tenant_id = \(company.tenant.id) and id = \(member.id)")
            }
            askers.append(Asker(name: "disabled \(role)", member: member, rights: nil))
        }
        return askers
    }

    @Test("T19 roles, nobody, other companies' and disabled × every route × every method get exactly what the table says")
    func cells() async throws {
        let company = try await TestCompany.fresh()
        let askers = try await Self.askers(company)
        let paths = Dictionary(grouping: company.app.table, by: \.path)
        var cells: [String: Int] = [:]
        var wrong: [String] = []
        for (path, routes) in paths.sorted(by: { $0.key < $1.key }) {
            let address = Self.concrete(path)
            for method in Self.methods {
                let route = routes.first { $0.method == (method == .head ? .get : method) }
                if route?.path == "/logout" || path.hasSuffix("auth/logout") { continue }
                if path.hasSuffix("me/sessions"), method == .delete { continue }
                for who in askers {
                    let status = try await Self.status(method, address, routes[0].face, who.member, company)
                    let kind = who.rights != nil ? "own" : who.member == nil ? "nobody" : "foreign or disabled"
                    cells[kind, default: 0] += 1
                    if !Self.isRight(status, route, who.rights) { wrong.append("\(method) \(path) as \(who.name): \(status)") }
                }
            }
        }
        let all = cells.values.reduce(0, +)
        print("role matrix: \(all) cells, \(wrong.count) wrong; by who asks: \(cells)")
        #expect(wrong == [])
        #expect(all >= 5_000 && cells.count == 3)
    }

    /// Signing out ends the session, so it is looked at by itself.
    @Test("T19 signing out needs a session and ends it")
    func signOut() async throws {
        let company = try await TestCompany.fresh()
        let member = try await company.member("resident")
        #expect(try await company.anonymous(.post, "/logout").location == "/login")
        #expect(try await member.post("/logout").location == "/login")
        #expect(try await member.get("/dashboard").location == "/login?next=%2Fdashboard")
    }

    private static func concrete(_ path: String) -> String {
        path.replacing("{fault}", with: UUID().uuidString.lowercased()).replacing("{photo}", with: UUID().uuidString.lowercased())
            .replacing("{id}", with: UUID().uuidString.lowercased()).replacing("{month}", with: "2026-11")
            .replacing("/contrast", with: "/contrast?hue=150&chroma=0.1")
    }

    private static func status(
        _ method: HTTPRequest.Method, _ path: String, _ face: Face, _ member: TestMember?, _ company: TestCompany
    ) async throws -> Int {
        var headers = HTTPFields()
        if let member {
            if face == .api {
                headers[.authorization] = "Bearer \(member.bearer)"
            } else {
                headers[.cookie] = "portico=\(member.cookie)"
            }
        }
        return try await company.anonymous(method, path, headers).status
    }

    /// Without a form token a page's POST is refused with 403 before anything else happens to it, so the permission shows only in
    /// the order: nobody is sent to sign in (303), a wrong role gets 403, a right one 403 for the token.
    private static func isRight(_ status: Int, _ route: Route?, _ rights: Set<String>?) -> Bool {
        guard let route else { return status == 405 }
        let mutates = route.method != .get
        switch route.audience {
        // Its signed address stands for the form token (RFC 8058).
        case .anyone where route.path.hasPrefix("/unsubscribe/"): return (200..<500).contains(status)
        // An identity provider's answer in another wrapping, which changes nothing.
        case .anyone where route.path.hasSuffix("/callback"): return (200..<500).contains(status)
        case .anyone: return mutates && route.face == .page ? status == 403 : status < 500
        case .member, .holders:
            guard let rights else { return route.face == .api ? status == 401 : status == 303 }
            if case .holders(let permission) = route.audience, !rights.contains(permission.name) { return status == 403 }
            if mutates, route.face == .page { return status == 403 }
            // Open, and only to a WebSocket.
            if route.path.hasSuffix("/ws") { return status == 426 }
            return mutates ? [200, 201, 204, 400, 403, 404, 415].contains(status) : [200, 303, 403, 404].contains(status)
        }
    }
}
