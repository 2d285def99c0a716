import Database
import Foundation

/// Adds ballots up, exactly: weights are brought over one common denominator and summed as whole numbers of any size, and quorum
/// and majority are decided by multiplying crosswise. Percents are for people to read.
///
/// The same statements count what is on record and what is read out of the ledger alone: only where their rows come from differs.
struct Tally: Sendable {
    /// Rows `(question int, options int[], wn, wd, hn, hd numeric)`: one for each ballot and question.
    let answers: SQL
    /// Rows `(wn, wd, hn, hd numeric)`: one for each ballot.
    let ballots: SQL
    /// Rows `(position int, majority text, options int)`; the last option is to abstain.
    let questions: SQL
    /// One row `(wn, wd, hn, hd numeric)`: the whole register.
    let whole: SQL
    /// One row `(wn, wd, hn, hd numeric)`: what has to take part; NULL where nothing has to.
    let quorum: SQL

    var lines: Query<[TallyLine]> {
        .many(
            """
            with ballot(question, options, wn, wd, hn, hd) as materialized (\(answers)),
            question(position, majority, options) as materialized (\(questions)),
            whole(wn, wd, hn, hd) as materialized (\(whole)),
            common as materialized (
              select app.lcm_of(array_agg(x.wd)) as d from (select wd from ballot union select wd from whole) x),
            weighed as materialized (select b.*, b.wn * div(c.d, b.wd) as w from ballot b cross join common c),
            chosen as (
              select w.question, o as option, count(*) as ballots, sum(w.w) as w,
                     app.fraction_sum(array_agg(w.hn), array_agg(w.hd)) as heads
                from weighed w cross join unnest(w.options) as o group by 1, 2),
            counted as (
              select w.question, sum(w.w) as w from weighed w join question q on q.position = w.question
               where w.options <> array[q.options] group by 1),
            line as (
              select q.position as question, o as option, q.majority, o = q.options as abstains, coalesce(c.ballots, 0) as ballots,
                     coalesce(c.w, 0) as w, coalesce(c.heads, '0/1') as heads, coalesce(t.w, 0) as cast_w,
                     wh.wn * div(k.d, wh.wd) as whole_w, k.d
                from question q cross join generate_series(1, q.options) as o cross join common k cross join whole wh
                left join chosen c on c.question = q.position and c.option = o
                left join counted t on t.question = q.position)
            select question, option, abstains, ballots, heads, app.fraction_sum(array[w], array[d]) as weight,
                   case when abstains then 0 else coalesce(round(10000 * w / nullif(cast_w, 0)), 0)::int end as of_cast,
                   w > 0 and case majority when 'simple' then 2 * w > cast_w when 'absolute' then 2 * w > whole_w
                                           when 'two_thirds' then 3 * w >= 2 * cast_w when 'three_quarters' then 4 * w >= 3 * cast_w
                                           else w = whole_w end as meets,
                   case when abstains then 0 else (rank() over (partition by question, abstains order by w desc))::int end as rank
              from line order by question, option
            """)
    }

    var turnout: Query<Turnout> {
        .one(
            """
            with ballot(wn, wd, hn, hd) as materialized (\(ballots)),
            whole(wn, wd, hn, hd) as materialized (\(whole)),
            quorum(wn, wd, hn, hd) as materialized (\(quorum)),
            total as (
              select count(*) as ballots, app.fraction_sum(array_agg(wn), array_agg(wd)) as weight,
                     app.fraction_sum(array_agg(hn), array_agg(hd)) as heads from ballot),
            part as (
              select t.*, split_part(t.weight, '/', 1)::numeric * w.wd as w, w.wn * split_part(t.weight, '/', 2)::numeric as of_w,
                     split_part(t.heads, '/', 1)::numeric * w.hd as h, w.hn * split_part(t.heads, '/', 2)::numeric as of_h
                from total t cross join whole w)
            select ballots, weight, heads, coalesce(round(10000 * w / nullif(of_w, 0)), 0)::int as of_weight,
                   coalesce(round(10000 * h / nullif(of_h, 0)), 0)::int as of_heads,
                   coalesce(w * q.wd >= q.wn * of_w, true) as reaches_weight, coalesce(h * q.hd >= q.hn * of_h, true) as reaches_heads
              from part cross join quorum q
            """)
    }
}

/// One option's part of a question.
struct TallyLine: Record, Sendable {
    let question: Int
    let option: Int
    let abstains: Bool
    let ballots: Int
    let weight: String
    let heads: String
    /// Hundredths of a percent of what was cast.
    let ofCast: Int
    /// Whether it has the majority that the question asks for.
    let meets: Bool
    /// Its place by weight; equal for options that are level. 0 for abstentions.
    let rank: Int

    init(row: Row) throws {
        question = Int(try row["question"] as Int32)
        option = Int(try row["option"] as Int32)
        abstains = try row["abstains"]
        ballots = try row["ballots"]
        heads = try row["heads"]
        weight = try row["weight"]
        ofCast = Int(try row["of_cast"] as Int32)
        meets = try row["meets"]
        rank = Int(try row["rank"] as Int32)
    }
}

