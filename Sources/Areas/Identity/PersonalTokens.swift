import Audit
import Database
import Forms
import Foundation
import Tenancy
import Web

/// Tokens that members make for their own programs, and the company's devices have (`Devices`).
struct PersonalTokens {
    let tx: Tx

    /// That are good at a time, per member.
    static let most = 50
    /// Days.
    static let longest = 365

    /// The session that a token stands for: its member, narrowed to its scopes; `nil` when it is over or its member is disabled.
    static func session(_ hash: [UInt8], _ tenant: Int32, now: Date) -> Query<Session?> {
        Query.first(
            """
            select s.id, s.member_id, m.name, case when m.kind = 'person' then m.email else '' end as email, m.roles, m.locale,
                   m.time_zone, m.theme, m.density, s.scopes, m.kind = 'device' as is_device,
                   coalesce(s.used_at, s.made_at - interval '1 hour') as seen_at, null::timestamptz as proved_at,
                   m.factor_since is not null as has_factor, false as vouched,
                   0::bigint as unread, 0::bigint as talks, \(Sessions.lent(now)) as lent
              from app.personal_token s join app.member m on m.tenant_id = s.tenant_id and m.id = s.member_id
             where s.tenant_id = \(tenant) and s.token_hash = \(hash) and s.revoked_at is null and s.expires_at > \(now)
               and m.disabled_at is null
            """, Scoped.self
        ).map { $0?.session }
    }

    private struct Scoped: Record, Sendable {
        let session: Session

        init(row: Row) throws {
            var session = try Session(row: row)
            session.scopes = Set(try row["scopes"] as [String])
            session.isDevice = try row["is_device"]
            self.session = session
        }
    }

    static func noteUse(_ hash: [UInt8], _ walled: Walled, _ now: Date) async throws {
        _ = try await walled.write { tx in
            try await tx.execute(
                """
                update app.personal_token set used_at = \(now), address = \(walled.facts.address)
                 where tenant_id = \(walled.facts.tenant) and token_hash = \(hash)
                """)
        }
    }

    /// - Throws: `FormErrors` when the member has one of that name, or enough of them.
    func make(_ draft: TokenDraft, for member: UUID) async throws -> (id: UUID, token: PersonalToken) {
        let (tenant, now) = (tx.facts.tenant, tx.facts.now)
        // One after the other, so that two at once do not both find room.
        let good = try await tx.value(
            """
            select (select count(*) from app.personal_token p where p.tenant_id = \(tenant) and p.member_id = m.id
                       and p.revoked_at is null and p.expires_at > \(now))
              from app.member m where m.tenant_id = \(tenant) and m.id = \(member) for update
            """, Int.self)
        guard good < Self.most else { throw FormErrors([FieldProblem("name", .own("too_many_tokens"))]) }
        guard let made = try await insert(draft.name, draft.scopes, until: draft.expires, for: member) else {
            throw FormErrors([FieldProblem("name", .taken)])
        }
        try tx.audit(
            "token.created", "token", made.id,
            AuditChange(after: ["name": draft.name, "scopes": draft.scopes.joined(separator: ", "), "expires": draft.day]))
        return made
    }

    /// - Returns: nil when the member has a good one of that name.
    func insert(_ name: String, _ scopes: [String], until expires: Date, for member: UUID) async throws -> (
        id: UUID, token: PersonalToken
    )? {
        let (id, token, now) = (UUID.v7(now: tx.facts.now), PersonalToken(), tx.facts.now)
        let isNew = try await tx.execute(
            """
            insert into app.personal_token(tenant_id, id, member_id, name, token_hash, scopes, made_at, expires_at)
            values (\(tx.facts.tenant), \(id), \(member), \(name), \(token.hash), \(scopes), \(now), \(expires))
            on conflict do nothing
            """)
        return isNew == 1 ? (id, token) : nil
    }

    /// - Throws: 404 when the member has no such token; one that is revoked already stays so.
    func revoke(_ id: UUID, of member: UUID) async throws {
        let (tenant, now) = (tx.facts.tenant, tx.facts.now)
        let wasGood = try await tx.firstValue(
            """
            select revoked_at is null from app.personal_token where tenant_id = \(tenant) and id = \(id) and member_id = \(member)
               for update
            """, Bool.self)
        guard let wasGood else { throw Failure.notFound }
        guard wasGood else { return }
        try await tx.execute("update app.personal_token set revoked_at = \(now) where tenant_id = \(tenant) and id = \(id)")
        try tx.audit("token.revoked", "token", id)
    }

    func revokeAll(of member: UUID) async throws {
        try await tx.execute(
            """
            update app.personal_token set revoked_at = \(tx.facts.now)
             where tenant_id = \(tx.facts.tenant) and member_id = \(member) and revoked_at is null
            """)
    }
}

/// What a token may be limited to: what its member may do, but for what would let it reach beyond itself.
enum TokenScope {
    /// Invitations make people, roles make rights, the company's files make both, devices have tokens of their own, and whoever ends
    /// sign-ins can shut others out.
    static let never: Set<String> = Set(
        [
            .invitePeople, .endSessions, .changeRoles, .manageRoles, .disablePeople, .seeAs, .anonymisePeople, .exportPeople,
            .manageDevices
        ].map(\Permission.name) + ["people:approve", "configuration:publish"])

    static func offered(_ context: MemberContext) -> [String] { context.rights.subtracting(never).sorted() }
}

/// A token that is about to be made.
struct TokenDraft: Sendable {
    let name: String
    let scopes: [String]
    /// The last day on which it is good, as the form says it.
    let day: String
    let expires: Date

    /// - Parameter offered: the scopes that its member may give it.
    init(_ form: inout FormReader, offered: [String], _ zone: TimeZone, now: Date) {
        name = form.text("name", .required, .max(80))
        scopes = form.texts("scopes", max: 100, .required, .max(80))
        if !scopes.allSatisfy(offered.contains) { form.fail("scopes", .notAllowed) }
        let date = form.date("expires_on")
        day = date.description
        let today = CalendarDate(now, in: zone)
        let last = CalendarDate(day)
        expires = last?.adding(days: 1)?.start(in: zone) ?? now
        if form.isValid, let last, last < today || today.adding(days: PersonalTokens.longest).map({ last > $0 }) ?? true {
            form.fail("expires_on", .own("expires_out_of_range"))
        }
    }
}
