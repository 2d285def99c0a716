import Audit
import Database
import Foundation
import HTML
import UI
import Web

/// Register, ledger and recount, for whoever conducts the vote.
extension VoteRoutes {
    @Sendable func register(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let (id, tenant) = (try incoming.id("vote"), context.tenant.id)
        let (vote, whole, lines) = try await context.read(
            Vote.find(id, VoteViewer(context)), Whole.find(id, tenant), VoterLine.page(id, tenant, cursor, size: size))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            RegisterPage(page, whole, vote, context),
            json: ListJSON(items: page.lines.map(VoterJSON.init), nextCursor: page.next?.text, total: vote.voters))
    }

    @Sendable func exportRegister(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (id, tenant) = (try incoming.id("vote"), context.tenant.id)
        var csv = CSV(head: VoterLine.head)
        var cursor = Cursor.first
        repeat {
            let (_, lines) = try await context.read(
                Vote.find(id, VoteViewer(context)), VoterLine.page(id, tenant, cursor, size: 1000))
            for line in lines.prefix(1000) { csv.append(line.cells) }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "register.csv"))
    }

    @Sendable func ledger(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let (id, tenant) = (try incoming.id("vote"), context.tenant.id)
        let (vote, entries, total) = try await context.read(
            Vote.find(id, VoteViewer(context)), LedgerEntry.page(id, tenant, cursor, size: size), LedgerEntry.count(id, tenant))
        let page = KeysetPage(entries, size: size, cursor: cursor) { $0.id }
        let shown = vote.showsLedger(at: context.now)
        return .show(
            LedgerPage(page, total, nil, vote, context),
            json: ListJSON(
                items: page.lines.map { LedgerEntryJSON($0, shown: shown) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func exportLedger(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id("vote")
        let (vote, entries) = try await context.read(
            Vote.find(id, VoteViewer(context)), LedgerEntry.all(id, context.tenant.id))
        let shown = vote.showsLedger(at: context.now)
        var csv = CSV(head: LedgerEntry.head)
        for entry in entries { csv.append(entry.cells(shown: shown)) }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "ledger.csv"))
    }

    /// Whoever recounts while totals are hidden learns whether the chain holds, and nothing else.
    @Sendable func recount(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (id, tenant) = (try incoming.id("vote"), context.tenant.id)
        let vote = try await context.read(Vote.find(id, VoteViewer(context)))
        let report = try await context.write { tx in
            let report = try await Recount(tx: tx, sealer: context.house.sealer).run(id)
            try tx.audit(
                "vote.recounted", "vote", id,
                AuditChange(after: [
                    "result": report.broken.map { "\($0.why.rawValue) \($0.seq)" } ?? "intact", "head": report.head
                ]))
            return report
        }
        let (questions, entries, total) = try await context.read(
            QuestionLine.of(id, tenant), LedgerEntry.page(id, tenant, .first, size: 20), LedgerEntry.count(id, tenant))
        let page = KeysetPage(entries, size: 20, cursor: .first) { $0.id }
        let shown = vote.showsLedger(at: context.now)
        return .show(
            LedgerPage(page, total, (report, questions), vote, context), json: RecountJSON(report, shown: shown))
    }
}

extension Vote {
    /// Ballots of the ledger tell totals to whoever adds them up.
    func showsLedger(at now: Date) -> Bool { closedAt != nil || cancelledAt == nil && showsResults(at: now) }
}

struct RecountJSON: Codable, Sendable {
    let entries: Int
    let ballots: Int
    let head: String
    let intact: Bool
    /// The first entry that is not as it was written.
    let brokenAt: Int?
    let why: RecountReport.Break.Why?
    /// Whether it came to what stands in the ledger's last entry; nil while there is none.
    let agrees: Bool?
    /// Nil for as long as totals may not be seen.
    let outcomes: [QuestionOutcome]?
    let weights: [[String]]?

    init(_ report: RecountReport, shown: Bool) {
        entries = report.entries
        ballots = report.ballots
        head = report.head
        intact = report.broken == nil
        brokenAt = report.broken?.seq
        why = report.broken?.why
        agrees = report.agrees
        outcomes = shown ? report.result?.questions.map(\.outcome) : nil
        weights = shown ? report.result?.questions.map { $0.options.map(\.weight) } : nil
    }
}
