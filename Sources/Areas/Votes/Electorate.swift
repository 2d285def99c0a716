import Database
import Foundation
import Property
import Web

/// Whom a vote is about, read from the register of the property on one day: the entries of its own register, before they are
/// written.
struct ElectorRow: Record, Sendable {
    let unit: UUID
    let member: UUID?
    let place: String
    /// Nil where the unit has no share on record.
    let weight: String?
    let heads: String
    let owners: [UUID]

    init(row: Row) throws {
        unit = try row["unit_id"]
        member = try row["member_id"]
        place = try row["place"]
        weight = try row["weight"]
        heads = try row["heads"]
        owners = try row["owners"]
    }
}

struct Electorate: Sendable {
    let tenant: Int32
    let building: UUID?
    let entrance: UUID?
    let weighting: Weighting
    let owners: OwnersRule
    let day: CalendarDate

    /// In the order of houses, floors and units. Each part is computed once, whatever the planner believes of rows that came a moment ago:
    /// it would run windows anew for each unit.
    var rows: Query<[ElectorRow]> {
        .many(
            """
            with place as materialized (
              select u.id, b.name || ', ' || u.label as place, b.name as building, u.floor, u.label, s.numerator, s.denominator
                from app.unit u join app.building b on b.tenant_id = u.tenant_id and b.id = u.building_id
                left join app.unit_share s on s.tenant_id = u.tenant_id and s.id = u.id
               where u.tenant_id = \(tenant) and u.archived_at is null and b.archived_at is null
                 and coalesce(u.building_id = \(building), true) and coalesce(u.entrance_id = \(entrance), \(entrance)::uuid is null)),
            owner as materialized (
              select o.unit_id, o.member_id, o.numerator, o.denominator, count(*) over (partition by o.unit_id) as many,
                     count(o.numerator) over (partition by o.unit_id) as known, count(*) over (partition by o.member_id) as homes
                from app.occupancy o join place p on p.id = o.unit_id
               where o.tenant_id = \(tenant) and o.kind = 'owner' and o.since <= \(day) and coalesce(o.until >= \(day), true)),
            entry as materialized (\(owners == .joint ? Self.joint : Self.parts))
            select e.unit_id, e.member_id, p.place, \(weight) as weight, e.heads, e.owners
              from entry e join place p on p.id = e.unit_id order by p.building, p.floor, p.label, e.member_id
            """)
    }

    /// One ballot for a unit, whoever owns it; with as many heads as it has owners, and of each the part that this unit is of
    /// theirs.
    private static let joint: SQL = """
        select p.id as unit_id, null::uuid as member_id, 1::numeric as part_n, 1::numeric as part_d,
               app.fraction_sum(array_agg(1::numeric) filter (where o.homes is not null),
                                array_agg(o.homes::numeric) filter (where o.homes is not null)) as heads,
               array_remove(array_agg(o.member_id order by o.member_id), null) as owners
          from place p left join owner o on o.unit_id = p.id group by p.id
        """

    /// A ballot for each owner, and one for what no owner on record has, so that all of them together are the whole. Where the parts of a
    /// unit are not all on record, they count as equal.
    private static let parts: SQL = """
        select o.unit_id, o.member_id, case when o.known = o.many then o.numerator else 1 end::numeric as part_n,
               case when o.known = o.many then o.denominator else o.many end::numeric as part_d, '1/' || o.homes as heads,
               array[o.member_id] as owners
          from owner o
        union all
        select c.unit_id, null, split_part(c.owned, '/', 2)::numeric - split_part(c.owned, '/', 1)::numeric,
               split_part(c.owned, '/', 2)::numeric, '0/1', '{}'
          from (select p.id as unit_id, app.fraction_sum(array_agg(o.numerator::numeric) filter (where o.numerator is not null),
                                                         array_agg(o.denominator::numeric) filter (where o.numerator is not null)) as owned
                  from place p left join owner o on o.unit_id = p.id
                 group by p.id having count(o.unit_id) = count(o.numerator)) c
         where split_part(c.owned, '/', 1)::numeric < split_part(c.owned, '/', 2)::numeric
        """

    private var weight: SQL {
        switch weighting {
        case .share:
            "app.fraction_sum(array[p.numerator * e.part_n], array[p.denominator * e.part_d])"
        case .unit: "app.fraction_sum(array[e.part_n], array[e.part_d])"
        case .head: "e.heads"
        }
    }
}

extension Electorate {
    init(_ vote: VoteFreeze, _ tenant: Int32, on day: CalendarDate) {
        self.init(
            tenant: tenant, building: vote.building, entrance: vote.entrance, weighting: vote.weighting, owners: vote.owners,
            day: day)
    }
}

/// What is needed of a vote to take its register.
struct VoteFreeze: Record, Sendable {
    let id: UUID
    let building: UUID?
    let entrance: UUID?
    let weighting: Weighting
    let owners: OwnersRule
    let isFrozen: Bool
    let isDue: Bool
    let isOver: Bool
    let state: String
    let startsAt: Date

