import Foundation

/// What a vote came to: the last entry of its ledger, and what its page shows. Fractions are `n/d`.
struct VoteResult: Codable, Sendable, Equatable {
    struct Question: Codable, Sendable, Equatable {
        let outcome: QuestionOutcome
        /// Places of the options that were chosen.
        let chosen: [Int]
        let options: [Option]
    }

    struct Option: Codable, Sendable, Equatable {
        let ballots: Int
        let weight: String
        let heads: String
        /// Hundredths of a percent of what was cast.
        let ofCast: Int
    }

    var kind = "result"
    let turnout: Turnout
    let questions: [Question]
}

extension VoteResult {
    init(_ terms: VoteTerms, _ lines: [TallyLine], _ turnout: Turnout) {
        self.turnout = turnout
        questions = terms.questions.enumerated().map { index, question in
            let own = lines.filter { $0.question == index + 1 }
            let (outcome, chosen) =
                turnout.reachesQuorum ? Self.decide(question, own.filter { !$0.abstains }) : (.noQuorum, [])
            return Question(outcome: outcome, chosen: chosen, options: own.map(Option.init))
        }
    }

    /// - Parameter lines: without the abstentions.
    private static func decide(_ question: VoteTerms.Question, _ lines: [TallyLine]) -> (QuestionOutcome, [Int]) {
        let first = lines.filter { $0.rank == 1 && $0.ballots > 0 }
        switch question.kind {
        case .yesNo:
            guard let yes = lines.first else { return (.rejected, []) }
            if yes.meets { return (.passed, [yes.option]) }
            return (question.majority == .simple && first.count > 1 ? .tied : .rejected, [])
        case .one:
            // Two that are level have both at most half, so that neither can have a majority.
            if first.count > 1 { return (.tied, []) }
            guard let only = first.first, only.meets else { return (.rejected, []) }
            return (.passed, [only.option])
        case .several: return several(question, lines.filter(\.meets))
        }
    }

    /// The heaviest of those that have the majority, as many as there is room for; when two are level for the last place, nobody
    /// has it.
    private static func several(_ question: VoteTerms.Question, _ lines: [TallyLine]) -> (QuestionOutcome, [Int]) {
        guard lines.count > question.most else {
            return lines.isEmpty ? (.rejected, []) : (.passed, lines.map(\.option))
        }
        let ordered = lines.sorted { ($0.rank, $0.option) < ($1.rank, $1.option) }
        guard ordered.indices.contains(question.most), question.most > 0 else { return (.rejected, []) }
        let next = ordered[question.most].rank
        let clear = ordered.prefix(question.most).filter { $0.rank < next }.map(\.option).sorted()
        return (clear.count < question.most ? .tied : .passed, clear)
    }
}

extension VoteResult.Option {
    init(_ line: TallyLine) {
        self.init(ballots: line.ballots, weight: line.weight, heads: line.heads, ofCast: line.ofCast)
    }
}