/// Who took part, and whether that is enough.
struct Turnout: Record, Codable, Sendable, Equatable {
    let ballots: Int
    let weight: String
    let heads: String
    /// Hundredths of a percent of the register.
    let ofWeight: Int
    let ofHeads: Int
    let reachesWeight: Bool
    let reachesHeads: Bool

    init(row: Row) throws {
        ballots = try row["ballots"]
        weight = try row["weight"]
        heads = try row["heads"]
        ofWeight = Int(try row["of_weight"] as Int32)
        ofHeads = Int(try row["of_heads"] as Int32)
        reachesWeight = try row["reaches_weight"]
        reachesHeads = try row["reaches_heads"]
    }

    var reachesQuorum: Bool { reachesWeight && reachesHeads }
}

extension Tally {
    /// What is on record of an open vote.
    ///
    /// - Parameter condition: of the vote `v`; without it nothing at all is counted per option.
    static func recorded(_ vote: UUID, _ tenant: Int32, where condition: SQL) -> Tally {
        let last: SQL = """
            select distinct on (e.voter_id) e.content::jsonb as c from app.vote_entry e
              join app.vote v on v.tenant_id = e.tenant_id and v.id = e.vote_id
             where e.tenant_id = \(tenant) and e.vote_id = \(vote) and e.kind = 'ballot' and \(condition)
             order by e.voter_id, e.revision desc
            """
        return Tally(
            answers: """
                select a.place::int, array(select jsonb_array_elements_text(a.chosen)::int),
                       split_part(c ->> 'weight', '/', 1)::numeric, split_part(c ->> 'weight', '/', 2)::numeric,
                       split_part(c ->> 'heads', '/', 1)::numeric, split_part(c ->> 'heads', '/', 2)::numeric
                  from (\(last)) l cross join jsonb_array_elements(c -> 'answers') with ordinality as a(chosen, place)
                """,
            ballots: """
                select r.weight_n, r.weight_d, r.heads_n, r.heads_d
                  from app.vote_participation p join app.vote_voter r on r.tenant_id = p.tenant_id and r.id = p.id
                 where p.tenant_id = \(tenant) and p.vote_id = \(vote)
                """,
            questions: """
                select q.position, q.majority, (select count(*)::int from app.vote_option o
                         where o.tenant_id = q.tenant_id and o.question_id = q.id)
                  from app.vote_question q join app.vote v on v.tenant_id = q.tenant_id and v.id = q.vote_id
                 where q.tenant_id = \(tenant) and q.vote_id = \(vote) and \(condition)
                """,
            whole: """
                select coalesce(whole_weight_n, 0), coalesce(whole_weight_d, 1), coalesce(whole_heads_n, 0), coalesce(whole_heads_d, 1)
                  from app.vote where tenant_id = \(tenant) and id = \(vote)
                """,
            quorum: """
                select quorum_weight_n::numeric, quorum_weight_d::numeric, quorum_heads_n::numeric, quorum_heads_d::numeric
                  from app.vote where tenant_id = \(tenant) and id = \(vote)
                """)
    }

    /// What was read elsewhere: in the ledger.
    static func read(_ counted: [CountedBallot], _ terms: VoteTerms) -> Tally {
        let rows = counted.flatMap { ballot in
            ballot.answers.enumerated().map { (question: Int32(clamping: $0.offset + 1), options: $0.element, ballot: ballot) }
        }
        let options = rows.map { row in row.options.map { String($0) }.joined(separator: ",") }
        let whole = (weight: terms.weight, heads: terms.heads)
        return Tally(
            answers: """
                select t.question, string_to_array(t.options, ',')::int[], \(half("t.weight", "1")), \(half("t.weight", "2")),
                       \(half("t.heads", "1")), \(half("t.heads", "2"))
                  from unnest(\(rows.map(\.question)), \(options),
                              \(rows.map(\.ballot.weight)), \(rows.map(\.ballot.heads))) as t(question, options, weight, heads)
                """,
            ballots: """
                select \(half("t.weight", "1")), \(half("t.weight", "2")), \(half("t.heads", "1")), \(half("t.heads", "2"))
                  from unnest(\(counted.map(\.weight)), \(counted.map(\.heads))) as t(weight, heads)
                """,
            questions: """
                select t.* from unnest(\(terms.questions.indices.map { Int32(clamping: $0 + 1) }),
                                       \(terms.questions.map(\.majority)),
                                       \(terms.questions.map { Int32(clamping: $0.options.count) })) as t
                """,
            whole: """
                select \(half("t.weight", "1")), \(half("t.weight", "2")), \(half("t.heads", "1")), \(half("t.heads", "2"))
                  from (select \(whole.weight)::text as weight, \(whole.heads)::text as heads) t
                """,
            quorum: """
                select \(half("t.weight", "1")), \(half("t.weight", "2")), \(half("t.heads", "1")), \(half("t.heads", "2"))
                  from (select \(terms.quorum.weight)::text as weight, \(terms.quorum.heads)::text as heads) t
                """)
    }

    private static func half(_ fraction: SQL, _ which: SQL) -> SQL { "split_part(\(fraction), '/', \(which))::numeric" }
}
