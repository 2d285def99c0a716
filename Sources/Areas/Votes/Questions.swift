import Database
import Foundation

/// A question with its options, in their order.
struct QuestionLine: Record, Sendable {
    struct Option: Codable, Sendable {
        let id: UUID
        let position: Int
        let code: String
        let label: String

        var abstains: Bool { code == "abstain" }
    }

    let id: UUID
    let position: Int
    let title: String
    let kind: QuestionKind
    let majority: Majority
    let least: Int
    let most: Int
    let outcome: QuestionOutcome?
    let options: [Option]

    init(row: Row) throws {
        id = try row["id"]
        position = try row["position"]
        title = try row["title"]
        kind = try row["kind"]
        majority = try row["majority"]
        least = try row["least"]
        most = try row["most"]
        outcome = try row["outcome"]
        options = try (row["options"] as JSONBytes).decode([Option].self)
    }

    static func of(_ vote: UUID, _ tenant: Int32) -> Query<[QuestionLine]> {
        .many(
            """
            select q.id, q.position, q.title, q.kind, q.majority, q.least, q.most, q.outcome,
                   (select jsonb_agg(jsonb_build_object('id', o.id, 'position', o.position, 'code', o.code, 'label', o.label)
                                     order by o.position)
                      from app.vote_option o where o.tenant_id = q.tenant_id and o.question_id = q.id) as options
              from app.vote_question q where q.tenant_id = \(tenant) and q.vote_id = \(vote) order by q.position
            """)
    }

    var terms: VoteTerms.Question {
        VoteTerms.Question(
            title: title, kind: kind, majority: majority, least: least, most: most,
            options: options.map { VoteTerms.Option(code: $0.code, label: $0.label) })
    }
}
