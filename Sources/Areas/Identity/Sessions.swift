import Database
import Foundation
import Tenancy
import Web

/// Sign-ins and how long they last.
package enum Sessions {
    /// How long a session of a kind lives: idle, and in all (ASVS V7.3: staff 30 minutes and 8 hours).
    static func life(_ kind: SessionKind, staff: Bool) -> (idle: TimeInterval, total: TimeInterval) {
        let (minute, hour, day): (TimeInterval, TimeInterval, TimeInterval) = (60, 3600, 86_400)
        return switch kind {
        case .browser: staff ? (30 * minute, 8 * hour) : (day, 30 * day)
        case .access, .personal: (AccessSigner.life, AccessSigner.life)
        case .refresh: (7 * day, 7 * day)
        }
    }

    /// The session of a token hash with everything a page shows of its member; `nil` when it has ended or the member is disabled.
    @Sendable package static func find(hash: [UInt8], kind: SessionKind, tenant: Int32, now: Date) -> Query<Session?> {
        guard kind != .personal else { return PersonalTokens.session(hash, tenant, now: now) }
        // Programs are shown no bell.
        let counts: SQL =
            kind == .browser
            ? """
            (select count(*) from app.notification n
              where n.tenant_id = m.tenant_id and n.member_id = m.id and n.read_at is null) as unread, \(talks) as talks
            """ : "0::bigint as unread, 0::bigint as talks"
        // Whoever comes from the platform is a member that nobody can sign in as: disabled, and inside all the same.
        let support = SupportMode.allCases.map(\.role)
        // "case", because Postgres takes coalesce() for leaky: no index behind the wall is looked at by it (`SessionPlanTests`).
        return Query.first(
            """
            select s.id, m.id as member_id, m.name, m.email, m.roles, m.locale, m.time_zone, m.theme, m.density, s.seen_at, s.proved_at,
                   m.factor_since is not null as has_factor, s.vouched,
                   \(counts), \(lent(now)) as lent,
                   p.id as preview_id, p.ends_at as preview_ends_at, h.id as holder_id, h.name as holder_name, h.roles as holder_roles
              from app.session s join app.member h on h.tenant_id = s.tenant_id and h.id = s.member_id
              left join app.preview p on p.tenant_id = s.tenant_id and p.session = s.id and p.ended_at is null and p.ends_at > \(now)
              join app.member m on m.tenant_id = s.tenant_id
                and m.id = case when p.member_id is null then s.member_id else p.member_id end
             where s.tenant_id = \(tenant) and s.token_hash = \(hash) and s.kind = \(kind.rawValue)
               and s.expires_at > \(now) and s.idle_until > \(now)
               and (h.disabled_at is null or h.roles && \(support)) and (m.disabled_at is null or m.roles && \(support))
            """, Held.self
        ).map { $0?.session }
    }

    /// A session as its holder has it: their own pages, or for a while somebody else's.
    private struct Held: Record, Sendable {
        let session: Session

        init(row: Row) throws {
            var session = try Session(row: row)
            if let id = try row["preview_id"] as UUID?, let endsAt = try row["preview_ends_at"] as Date? {
                session.preview = Preview(
                    id: id, viewer: try row["holder_id"], viewerName: try row["holder_name"],
                    viewerRoles: try row["holder_roles"],
                    endsAt: endsAt)
            }
            self.session = session
        }
    }

    /// How many conversations have something that the member has not read, as their list counts it; what is muted or put away does not
    /// call. Messages are looked at only where the numbers say that there may be one. For a query whose `m` is the member.
    static let talks: SQL = """
        (select count(*) from app.conversation_member p join app.conversation c on c.tenant_id = p.tenant_id and c.id = p.conversation_id
          where p.tenant_id = m.tenant_id and p.member_id = m.id and p.left_at is null and c.last_seq > p.read_seq
            and p.archived_at is null and coalesce(p.muted_until <= now(), true)
            and exists (select from app.message x where x.tenant_id = c.tenant_id and x.conversation_id = c.id
                           and x.seq > greatest(p.read_seq, p.from_seq) and x.deleted_at is null and x.author_id <> m.id))
        """

    /// The rights that owners have delegated to the member. They open doors only: whether one holds for a unit, `Delegated` says.
    /// For a query whose `m` is the member.
    static func lent(_ now: Date) -> SQL {
        """
        array(select distinct r.name from app.delegation d cross join unnest(d.rights) as r(name)
               where d.tenant_id = m.tenant_id and d.delegate_id = m.id and d.state = 'accepted'
                 and coalesce(d.expires_at > \(now), true) order by r.name)
        """
    }

    /// A browser's session that is over, until the nightly sweep removes it; those that were signed out are gone at once.
    @Sendable package static func lapsed(hash: [UInt8], tenant: Int32, now: Date) -> Query<LapsedSession?> {
        Query.first(
            """
            select s.id, s.member_id from app.session s join app.member m on m.tenant_id = s.tenant_id and m.id = s.member_id
             where s.tenant_id = \(tenant) and s.token_hash = \(hash) and s.kind = 'browser' and m.disabled_at is null
               and (s.expires_at <= \(now) or s.idle_until <= \(now))
            """, LapsedSession.self)
    }

    /// Moves the idle limit on by the session's own idle time; notes a token's use.
    @Sendable package static func renew(_ hash: [UInt8], _ kind: SessionKind, _ walled: Walled, _ now: Date) async throws {
        guard kind != .personal else { return try await PersonalTokens.noteUse(hash, walled, now) }
        _ = try await walled.write { tx in
            try await tx.execute(
                """
                update app.session set idle_until = least(expires_at, \(now) + (idle_until - seen_at)), seen_at = \(now)
                 where tenant_id = \(walled.facts.tenant) and token_hash = \(hash)
                """)
        }
    }

    /// Opens a session in this transaction and returns its token, the only time that it is known.
    ///
    /// - Parameters:
    ///   - proved: whether its holder has proved just now who they are (`MemberContext.requireFresh`).
    ///   - vouched: whether an identity provider has asked for a second factor.
    ///   - browser: what the browser is known by, hashed.
    ///   - end: ends it earlier than its kind would.
    package static func open(
        _ kind: SessionKind, _ member: UUID, family: UUID, staff: Bool, agent: String?, proved: Bool = false,
        vouched: Bool = false, browser: [UInt8]? = nil, end: Date = .distantFuture, _ tx: Tx
    ) -> SessionToken {
        let token = SessionToken()
        let life = life(kind, staff: staff)
        let now = tx.facts.now
        let provedAt = proved ? now : nil
        tx.atCommit(
            """
            insert into app.session(tenant_id, token_hash, id, member_id, kind, family, created_at, seen_at, idle_until, expires_at, address, agent,
                                    proved_at, vouched, browser)
            values (\(tx.facts.tenant), \(token.hash), \(UUID.v7()), \(member), \(kind.rawValue), \(family), \(now), \(now),
                    \(min(end, now.addingTimeInterval(life.idle))), \(min(end, now.addingTimeInterval(life.total))), \(tx.facts.address), \(agent),
                    \(provedAt), \(vouched), \(browser))
            """)
        tx.atCommit("update app.member set signed_in_at = \(now) where tenant_id = \(tx.facts.tenant) and id = \(member)")
        return token
    }

    /// Ends every sign-in of a member but the one of this session.
    package static func closeAll(of member: UUID, but session: UUID? = nil, _ tx: Tx) async throws {
        try await tx.execute(
            """
            delete from app.session where tenant_id = \(tx.facts.tenant) and member_id = \(member)
               and family is distinct from (select family from app.session where tenant_id = \(tx.facts.tenant) and id = \(session))
            """)
        try tx.publish(OtherSignInsClosed(member: member, but: session))
    }

    /// Notes that whoever holds a session has proved who they are. A browser's session gets a new token; the old one is dead (T67).
    static func prove(_ session: Session, isBrowser: Bool, _ tx: Tx) async throws -> SessionToken? {
        let token = isBrowser ? SessionToken() : nil
        try await tx.execute(
            """
            update app.session set proved_at = \(tx.facts.now), token_hash = coalesce(\(token?.hash), token_hash)
             where tenant_id = \(tx.facts.tenant) and id = \(session.id)
            """)
        return token
    }

    /// Ends the sign-in whose token a browser still had when somebody signed in there anew.
    package static func close(_ token: SessionToken, _ tx: Tx) {
        tx.atCommit(
            """
            delete from app.session where tenant_id = \(tx.facts.tenant)
               and family in (select family from app.session where tenant_id = \(tx.facts.tenant) and token_hash = \(token.hash))
            """)
    }

    /// Ends one sign-in with all its tokens.
    ///
    /// - Parameter browser: what the browser that asks for it is known by.
    static func close(_ session: UUID, of member: UUID, at browser: SessionToken?, _ tx: Tx) async throws {
        let family = try await tx.firstValue(
            "select family from app.session where tenant_id = \(tx.facts.tenant) and id = \(session)", UUID.self)
        if let family { try await end(family, of: member, at: browser, tx) }
    }

    /// - Returns: false when the member has no such sign-in.
    @discardableResult
    static func end(_ family: UUID, of member: UUID, at browser: SessionToken? = nil, _ tx: Tx) async throws -> Bool {
        let browsers = try await tx.values(
            """
            delete from app.session where tenant_id = \(tx.facts.tenant) and family = \(family) and member_id = \(member)
            returning coalesce(encode(browser, 'hex'), '')
            """, String.self)
        guard !browsers.isEmpty else { return false }
        try tx.publish(SignedOut(member: member, browser: browsers.first { !$0.isEmpty } ?? browser?.hash.hex, family: family))
        return true
    }
}

extension LapsedSession: Record {
    public init(row: Row) throws {
        self.init(id: try row["id"], member: try row["member_id"])
    }
}

extension Session: Record {
    public init(row: Row) throws {
        self.init(
            id: try row["id"], memberID: try row["member_id"], name: try row["name"], email: try row["email"],
            roles: try row["roles"], lent: try row["lent"],
            locale: try row["locale"], timeZone: try row["time_zone"], theme: try row["theme"], density: try row["density"],
            unread: try row["unread"], talks: try row["talks"],
            seenAt: try row["seen_at"], provedAt: try row["proved_at"], hasFactor: try row["has_factor"],
            isVouched: try row["vouched"])
    }
}
