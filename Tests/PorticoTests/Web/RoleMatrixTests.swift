import Foundation
import HTTPTypes
import Testing
import Web

@testable import portico

/// Every cell of role × route × method, generated from the route table; nothing is listed by hand, so nothing can be forgotten.
@Suite("T19 Roles")
struct RoleMatrixTests {
    static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    @Test("T19 every role and nobody × every route × every method gets exactly what the table says")
    func cells() async throws {
        let company = try await TestCompany.fresh()
        let app = company.app
        let roles = company.tenant.configuration.roles
        var members: [String: TestMember] = [:]
        for role in roles { members[role.key] = try await company.member(role.key) }
        let paths = Dictionary(grouping: app.table, by: \.path)
        var cells = 0
        var wrong: [String] = []
        for (path, routes) in paths.sorted(by: { $0.key < $1.key }) {
            let address = Self.concrete(path)
            for method in Self.methods {
                let route = routes.first { $0.method == (method == .head ? .get : method) }
                for who in [nil] + roles.map({ $0.key as String? }) {
                    if route?.path == "/logout" || path.hasSuffix("auth/logout") { continue }
                    if path.hasSuffix("me/sessions"), method == .delete { continue }
                    let status = try await Self.status(method, address, routes[0].face, who.flatMap { members[$0] }, company)
                    let rights = who.flatMap { key in roles.first { $0.key == key }?.permissions }
                    cells += 1
                    if !Self.isRight(status, route, rights) { wrong.append("\(method) \(path) as \(who ?? "nobody"): \(status)") }
                }
            }
        }
        #expect(wrong == [])
        #expect(cells > 1_000)
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
            return mutates ? [200, 201, 204, 400, 403, 404, 415].contains(status) : [200, 303, 403, 404].contains(status)
        }
    }
}