    init(row: Row) throws {
        id = try row["id"]
        building = try row["building_id"]
        entrance = try row["entrance_id"]
        weighting = try row["weighting"]
        owners = try row["owners"]
        isFrozen = try row["is_frozen"]
        isDue = try row["is_due"]
        isOver = try row["is_over"]
        state = try row["state"]
        startsAt = try row["starts_at"]
    }

    /// Locked, and by the database's clock.
    static func taken(_ vote: UUID, _ tenant: Int32) -> Query<VoteFreeze> {
        .one(
            """
            select id, building_id, entrance_id, weighting, owners, frozen_at is not null as is_frozen, state, starts_at,
                   clock_timestamp() >= starts_at as is_due, clock_timestamp() >= ends_at as is_over
              from app.vote where tenant_id = \(tenant) and id = \(vote) for no key update
            """)
    }
}

/// Takes the register of a vote, for good, and begins its ledger with what it is decided by.
struct Freezing {
    let tx: Tx
    /// Of the record date, for whoever makes votes of another time.
    var at: Date?
    /// In the order of their making.
    var makeID: () -> UUID = { UUID.v7() }

    private var tenant: Int32 { tx.facts.tenant }

    /// - Returns: how many units have no share on record; then nothing was written.
    @discardableResult
    func freeze(_ vote: VoteFreeze, on day: CalendarDate) async throws -> Int {
        let rows = try await tx.query(Electorate(vote, tenant, on: day).rows)
        let missing = rows.count { $0.weight == nil }
        guard missing == 0 else { return missing }
        // Lists show the newest first: ids are given from the end, so that the register reads from the first house on.
        let voters = rows.reversed().map { (id: makeID(), row: $0) }
        try await insert(voters, vote.id)
        try await tx.execute(
            """
            update app.vote v set frozen_at = \(at ?? tx.facts.now), whole_weight_n = split_part(t.weight, '/', 1)::numeric,
                   whole_weight_d = split_part(t.weight, '/', 2)::numeric, whole_heads_n = split_part(t.heads, '/', 1)::numeric,
                   whole_heads_d = split_part(t.heads, '/', 2)::numeric
              from (select app.fraction_sum(array_agg(weight_n), array_agg(weight_d)) as weight,
                           app.fraction_sum(array_agg(heads_n), array_agg(heads_d)) as heads
                      from app.vote_voter where tenant_id = \(tenant) and vote_id = \(vote.id)) t
             where v.tenant_id = \(tenant) and v.id = \(vote.id)
            """)
        let (whole, line, questions) = try await tx.batch(
            Whole.find(vote.id, tenant), Vote.find(vote.id, tenant), QuestionLine.of(vote.id, tenant))
        let content = try JSON.text(VoteTerms(line, questions, whole))
        _ = try await tx.query(Ledger(vote: vote.id, tenant: tenant).append("terms", content, id: makeID()))
        return 0
    }

    private func insert(_ voters: [(id: UUID, row: ElectorRow)], _ vote: UUID) async throws {
        let owners = voters.flatMap { voter in voter.row.owners.map { (voter: voter.id, member: $0) } }
        _ = try await tx.batch(
            Query.execute(
                """
                insert into app.vote_voter(tenant_id, id, vote_id, unit_id, member_id, place, weight_n, weight_d, heads_n, heads_d)
                select \(tenant), t.id, \(vote), t.unit, t.member, t.place, split_part(t.weight, '/', 1)::numeric,
                       split_part(t.weight, '/', 2)::numeric, split_part(t.heads, '/', 1)::numeric, split_part(t.heads, '/', 2)::numeric
                  from unnest(\(voters.map(\.id)), \(voters.map(\.row.unit)), \(voters.map(\.row.member)),
                              \(voters.map(\.row.place)), \(voters.map { $0.row.weight ?? "0/1" }), \(voters.map(\.row.heads)))
                       as t(id, unit, member, place, weight, heads)
                """),
            Query.execute(
                """
                insert into app.vote_owner(tenant_id, id, voter_id, member_id)
                select \(tenant), t.id, t.voter, t.member
                  from unnest(\(owners.map { _ in makeID() }), \(owners.map(\.voter)), \(owners.map(\.member)))
                       as t(id, voter, member)
                """))
    }
}

/// The register's sum.
struct Whole: Record, Sendable {
    let weight: String
    let heads: String

    init(row: Row) throws {
        weight = try row["weight"]
        heads = try row["heads"]
    }

    static func find(_ vote: UUID, _ tenant: Int32) -> Query<Whole> {
        .one(
            """
            select coalesce(whole_weight_n || '/' || whole_weight_d, '0/1') as weight,
                   coalesce(whole_heads_n || '/' || whole_heads_d, '0/1') as heads
              from app.vote where tenant_id = \(tenant) and id = \(vote)
            """)
    }
}
