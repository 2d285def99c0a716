import Audit
import Database
import Foundation
import Jobs
import Secrets
import Web

/// A ballot that was counted, as its voter hears of it.
struct CastBallot: Sendable {
    let id: UUID
    let place: BallotPlace
    let receipt: Receipt
    /// Was there already: the same form came twice.
    let isRepeated: Bool
}

/// Taking ballots. Whether one comes in time decides the clock of the database, in the statements that write it, while the vote's
/// row is locked; whether it is the first, a unique index does. Nothing here is asked of a clock or a count that was read before.
struct Casting {
    let tx: Tx
    let vote: Vote
    let sealer: Sealer

    private var tenant: Int32 { tx.facts.tenant }
    private var ledger: Ledger { Ledger(vote: vote.id, tenant: tenant) }
    private var box: SecretBox { SecretBox(vote: vote.id, tenant: tenant, sealer: sealer) }

    /// Of a vote `v` that takes ballots at this very moment.
    private static let isOpen: SQL = """
        v.frozen_at is not null and v.state in ('planned', 'open') and clock_timestamp() >= v.starts_at and clock_timestamp() < v.ends_at
        """

    enum Channel: String {
        case web, paper
    }

    /// Casts one ballot for each place.
    ///
    /// - Throws: 409 when one of them has been voted for already, or the vote is not open, 422 when the code stands for another ballot;
    ///   then none of them is counted.
    func cast(
        _ answers: [[Int]], for places: [BallotPlace], _ receipt: Receipt, by member: UUID, on channel: Channel = .web,
        scan: UUID? = nil
    ) async throws -> [CastBallot] {
        _ = try await tx.query(ledger.lock)
        var cast: [CastBallot] = []
        for place in places.sorted(by: { $0.voter.text < $1.voter.text }) {
            let part = receipt.part(place.voter)
            let known = try await known(part, of: place)
            if known == answers {
                cast.append(CastBallot(id: part.place(vote.id), place: place, receipt: part, isRepeated: true))
                continue
            }
            if place.hasVoted {
                let mayReplace = place.mayReplace(vote, member, onPaper: channel == .paper)
                // In a secret vote the code is what a change of mind takes.
                if known != nil, mayReplace || (vote.isSecret && vote.allowChange) { throw Failure.receiptUsed }
                guard mayReplace else { throw Failure.alreadyVoted }
            }
            if vote.isSecret {
                try await drop(answers, place, part)
            } else {
                try await enter(answers, place, part, by: member, on: channel, scan)
            }
            cast.append(CastBallot(id: part.place(vote.id), place: place, receipt: part, isRepeated: false))
            try note(place, by: member, on: channel)
        }
        return cast
    }

    /// What the ballot says that the code stands for already, because a form came before.
    private func known(_ receipt: Receipt, of place: BallotPlace) async throws -> [[Int]]? {
        if vote.isSecret { return try await inBox(receipt) }
        let content = try await tx.firstValue(
            """
            select content from app.vote_entry where tenant_id = \(tenant) and vote_id = \(vote.id)
               and receipt = \(receipt.ledgerHash(vote.id)) and voter_id = \(place.voter)
            """, String.self)
        return try content.map { try Recount.decode(BallotContent.self, $0).answers }
    }

    private func inBox(_ receipt: Receipt) async throws -> [[Int]]? {
        try await tx.query(box.find(receipt.place(vote.id))).map { try box.open($0).answers }
    }

    // MARK: Open ballots

    private func enter(
        _ answers: [[Int]], _ place: BallotPlace, _ receipt: Receipt, by member: UUID, on channel: Channel, _ scan: UUID?
    ) async throws {
        let revision = place.revision.map { $0 + 1 } ?? 0
        let hash = receipt.ledgerHash(vote.id)
        let content = BallotContent(
            answers: answers, receipt: hash.hex, voter: place.voter, revision: revision, weight: place.weight, heads: place.heads,
            at: tx.facts.now.formatted(.iso8601), by: member, behalf: place.owns ? nil : place.principal,
            channel: channel.rawValue, scan: scan)
        let (_, entered) = try await tx.batch(
            participate(place.voter),
            ledger.append(
                "ballot", try JSON.text(content), ballot: (voter: place.voter, revision: revision, receipt: hash), if: Self.isOpen
            ))
        guard entered == 1 else { throw try await refusal(place.voter) }
    }

