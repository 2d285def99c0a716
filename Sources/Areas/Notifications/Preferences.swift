import Audit
import Database
import Forms
import Foundation
import Tenancy
import Web

/// What one member has chosen; what is not chosen is as the house has it.
struct Preferences: Sendable {
    private var chosen: [String: Timing]
    var habits: Habits
    /// What is told by push.
    var devices: [PushRegistration] = []

    struct Habits: Record, Sendable {
        var quietFrom: Int?
        var quietTo: Int?
        var digestHour = 8
        var phone: String?

        init() {}

        init(row: Row) throws {
            quietFrom = (try row["quiet_from"] as Int32?).map(Int.init)
            quietTo = (try row["quiet_to"] as Int32?).map(Int.init)
            digestHour = Int(try row["digest_hour"] as Int32)
            phone = try row["phone"]
        }
    }

    private struct Line: Record {
        let kind: String
        let channel: Medium
        let mode: Timing

        init(row: Row) throws {
            kind = try row["kind"]
            channel = try row["channel"]
            mode = try row["mode"]
        }
    }

    static func find(_ member: UUID, _ context: MemberContext) async throws -> Preferences {
        let tenant = context.tenant.id
        let (lines, habits, devices) = try await context.read(
            Query.many(
                "select kind, channel, mode from app.notice_preference where tenant_id = \(tenant) and member_id = \(member)",
                Line.self),
            Query.first(
                """
                select quiet_from, quiet_to, digest_hour, phone from app.notice_habit
                 where tenant_id = \(tenant) and member_id = \(member)
                """, Habits.self), PushRegistration.all(member, tenant))
        return Preferences(
            chosen: Dictionary(lines.map { (key($0.kind, $0.channel), $0.mode) }, uniquingKeysWith: { $1 }),
            habits: habits ?? Habits(), devices: devices)
    }

    subscript(kind: NoticeKind, medium: Medium) -> Timing {
        get { chosen[Self.key(kind.name, medium)] ?? kind[medium] }
        set { chosen[Self.key(kind.name, medium)] = newValue }
    }

    private static func key(_ kind: String, _ medium: Medium) -> String { "\(medium.rawValue):\(kind)" }

    /// The kinds that this member may ever get.
    static func kinds(_ context: MemberContext) -> [NoticeKind] {
        let isStaff = context.tenant.isStaff(context.session.roles)
        return NoticeKind.all.filter { isStaff || !$0.isForStaff }
    }

    /// Name of the field that chooses for a kind: `mail_fault_assigned`.
    static func field(_ kind: NoticeKind, _ medium: Medium) -> String {
        "\(medium.rawValue)_\(kind.name.replacing(".", with: "_"))"
    }

    /// How each medium can tell.
    static func timings(_ medium: Medium) -> [Timing] { medium == .mail ? [.now, .digest, .off] : [.now, .off] }
}

extension Preferences {
    /// Nobody's: everything as it is unless somebody chooses.
    init() {
        self.init(chosen: [:], habits: Habits())
    }

    /// Takes what was given; what was left out stays.
    mutating func read(_ form: inout FormReader, _ kinds: [NoticeKind]) {
        for kind in kinds {
            for medium in Medium.allCases {
                let name = Self.field(kind, medium)
                guard form.has(name) else { continue }
                let allowed = Self.timings(medium).map(\.rawValue)
                if let timing = Timing(rawValue: form.choice(name, among: allowed)) { self[kind, medium] = timing }
            }
        }
        if form.has("quiet_from") || form.has("quiet_to") { readQuietHours(&form) }
        if form.has("digest_hour") { habits.digestHour = form.int("digest_hour", in: 0...23) }
        if form.has("phone") { readPhone(&form) }
        let wantsSMS = kinds.contains { self[$0, .sms] == .now }
        if wantsSMS, habits.phone == nil, form.isValid { form.fail("phone", .own("phone_needed")) }
    }

    private mutating func readQuietHours(_ form: inout FormReader) {
        let from = form.optionalText("quiet_from", .max(8))
        let to = form.optionalText("quiet_to", .max(8))
        habits.quietFrom = from.flatMap(QuietHours.minutes)
        habits.quietTo = to.flatMap(QuietHours.minutes)
        for (name, text, minutes) in [("quiet_from", from, habits.quietFrom), ("quiet_to", to, habits.quietTo)]
        where text != nil && minutes == nil { form.fail(name, .own("no_time")) }
        if (from == nil) != (to == nil) { form.fail(from == nil ? "quiet_from" : "quiet_to", .required) }
    }

    private mutating func readPhone(_ form: inout FormReader) {
        let typed = form.optionalText("phone", .max(40))
        habits.phone = typed?.filter { !" -/().".contains($0) }
        if let phone = habits.phone, phone.wholeMatch(of: /\+[1-9][0-9]{6,14}/) == nil { form.fail("phone", .own("no_phone")) }
    }

    func save(_ member: UUID, _ kinds: [NoticeKind], over old: Preferences, _ tx: Tx) async throws {
        let cells = kinds.flatMap { kind in Medium.allCases.map { (kind, $0) } }
        let changed = cells.filter { self[$0.0, $0.1] != old[$0.0, $0.1] }
        try await Self.choose(changed.map { ($0.0.name, $0.1, self[$0.0, $0.1]) }, member, tx)
        try await tx.execute(
            """
            insert into app.notice_habit(tenant_id, member_id, quiet_from, quiet_to, digest_hour, phone)
            values (\(tx.facts.tenant), \(member), \(habits.quietFrom.map(Int32.init(clamping:))),
                    \(habits.quietTo.map(Int32.init(clamping:))), \(Int32(clamping: habits.digestHour)), \(habits.phone))
            on conflict (tenant_id, member_id) do update
               set quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, digest_hour = excluded.digest_hour,
                   phone = excluded.phone, version = notice_habit.version + 1
            """)
        try tx.audit(
            "member.notices_chosen", "member", member,
            AuditChange(
                before: Dictionary(uniqueKeysWithValues: changed.map { (Self.field($0.0, $0.1), old[$0.0, $0.1].rawValue) }),
                after: Dictionary(uniqueKeysWithValues: changed.map { (Self.field($0.0, $0.1), self[$0.0, $0.1].rawValue) })))
    }

    static func choose(_ choices: [(kind: String, medium: Medium, timing: Timing)], _ member: UUID, _ tx: Tx) async throws {
        guard !choices.isEmpty else { return }
        try await tx.execute(
            """
            insert into app.notice_preference(tenant_id, member_id, kind, channel, mode, changed_at)
            select \(tx.facts.tenant), \(member), kind, channel, mode, \(tx.facts.now)
              from unnest(\(choices.map(\.kind)), \(choices.map(\.medium)), \(choices.map(\.timing))) as c(kind, channel, mode)
            on conflict (tenant_id, member_id, kind, channel) do update set mode = excluded.mode, changed_at = excluded.changed_at
            """)
    }
}
