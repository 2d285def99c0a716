import Database
import Foundation
import Web

/// A device that its member wants to be told on.
struct PushRegistration: Record, Sendable {
    let id: UUID
    let kind: PushKind
    let label: String
    /// What the browser is known by when somebody signs in there.
    let browser: [UInt8]?
    let madeAt: Date
    let lastOkAt: Date?

    /// For one member. Whoever has more takes one away first.
    static let most = 20

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        label = try row["label"]
        browser = try row["browser"]
        madeAt = try row["made_at"]
        lastOkAt = try row["last_ok_at"]
    }

    private static let columns: SQL = "select id, kind, label, browser, made_at, last_ok_at from app.push_registration"

    /// The newest first.
    static func all(_ member: UUID, _ tenant: Int32) -> Query<[PushRegistration]> {
        .many("\(columns) where tenant_id = \(tenant) and member_id = \(member) order by id desc")
    }

    static func find(_ id: UUID, _ tenant: Int32) -> Query<PushRegistration> {
        .one("\(columns) where tenant_id = \(tenant) and id = \(id)")
    }
}

/// Who can be reached by push, for areas that decide whom to reach.
package enum PushReach {
    /// Whether a member has a device and wants to be told of what people write to them.
    /// - Parameter member: the column of a query.
    package static func ofMessages(_ member: SQL, _ tenant: Int32) -> SQL {
        """
        (exists (select from app.push_registration pr where pr.tenant_id = \(tenant) and pr.member_id = \(member))
         and not exists (select from app.notice_preference np where np.tenant_id = \(tenant) and np.member_id = \(member)
                            and np.kind = \(NoticeKind.unreadMessages) and np.channel = 'push' and np.mode = 'off'))
        """
    }
}
