import Database
import Foundation
import Property
import Tenancy
import Web

/// Who writes and reads, and by which rules.
struct MessageViewer: Sendable {
    let tenant: Int32
    let member: UUID
    let name: String
    /// Works for the company, and may write to everybody.
    let isStaff: Bool
    /// Roles that everybody may write to.
    let answering: [String]
    let settings: MessagingSettings
    let today: CalendarDate

    init(_ context: MemberContext) {
        tenant = context.tenant.id
        member = context.memberID
        name = context.session.name
        isStaff = context.tenant.isStaff(context.session.roles)
        answering = context.tenant.roleKeys(granting: .answerMessages)
        settings = context.tenant[MessagingSettings.section]
        today = context.today
    }

    /// Members `m` that this one may write to: staff to everybody; others to those who answer, to whoever works on a fault of theirs, and to
    /// neighbours where the company's file allows it. Who is in one conversation already answers there in any case.
    var reachable: SQL {
        let others: SQL = "m.tenant_id = \(tenant) and m.id <> \(member) and m.kind = 'person' and m.disabled_at is null"
        guard !isStaff else { return others }
        let neighbours: SQL =
            settings.neighbours
            ? """
            or exists (select from app.occupancy mine join app.unit u on u.tenant_id = mine.tenant_id and u.id = mine.unit_id
                        join app.unit w on w.tenant_id = u.tenant_id and w.building_id = u.building_id
                        join app.occupancy theirs on theirs.tenant_id = w.tenant_id and theirs.unit_id = w.id
                       where mine.tenant_id = m.tenant_id and mine.member_id = \(member) and theirs.member_id = m.id
                         and \(holds("mine")) and \(holds("theirs")))
            """ : SQL.empty
        return """
            \(others) and (m.roles && \(answering)
              or exists (select from app.fault f where f.tenant_id = m.tenant_id and f.assignee_id = m.id
                            and (f.reporter_id = \(member) or f.on_behalf_of = \(member)) and f.state not in ('closed', 'cancelled'))
              \(neighbours))
            """
    }

    private func holds(_ occupancy: SQL) -> SQL {
        "\(occupancy).since <= \(today) and coalesce(\(occupancy).until >= \(today), true)"
    }

    /// Rows `p` of `app.conversation_member`: the viewer's own, while they take part.
    var takesPart: SQL { "p.tenant_id = \(tenant) and p.member_id = \(member) and p.left_at is null" }
}

/// Somebody who may be written to.
struct Recipient: Record, Sendable {
    let id: UUID
    let name: String
    let roles: [String]

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        roles = try row["roles"]
    }

    /// How many a form offers; whoever is not among them is found by name.
    static let most = 60

    static func all(_ viewer: MessageViewer, named words: String, besides ids: [UUID] = []) -> Query<[Recipient]> {
        .many(
            """
            select m.id, m.name, m.roles from app.member m
             where \(viewer.reachable) and (position(lower(\(words)) in lower(m.name)) > 0 or m.id = any(\(ids)))
             order by m.id = any(\(ids)) desc, m.name, m.id limit \(most + ids.count)
            """)
    }

    static func those(_ ids: [UUID], _ viewer: MessageViewer) -> Query<[Recipient]> {
        .many(
            "select m.id, m.name, m.roles from app.member m where \(viewer.reachable) and m.id = any(\(ids)) order by m.name, m.id"
        )
    }

    /// Whether one of them does not want to hear from the viewer.
    static func blocks(_ ids: [UUID], _ viewer: MessageViewer) -> Query<Bool> {
        .value(
            """
            select exists (select from app.message_block where tenant_id = \(viewer.tenant) and member_id = any(\(ids))
                              and blocked_id = \(viewer.member))
            """, Bool.self)
    }
}

extension Failure {
    static let recipientBlocked = Failure(.forbidden, "recipient_blocked", "This person does not want to hear from you")
    static let tooLateToChange = Failure(.conflict, "too_late", "This was sent too long ago to be changed")
    static let takenBack = Failure(.conflict, "deleted", "This message was taken back")
}
