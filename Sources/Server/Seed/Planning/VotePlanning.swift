import Foundation
import Votes

extension DemoRecords {
    /// Two votes that are over, one that goes on and waits for the owner who signs in, a secret one beside it, and one to come.
    func planVotes(_ company: DemoCompany, _ span: DemoSpan) -> [DemoVote] {
        guard let manager = staff("manager").first, let owner = faces["owner"],
            let home = occupancies.first(where: { $0.member == owner && $0.kind == "owner" && $0.until == nil })
        else { return [] }
        let (house, words) = (units[home.unit].building, company.words.votes)
        func vote(
            _ order: Int, _ text: DemoVoteWords.Vote, building: Int?, from: Double, to: Double, majority: String = "simple",
            turnout: Double, favour: Double
        ) -> DemoVote {
            let starts = span.daysAgo(from).addingTimeInterval(9 * 3600)
            let called = min(starts.addingTimeInterval(-86_400), span.daysAgo(1))
            let (name, face) = ("\(company.slug)/vote/\(order)", members[owner].id)
            return DemoVote(
                id: .demo(at: called, order: order, name), title: text.title, description: text.description, created: called,
                building: building.map { buildings[$0].id }, starts: starts,
                ends: span.daysAgo(to).addingTimeInterval(18 * 3600),
                questions: text.questions.map { DemoVote.Question($0.title, $0.options, majority: majority) },
                caller: members[manager].id
            ) { place, owners in
                var dice = Dice(name, "ballot", String(place))
                guard dice.chance(turnout), !owners.contains(face) else { return nil }
                return text.questions.map { question in
                    question.options.isEmpty
                        ? [dice.index(weights: [favour, 0.9 - favour, 0.1]) + 1]
                        : [dice.index(weights: [favour] + question.options.dropFirst().map { _ in 0.25 }) + 1]
                }
            }
        }
        var heating = vote(0, words.heating, building: house, from: 60, to: 46, turnout: 0.85, favour: 0.72)
        heating.quorum = (1, 2)
        let paint = vote(1, words.paint, building: house, from: 30, to: 16, majority: "two_thirds", turnout: 0.7, favour: 0.4)
        var roof = vote(2, words.roof, building: house, from: 5, to: -9, turnout: 0.45, favour: 0.6)
        (roof.results, roof.allowChange, roof.quorum) = ("live", true, (1, 2))
        var board = vote(3, words.board, building: house, from: 2, to: -12, turnout: 0, favour: 0.5)
        (board.isSecret, board.weighting) = (true, "head")
        var plan = vote(4, words.plan, building: nil, from: -6, to: -20, turnout: 0, favour: 0.5)
        plan.weighting = "unit"
        return [heating, paint, roof, board, plan]
    }
}
