import Database
import Foundation
import Secrets

/// A recount in lines of plain text, for the command.
package struct RecountSummary: Sendable {
    package let text: String
    package let isGood: Bool

    /// Nil when the vote has no ledger: there is no such vote, or its register is not taken yet.
    package static func of(_ vote: UUID, _ tx: Tx, _ sealer: Sealer) async throws -> RecountSummary? {
        guard let first = try await tx.query(LedgerEntry.all(vote, tx.facts.tenant)).first else { return nil }
        let terms = try? Recount.decode(VoteTerms.self, first.content)
        return RecountSummary(try await Recount(tx: tx, sealer: sealer).run(vote), terms)
    }

    init(_ report: RecountReport, _ terms: VoteTerms?) {
        isGood = report.broken == nil && report.agrees != false
        var lines = ["entries \(report.entries)  ballots \(report.ballots)  head \(report.head)"]
        if let broken = report.broken { lines.append("WRONG  entry \(broken.seq) is \(broken.why.rawValue)") }
        // Before the end totals are nobody's business, also here.
        for (question, counted) in zip(terms?.questions ?? [], report.recorded == nil ? [] : report.result?.questions ?? []) {
            lines.append("\(question.title): \(counted.outcome.rawValue)")
            for (index, (option, sum)) in zip(question.options, counted.options).enumerated() {
                let name = option.label.isEmpty ? option.code : option.label
                let mark = counted.chosen.contains(index + 1) ? "*" : " "
                lines.append("  \(mark) \(name): \(sum.ballots) ballots, weight \(sum.weight), heads \(sum.heads)")
            }
        }
        if let agrees = report.agrees {
            lines.append(agrees ? "ok     the same as on record" : "WRONG  not what is on record")
        }
        text = lines.joined(separator: "\n")
    }
}
