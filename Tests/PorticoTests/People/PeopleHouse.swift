import Database
import Foundation
import Testing

@testable import portico

extension TestCompany {
    /// A company of its own where managers may do that as well.
    static func whereManagers(may permissions: String...) async throws -> TestCompany {
        try await fresh { yaml in
            yaml.replacing(
                "      - people:change_roles     # of roles that may do no more than themselves\n",
                with: "      - people:change_roles\n" + permissions.map { "      - \($0)\n" }.joined())
        }
    }

    func roles(of member: TestMember) async throws -> [String] {
        try await walled.read(
            Query.value("select roles from app.member where tenant_id = \(tenant.id) and id = \(member.id)", [String].self))
    }

    func name(of member: TestMember) async throws -> String {
        try await walled.read(
            Query.value("select name from app.member where tenant_id = \(tenant.id) and id = \(member.id)", String.self))
    }

    /// What the audit log says of a person, newest first, as programs read it.
    func trail(_ admin: TestMember, of member: TestMember, _ action: String) async throws -> [[String: Any]] {
        let answer = try await admin.api(.get, "/audit?record=\(member.id)&action=\(action)")
        return answer.json?["items"] as? [[String: Any]] ?? []
    }
}

extension TestMember {
    var path: String { "/people/\(id.text)" }

    /// As if the last proof were six minutes old.
    func grow() async throws {
        try await company.run("update app.session set proved_at = now() - interval '6 minutes' where member_id = \(id)")
    }
}

extension TestAnswer {
    /// The fields that were refused, with their codes.
    var refusals: [String] {
        (json?["errors"] as? [[String: Any]] ?? []).map { "\($0["field"] ?? "") \($0["code"] ?? "")" }
    }
}
