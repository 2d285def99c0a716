import Database
import Foundation
import Logging
import Metrics
import Synchronization
import Threads

/// One worker at work: its identity in the queue, and what it still has to report.
final class Shift: Sendable {
    let worker: Worker
    let id = UUID.v7()
    private let tenants: [Int32]?
    private let asOf: Date?
    private let finished = Mutex<[Claim]>([])
    /// Claimed and not yet reported.
    private let inHand = Mutex<[UUID: Claim]>([:])
    let bell = Bell()
    private let finishBell = Bell()

    init(_ worker: Worker, tenants: [Int32]?, asOf: Date?) {
        self.worker = worker
        self.tenants = tenants
        self.asOf = asOf
    }

    private var database: Database { worker.database }

    // MARK: taking

    func claim(limit: Int) async throws -> [Claim] {
        let sql = QueueSQL.claim(worker: id, limit: limit, lease: worker.settings.lease, tenants: tenants, asOf: asOf)
        let claims = try await tellQueue(.many(sql, Claim.self))
        inHand.withLock { inHand in
            for claim in claims { inHand[claim.id] = claim }
        }
        return claims
    }

    /// One statement about the queue as a whole, in a transaction of its own.
    @discardableResult
    func tellQueue<O>(_ query: Query<O>) async throws -> O {
        try await database.withoutTenant { tx in try await tx.batch(.execute(QueueSQL.throughIndexes), query).1 }
    }

    var claims: [Claim] { inHand.withLock { Array($0.values) } }

    private func drop(_ claims: [Claim]) {
        inHand.withLock { inHand in
            for claim in claims { inHand[claim.id] = nil }
        }
    }

    /// Reads the arguments, one round trip per company, all at once. A job whose arguments cannot be read fails its try.
    func load(_ claims: [Claim]) async -> [(Claim, LoadedJob)] {
        let byTenant = Dictionary(grouping: claims, by: \.tenant)
        return await withTaskGroup(of: [(Claim, LoadedJob)].self) { group in
            for (tenant, claims) in byTenant { group.addTask { await self.load(claims, of: tenant) } }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func load(_ claims: [Claim], of tenant: Int32) async -> [(Claim, LoadedJob)] {
        do {
            let jobs = try await database.tenant(TxFacts(tenant: tenant)).read(
                .execute(QueueSQL.throughIndexes), LoadedJob.load(claims.map(\.id), tenant: tenant)
            ).1
            let byID = Dictionary(jobs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            for claim in claims where byID[claim.id] == nil { await fail(claim, JobFailure.park("its arguments are gone")) }
            return claims.compactMap { claim in byID[claim.id].map { (claim, $0) } }
        } catch {
            for claim in claims { await fail(claim, error) }
            return []
        }
    }

    // MARK: doing

    /// Runs the handler and reports the outcome. Never throws: whatever goes wrong is the job's outcome.
    func perform(_ work: (claim: Claim, job: LoadedJob)) async {
        let (claim, job) = work
        guard let handler = worker.handlers[claim.kind] else {
            return await fail(claim, JobFailure.park("there is no handler for \"\(claim.kind)\""))
        }
        let context = JobContext(
            claim, job: job, database: database, retry: handler.retry, now: asOf ?? worker.settings.clock(), logger: worker.logger
        )
        do {
            if let actor = job.actor, let mayAct = worker.settings.mayAct, try await !mayAct(context.db, actor) {
                throw JobFailure.park("the member in whose name it was to run may not act any more")
            }
            try await handler.run(job.args, context)
            Tally.count(claim.kind, "done")
            if context.isDone { drop([claim]) } else { finish(claim) }
        } catch is CancellationError where Task.isCancelled {
            return  // goes back to the queue with everything else that this worker has
        } catch JobFailure.leaseLost {
            Tally.count(claim.kind, "lost")
            drop([claim])
        } catch JobFailure.wait(let time) {
            await putOff(claim, until: time)
        } catch {
            if context.isDone { drop([claim]) } else { await fail(claim, error) }
        }
    }

    // MARK: reporting

    private func finish(_ claim: Claim) {
        finished.withLock { $0.append(claim) }
        finishBell.ring()
    }

    /// Reports what is finished, together. What cannot be reported is kept for the next time.
    func flush() async throws {
        let claims = finished.withLock { finished in
            let some = Array(finished.prefix(1_000))
            finished.removeFirst(some.count)
            return some
        }
        guard !claims.isEmpty else { return }
        do {
            try await tellQueue(.execute(QueueSQL.finish(claims, worker: id)))
            drop(claims)
        } catch {
            finished.withLock { $0 = claims + $0 }
            throw error
        }
        if finished.withLock({ !$0.isEmpty }) { try await flush() }
    }

    func flushWhenThereIsSomething() async {
        while await finishBell.wait(atMost: .seconds(1)) {
            do { try await flush() } catch {
                worker.logger.warning("finished jobs not reported yet", metadata: ["error": "\(error)"])
            }
        }
    }

    private func putOff(_ claim: Claim, until time: Date) async {
        defer { drop([claim]) }
        do {
            try await tellQueue(.execute(claim.putOff(until: time)))
            Tally.count(claim.kind, "waited")
        } catch {
            // The lease runs out and the job is taken up again.
            worker.logger.error("a job that waits could not be put back", metadata: ["error": "\(error)"])
        }
    }

    func fail(_ claim: Claim, _ error: any Error) async {
        defer { drop([claim]) }
        let retry = worker.handlers[claim.kind]?.retry ?? .never
        let wait = if case JobFailure.park = error { Duration?.none } else { retry.wait(after: claim.attempt) }
        let text = "\(error)"
        var logger = worker.logger
        logger[metadataKey: "job"] = "\(claim.kind) \(claim.id)"
        logger[metadataKey: "tenant"] = "\(claim.tenant)"
        do {
            try await database.tenant(TxFacts(tenant: claim.tenant, requestID: "job-\(claim.id)")).write { [asOf] tx in
                tx.atCommit(QueueSQL.throughIndexes)
                tx.atCommit(wait.map { claim.retry(at: asOf, after: $0) } ?? claim.park)
                tx.atCommit(claim.note(text))
            }
        } catch {
            // The lease runs out and the job is taken up again.
            return logger.error("a failed job could not be reported", metadata: ["error": "\(error)"])
        }
        Tally.count(claim.kind, wait == nil ? "parked" : "failed")
        logger.warning(
            wait == nil ? "job parked" : "job failed, will be tried again",
            metadata: ["error": "\(text)", "attempt": "\(claim.attempt)"])
        if wait == nil {
            await worker.settings.onPark?(ParkedJob(tenant: claim.tenant, id: claim.id, kind: claim.kind, error: text))
        }
    }
}

/// Jobs by kind and outcome, for /metrics.
enum Tally {
    private static let counters = Mutex<[String: Counter]>([:])

    static func count(_ kind: String, _ outcome: String) {
        counters.withLock { counters in
            let key = "\(kind) \(outcome)"
            if let known = counters[key] { return known.increment() }
            let counter = Counter(label: "portico_jobs_total", dimensions: [("kind", kind), ("outcome", outcome)])
            counters[key] = counter
            counter.increment()
        }
    }
}