    // MARK: Secret ballots

    private func drop(_ answers: [[Int]], _ place: BallotPlace, _ receipt: Receipt) async throws {
        let ballot = SecretBox.Ballot(
            answers: answers, receipt: receipt.ledgerHash(vote.id).hex, weight: place.weight, heads: place.heads)
        guard try await tx.query(participate(place.voter)) == 1 else { throw try await refusal(place.voter) }
        _ = try await tx.batch(box.put(ballot, at: receipt.place(vote.id)), box.shuffleParticipation)
    }

    /// Puts another ballot in place of the one that a code names; whose that is, nobody learns.
    func replace(_ earlier: Receipt, with answers: [[Int]], _ receipt: Receipt) async throws -> Receipt {
        _ = try await tx.query(ledger.lock)
        if let known = try await inBox(receipt) {
            guard known == answers else { throw Failure.receiptUsed }
            return receipt
        }
        guard let old = try await tx.query(box.find(earlier.place(vote.id))) else { throw Failure.unknownReceipt }
        let opened = try box.open(old)
        let isOpen = try await tx.value(
            "select \(Self.isOpen) from app.vote v where v.tenant_id = \(tenant) and v.id = \(vote.id)", Bool.self)
        guard isOpen, vote.allowChange else { throw Failure.voteNotOpen }
        let ballot = SecretBox.Ballot(
            answers: answers, receipt: receipt.ledgerHash(vote.id).hex, weight: opened.weight, heads: opened.heads)
        _ = try await tx.batch(box.put(ballot, at: receipt.place(vote.id), instead: old.id), box.shuffleParticipation)
        tx.signal(LiveTopic("vote", vote.id))
        return receipt
    }

    // MARK: Parts

    private func participate(_ voter: UUID) -> Query<Int> {
        .execute(
            """
            insert into app.vote_participation(tenant_id, id, vote_id)
            select v.tenant_id, \(voter), v.id from app.vote v
             where v.tenant_id = \(tenant) and v.id = \(vote.id) and \(Self.isOpen)
            on conflict do nothing
            """)
    }

    /// Why nothing was written.
    private func refusal(_ voter: UUID) async throws -> Failure {
        let isOpen = try await tx.value(
            "select \(Self.isOpen) from app.vote v where v.tenant_id = \(tenant) and v.id = \(vote.id)", Bool.self)
        return isOpen ? .alreadyVoted : .voteNotOpen
    }

    /// That somebody took part, and for which unit: never what they voted.
    private func note(_ place: BallotPlace, by member: UUID, on channel: Channel) throws {
        let behalf = place.owns ? nil : place.principal
        try tx.publish(BallotCast(vote: vote.id, voter: place.voter, behalf: behalf, by: member, channel: channel.rawValue))
        try tx.audit(
            "vote.cast", "vote", vote.id, AuditChange(after: ["place": place.place, "by": channel.rawValue]), onBehalfOf: behalf)
    }
}

extension Failure {
    static let alreadyVoted = Failure(.conflict, "already_voted", "A ballot for this unit was counted already")
    static let voteNotOpen = Failure(.conflict, "vote_not_open", "This vote does not take ballots now")
    static let voteIsSecret = Failure(.conflict, "vote_is_secret", "In a secret vote nothing is entered from paper")
    static let receiptUsed = Failure(
        .unprocessableContent, "receipt_used", "This code stands for another ballot already; send this one with a code of its own"
    )
    static let notEligible = Failure(.forbidden, "not_eligible", "You have no ballot in this vote")
    static let unknownReceipt = Failure(.conflict, "unknown_receipt", "No ballot of this vote has that code")
}
