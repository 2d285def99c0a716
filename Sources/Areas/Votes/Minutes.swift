import Database
import Foundation
import HTML
import Markdown
import PDF
import UI
import Web

/// What the ledger holds besides ballots: who moved or ended the vote and why, and where its chain ends.
struct MinutesFacts: Sendable {
    struct Entry: Record, Sendable {
        let seq: Int64
        let kind: String
        let content: String
        let hash: [UInt8]
        let name: String?

        init(row: Row) throws {
            seq = try row["seq"]
            kind = try row["kind"]
            content = try row["content"]
            hash = try row["hash"]
            name = try row["name"]
        }
    }

    static func decisions(_ vote: UUID, _ tenant: Int32) -> Query<[Entry]> {
        .many(
            """
            select e.seq, e.kind, case when e.kind = 'ballot' then '' else e.content end as content, e.hash, m.name
              from app.vote_entry e left join app.member m on m.tenant_id = e.tenant_id and e.kind in ('extended', 'cancelled')
                   and m.id = (e.content::jsonb ->> 'by')::uuid
             where e.tenant_id = \(tenant) and e.vote_id = \(vote)
               and (e.kind <> 'ballot' or e.seq = (select max(seq) from app.vote_entry where tenant_id = \(tenant) and vote_id = \(vote)))
             order by e.seq
            """)
    }
}

extension MinutesPage {
    init(_ shown: ShownVote, _ entries: [MinutesFacts.Entry], _ context: MemberContext) {
        let (t, figures, vote) = (VotesMessages(context.language), Figures(context), shown.vote)
        let over = vote.closedAt ?? vote.cancelledAt ?? vote.endsAt
        self.init(
            paper: "\(vote.path)/minutes", title: t.minutes.heading(title: vote.title), crumbs: vote.crumbs(t, t.minutes.title),
            lead: vote.cancelledWhy.map { t.show.cancelled(reason: $0) }
                ?? t.minutes.lead(company: context.tenant.name, moment: context.format.dateTime(over)),
            facts: vote.facts(shown.whole, context),
            description: vote.description.isEmpty ? nil : Markdown.html(vote.description),
            turnout: [
                Fact(t.minutes.register, t.list.turnout(voted: vote.voted, voters: vote.voters)),
                Fact(t.minutes.weight, "\(Figures.fraction(shown.turnout.weight)) (\(figures.percent(shown.turnout.ofWeight)))"),
                Fact(t.minutes.heads, "\(Figures.fraction(shown.turnout.heads)) (\(figures.percent(shown.turnout.ofHeads)))"),
                Fact(
                    t.minutes.quorum,
                    vote.quorumWeight == nil && vote.quorumHeads == nil
                        ? t.show.noQuorum : t.show.quorum(reached: shown.turnout.reachesQuorum ? "yes" : "no"))
            ],
            questions: zip(shown.questions, shown.result?.questions ?? []).map { MinutesQuestion($0, $1, figures) },
            decisions: entries.compactMap { entry in
                guard entry.kind == "extended" || entry.kind == "cancelled",
                    let decision = try? Recount.decode(DecisionContent.self, entry.content),
                    let at = try? Date(decision.at, strategy: .iso8601)
                else { return nil }
                return t.minutes.decision(
                    kind: entry.kind, moment: context.format.dateTime(at), name: entry.name ?? "", reason: decision.reason)
            },
            seal: entries.last.map { [Fact(t.minutes.entries, String($0.seq + 1)), Fact(t.ledger.head, $0.hash.hex)] } ?? [])
    }
}

extension MinutesQuestion {
    init(_ question: QuestionLine, _ counted: VoteResult.Question, _ figures: Figures) {
        let t = figures.t
        self.init(
            title: "\(question.position). \(question.title)", rule: figures.rule(question),
            outcome: t.outcome(outcome: counted.outcome.rawValue),
            rows: zip(question.options, counted.options).map { option, sum in
                MinutesRow(
                    option: option.words(t), ballots: String(sum.ballots), heads: Figures.fraction(sum.heads),
                    weight: Figures.fraction(sum.weight), percent: option.abstains ? "–" : figures.percent(sum.ofCast),
                    isChosen: counted.chosen.contains(option.position))
            })
    }
}

extension PDFDocument {
    /// The minutes for those who keep papers.
    init(_ page: MinutesPage, _ vote: Vote, _ context: MemberContext) {
        let t = VotesMessages(context.language)
        let lines = { (facts: [Fact]) in PDFDocument.Block.facts(facts.map { ($0.label, $0.value) }) }
        var blocks: [Block] = [.heading(t.show.facts), lines(page.facts)]
        if !vote.description.isEmpty { blocks += [.heading(t.form.text), .text(vote.description)] }
        blocks += [.heading(t.show.turnout), lines(page.turnout)]
        for question in page.questions {
            blocks += [
                .heading(question.title), .text("\(question.rule)\n\(t.minutes.result) \(question.outcome)"),
                .table(
                    Table(
                        head: [t.minutes.option, t.ledger.ballots, t.register.heads, t.register.weight, t.minutes.percent],
                        rows: question.rows.map {
                            [
                                $0.isChosen ? "\($0.option) (\(t.show.chosen))" : $0.option, $0.ballots, $0.heads, $0.weight,
                                $0.percent
                            ]
                        }))
            ]
        }
        if !page.decisions.isEmpty { blocks += [.heading(t.minutes.decisions), .list(page.decisions)] }
        blocks += [.heading(t.minutes.seal), .text(t.minutes.sealText), lines(page.seal)]
        blocks.append(.signatures([t.minutes.place, t.minutes.chair, t.minutes.keeper]))
        self.init(title: page.title, lead: page.lead, company: context.tenant.name, made: context.now, blocks: blocks)
    }
}
