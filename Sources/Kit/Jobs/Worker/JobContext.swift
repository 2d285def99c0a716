import Database
import Foundation
import Logging
import Synchronization

/// What a handler knows about its job.
public struct JobContext: Sendable {
    public let id: UUID
    public let kind: String
    public let tenant: Int32
    /// 1 for the first try.
    public let attempt: Int
    public let isLastTry: Bool
    /// Never before the time that the job was for, also where this machine's clock is behind the database's.
    public let now: Date
    public let logger: Logger
    /// The database with a ticket for the job's company, in the name of the member whose act it follows from.
    public let db: Walled

    let claim: Claim
    private let completion = Completion()

    init(_ claim: Claim, job: LoadedJob, database: Database, retry: Retry, now: Date, logger: Logger) {
        self.claim = claim
        id = claim.id
        kind = claim.kind
        tenant = claim.tenant
        attempt = claim.attempt
        isLastTry = retry.wait(after: claim.attempt) == nil
        let now = max(now, claim.dueAt)
        self.now = now
        db = database.tenant(
            TxFacts(
                tenant: claim.tenant, actor: job.actor, requestID: job.requestID ?? "job-\(claim.id)", now: now, job: claim.kind))
        var logger = logger
        logger[metadataKey: "job"] = "\(claim.kind) \(claim.id)"
        logger[metadataKey: "tenant"] = "\(claim.tenant)"
        self.logger = logger
    }

    /// Writes and marks the job done in the same transaction: exactly once in the database. Throws `JobFailure.leaseLost` and
    /// rolls back when another worker has taken the job over meanwhile.
    @discardableResult
    public func write<T>(_ body: (Tx) async throws -> T) async throws -> T {
        let result = try await db.write { tx in
            let result = try await body(tx)
            guard try await tx.batch(.execute(QueueSQL.throughIndexes), .execute(claim.finish)).1 == 1 else {
                throw JobFailure.leaseLost
            }
            return result
        }
        completion.isDone.store(true, ordering: .relaxed)
        return result
    }

    /// Whether the handler has marked the job done by itself.
    var isDone: Bool { completion.isDone.load(ordering: .relaxed) }

    private final class Completion: Sendable {
        let isDone = Atomic<Bool>(false)
    }
}
