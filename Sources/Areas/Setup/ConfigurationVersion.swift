import Database
import Foundation
import Tenancy
import Web

/// A published version, or one that was found on the server, without its files.
struct ConfigurationVersion: Record, Sendable {
    let id: UUID
    let number: Int
    let publishedAt: Date
    /// Nil: changed by hand on the server.
    let author: String?
    let reason: String
    let changed: [String]
    let added: Int
    let removed: Int
    let revertsTo: Int?

    init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        publishedAt = try row["published_at"]
        author = try row["author"]
        reason = try row["reason"]
        changed = try row["changed"]
        added = try row["added"]
        removed = try row["removed"]
        revertsTo = try row["reverts_to"]
    }

    private static let columns: SQL = """
        select v.id, v.number, v.published_at, m.name as author, v.reason, v.changed, v.added, v.removed, v.reverts_to
          from app.configuration_version v left join app.member m on m.tenant_id = v.tenant_id and m.id = v.published_by
        """

    /// The newest first; one more than `size`.
    static func page(_ cursor: Cursor, size: Int, _ tenant: Int32) -> Query<[ConfigurationVersion]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and v.id < \(id)", "desc")
            case .before(let id): ("and v.id > \(id)", "asc")
            }
        return .many("\(columns) where v.tenant_id = \(tenant) \(seek) order by v.id \(order) limit \(size + 1)")
    }

    static func count(_ tenant: Int32) -> Query<Int> {
        .value("select count(*) from app.configuration_version where tenant_id = \(tenant)", Int.self)
    }

    static func find(_ number: Int, _ tenant: Int32) -> Query<ConfigurationVersion> {
        .one("\(columns) where v.tenant_id = \(tenant) and v.number = \(number)")
    }

    static func last(_ tenant: Int32) -> Query<ConfigurationVersion?> {
        .first("\(columns) where v.tenant_id = \(tenant) order by v.number desc limit 1")
    }
}

/// The files of a version.
struct VersionFiles: Record, Sendable {
    let number: Int
    let digest: [UInt8]
    let files: CompanyFiles

    init(row: Row) throws {
        number = try row["number"]
        digest = try row["digest"]
        let stored: JSONBytes = try row["files"]
        files = CompanyFiles(try stored.decode([String: String].self))
    }

    private static let columns: SQL = "select number, digest, files from app.configuration_version"

    static func find(_ number: Int, _ tenant: Int32) -> Query<VersionFiles?> {
        .first("\(columns) where tenant_id = \(tenant) and number = \(number)")
    }

    static func last(_ tenant: Int32) -> Query<VersionFiles?> {
        .first("\(columns) where tenant_id = \(tenant) order by number desc limit 1")
    }

    /// The latest ones, for finding what somebody's form was opened with.
    static func recent(_ tenant: Int32) -> Query<[VersionFiles]> {
        .many("\(columns) where tenant_id = \(tenant) order by number desc limit 20")
    }
}
