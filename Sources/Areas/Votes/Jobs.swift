import Database
import Foundation
import Jobs
import Secrets
import Tenancy

/// Takes the register where that is due at the start, and notes that the vote is open.
struct OpenVote: Job {
    static let kind = "votes.open"
    let vote: UUID
}

/// Tells those who have not voted that the end is near.
struct RemindVote: Job {
    static let kind = "votes.remind"
    static let notice: TimeInterval = 86_400
    let vote: UUID
    /// The end that it was meant for.
    let ends: Date
}

/// Counts, and writes the result down.
struct CloseVote: Job {
    static let kind = "votes.close"
    let vote: UUID
}

/// Tells everybody who may vote, or could have.
struct TellOfVote: Job {
    static let kind = "votes.tell"
    enum What: String, CaseIterable, Codable, Sendable {
        case created, extended, cancelled, closed
    }
    let vote: UUID
    let what: What
    /// What makes this occasion another than the last of its kind.
    var occasion = ""
}

/// Tells a voter that the ballot was counted, and the owner when somebody else cast it.
struct TellOfBallot: Job {
    static let kind = "votes.tell-of-ballot"
    let vote: UUID
    let voter: UUID
    let behalf: UUID?
    let by: UUID
    let channel: String
}

package struct VoteJobs: Sendable {
    let tenants: Tenants
    let sealer: Sealer

    package init(tenants: Tenants, sealer: Sealer) {
        self.tenants = tenants
        self.sealer = sealer
    }

    package static func tell(_ event: VoteCreated, _ facts: TxFacts) -> [any Job] {
        [TellOfVote(vote: event.vote, what: .created)]
    }
    package static func tell(_ event: VoteExtended, _ facts: TxFacts) -> [any Job] {
        [TellOfVote(vote: event.vote, what: .extended, occasion: event.endsAt.formatted(.iso8601))]
    }
    package static func tell(_ event: VoteCancelled, _ facts: TxFacts) -> [any Job] {
        [TellOfVote(vote: event.vote, what: .cancelled)]
    }
    package static func tell(_ event: VoteClosed, _ facts: TxFacts) -> [any Job] { [TellOfVote(vote: event.vote, what: .closed)] }
    package static func tell(_ event: BallotCast, _ facts: TxFacts) -> [any Job] {
        [TellOfBallot(vote: event.vote, voter: event.voter, behalf: event.behalf, by: event.by, channel: event.channel)]
    }

    package func register(in handlers: inout JobHandlers) {
        handlers.register(OpenVote.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in try await Votes(tx: tx, tenant: tenant).open(job.vote) }
        }
        handlers.register(CloseVote.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in try await Votes(tx: tx, tenant: tenant).close(job.vote, sealer) }
        }
        handlers.register(RemindVote.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in try await VoteNotices(tx: tx, tenant: tenant).remind(job) }
        }
        handlers.register(TellOfVote.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in try await VoteNotices(tx: tx, tenant: tenant).tell(job) }
        }
        handlers.register(TellOfBallot.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in try await VoteNotices(tx: tx, tenant: tenant).tell(job) }
        }
    }

    private func tenant(_ context: JobContext) throws -> Tenant {
        guard let tenant = tenants.tenant(id: context.tenant) else { throw JobFailure.park("The company has no configuration") }
        return tenant
    }
}
