import Audit
import Database
import Forms
import Foundation
import HTML
import Images
import PDF
import Storage
import Threads
import UI
import Web

/// Votes of owners: calling them, voting, counting.
package struct VoteRoutes: Sendable {
    let images: ImageWorkshop
    let store: ObjectStore
    private let papers = BoundedThreads(name: "papers", count: 1, waiting: 20)

    /// Ballots and codes that one member sends: enough for somebody with many units, too few to guess with.
    static let casting = RateLimit("ballots", 240, per: 3600)
    static let checking = RateLimit("receipts", 60, per: 3600)

    package init(images: ImageWorkshop, store: ObjectStore) {
        self.images = images
        self.store = store
    }

    package func add(to routes: Routes) {
        routes.chapter("Votes")
        routes.get("votes", may: .seeVotes, use: list)
            .tells("Lists votes that concern you, newest first.").asks(.choice("show", VoteShelf.self), .text("q")).lists(
                VoteJSON.self)
        routes.get("votes.csv", may: .seeVotes, use: export)
            .tells("The same as CSV.").asks(.choice("show", VoteShelf.self), .text("q")).gives(file: "text/csv")
        routes.get("votes/new", may: .manageVotes, on: .page, use: compose)
        routes.post("votes", may: .manageVotes, use: create)
            .tells("Calls a vote.")
            .notes("`options` alone make one question of them; without any it is a question of yes and no.")
            .takes { _ = VoteDraft(&$0, $1.timeZone, now: Date()) }.creates(VoteJSON.self)
        routes.get("votes/shares", may: .manageVotes, use: shares)
            .tells("The shares of a building's units.").asks(.uuid("building")).gives(SharesJSON.self)
        routes.post("votes/shares", may: .manageVotes, use: setShares)
            .tells("Sets shares of units, a line for each: its name, a colon, its share.").takes { _ = SharesDraft(&$0) }
            .gives(SharesJSON.self)
        routes.get("votes/{vote}", may: .seeVotes, use: show)
            .tells("One vote, with its questions, what it has come to as far as that may be seen, and your ballots.")
            .gives(VoteDetailJSON.self)
        routes.get("votes/{vote}/results", may: .seeVotes, on: .api, use: results)
            .tells("What a vote has come to, as far as that may be seen.").gives(ResultsJSON.self)
        addBallots(to: routes)
        addManaging(to: routes)
    }

    private func addBallots(to routes: Routes) {
        routes.post("votes/{vote}/ballots", may: .seeVotes, use: cast)
            .tells("Casts a ballot, for each unit that is named, or for the only one that you have.")
            .notes(
                "Send a `receipt` of your own (26 letters and digits) to be safe to try again: the same one is counted once, and with other answers it is 422."
            )
            .takes { _ = BallotDraft(&$0, []) }.creates(BallotJSON.self, once: false).fails(422, 429)
        routes.get("votes/{vote}/receipt", may: .seeVotes, on: .page, use: askReceipt)
        routes.post("votes/{vote}/receipt", may: .seeVotes, use: checkReceipt)
            .tells("Says what became of the ballot that a code is for.").takes { _ = Self.code(&$0) }.gives(ReceiptCheckJSON.self)
            .fails(429)
        routes.get("votes/{vote}/minutes", may: .seeVotes, on: .page, use: minutes)
        routes.post("votes/{vote}/minutes", may: .seeVotes, use: paper)
            .tells("The minutes of a vote that is over, as a PDF that bears the company's seal.").gives(file: "application/pdf")
    }

    private func addManaging(to routes: Routes) {
        routes.get("votes/{vote}/register", may: .manageVotes, use: register)
            .tells("Lists who has a ballot, and with which weight.").lists(VoterJSON.self)
        routes.get("votes/{vote}/register.csv", may: .manageVotes, use: exportRegister)
            .tells("The same as CSV.").gives(file: "text/csv")
        routes.get("votes/{vote}/ledger", may: .manageVotes, use: ledger)
            .tells("Lists the entries of the ledger, newest first.").lists(LedgerEntryJSON.self)
        routes.get("votes/{vote}/ledger.csv", may: .manageVotes, use: exportLedger)
            .tells("The same as CSV, from its beginning.").gives(file: "text/csv")
        routes.post("votes/{vote}/recount", may: .manageVotes, use: recount)
            .tells("Checks the chain of the ledger and counts it again.").gives(RecountJSON.self)
        routes.get("votes/{vote}/paper", may: .manageVotes, on: .page, use: composePaper)
        routes.post("votes/{vote}/paper", may: .manageVotes, body: .uploads, use: enterPaper)
            .tells("Enters a ballot that came on paper, with its scan.").takes { _ = PaperDraft(&$0, []) }
            .creates(BallotJSON.self, once: false).fails(413, 415, 422)
        routes.get("votes/{vote}/scans/{scan}/file", may: .manageVotes, use: scan)
            .tells("The scan of a ballot that came on paper.").gives(file: "image/jpeg").gives(file: "application/pdf")
        routes.get("votes/{vote}/extension", may: .manageVotes, on: .page) { try await ask("extension", $0, $1) }
        routes.post("votes/{vote}/extension", may: .manageVotes, use: extend)
            .tells("Moves the end to a later time.").takes { _ = ExtensionDraft(&$0, $1.timeZone) }.gives(VoteJSON.self)
        routes.get("votes/{vote}/cancellation", may: .manageVotes, on: .page) { try await ask("cancellation", $0, $1) }
        routes.post("votes/{vote}/cancellation", may: .manageVotes, use: cancel)
            .tells("Ends a vote without a result.").takes { _ = ReasonDraft(&$0) }.gives(VoteJSON.self)
    }

    static func code(_ form: inout FormReader) -> Receipt? {
        let typed = form.text("code", .required, .max(80))
        let receipt = Receipt(typed: typed)
        if receipt == nil, !form.hasProblem("code") { form.fail("code", .own("no_receipt")) }
        return receipt
    }

    // MARK: Reading

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let filter = VoteFilter(incoming, VoteViewer(context))
        let (votes, total) = try await context.read(
            Vote.page(filter.condition, cursor, size: size), Vote.count(filter.condition))
        let page = KeysetPage(votes, size: size, cursor: cursor) { $0.id }
        return .show(
            VotesPage(page, total, filter, context),
            json: ListJSON(
                items: page.lines.map { VoteJSON($0, now: context.now) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let filter = VoteFilter(incoming, VoteViewer(context))
        var csv = CSV(head: Vote.head)
        var cursor = Cursor.first
        repeat {
            let votes = try await context.read(Vote.page(filter.condition, cursor, size: 500))
            for vote in votes.prefix(500) { csv.append(vote.cells(at: context.now)) }
            cursor = votes.count > 500 ? .after(votes[499].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "votes.csv"))
    }

    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let shown = try await ShownVote.read(try incoming.id("vote"), context)
        return .show(VotePage(shown, context), json: VoteDetailJSON(shown, now: context.now))
    }

    @Sendable func results(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let shown = try await ShownVote.read(try incoming.id("vote"), context)
        return .show(VotePage(shown, context), json: ResultsJSON(shown))
    }

    @Sendable func minutes(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (shown, entries) = try await record(incoming, context)
        return .page(MinutesPage(shown, entries, context))
    }

    /// The same on paper, with the company's seal.
    @Sendable func paper(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (shown, entries) = try await record(incoming, context)
        let paper = PDFDocument(MinutesPage(shown, entries, context), shown.vote, context)
        let seal = PDFSeal(
            try await SealKey.current(context), name: context.tenant.name, reason: paper.title, at: context.now,
            language: context.language.rawValue)
        let bytes = try await papers.run { try seal.seal(paper.bytes()) }
        try await context.write { tx in try tx.audit("vote.minutes_taken", "vote", shown.vote.id) }
        let day = CalendarDate(shown.vote.closedAt ?? shown.vote.endsAt, in: context.tenant.timeZone)
        return .file(FileReply(.bytes(bytes), type: "application/pdf", filename: "minutes-\(day).pdf"))
    }

    /// - Throws: 404 until the vote is over.
    private func record(_ incoming: Incoming, _ context: MemberContext) async throws -> (ShownVote, [MinutesFacts.Entry]) {
        let id = try incoming.id("vote")
        let shown = try await ShownVote.read(id, context)
        guard shown.vote.closedAt != nil || shown.vote.cancelledAt != nil else { throw Failure.notFound }
        return (shown, try await context.read(MinutesFacts.decisions(id, context.tenant.id)))
    }
}
