import Database
import Foundation
import HTML
import Web

/// What somebody is here: their roles, and whether they may come in.
package struct Standing: Record, Sendable {
    package let id: UUID
    package let name: String
    package let email: String
    package let roles: [String]
    package let isDisabled: Bool
    package let isAnonymised: Bool
    package let version: Int

    package init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        email = try row["email"]
        roles = try row["roles"]
        isDisabled = try row["is_disabled"]
        isAnonymised = try row["is_anonymised"]
        version = try row["version"]
    }

    package static func find(_ id: UUID, _ tenant: Int32, lock: Bool = false) -> Query<Standing> {
        .one(
            """
            select id, name, email, roles, disabled_at is not null as is_disabled, anonymised_at is not null as is_anonymised, version
              from app.member where tenant_id = \(tenant) and id = \(id) \(lock ? "for update" : SQL.empty)
            """)
    }

    package var path: WebPath { "/people/\(id.text)" }
}

struct StandingJSON: Codable, Sendable {
    let id: String
    let name: String
    let email: String
    let roles: [String]
    let disabled: Bool
    let version: Int

    init(_ standing: Standing) {
        id = standing.id.text
        name = standing.name
        email = standing.email
        roles = standing.roles
        disabled = standing.isDisabled
        version = standing.version
    }
}

extension Failure {
    package static let lastAdmin = Failure(
        .conflict, "last_admin", "Nobody could give roles any more; give that role to somebody else first")
    package static let notYourself = Failure(.conflict, "not_yourself", "Nobody does this to their own account")
    package static let anonymised = Failure(.conflict, "anonymised", "Nobody knows any more who this person was")
}
