import Database
import Foundation
import Logging
import ServiceLifecycle
import Threads

extension Shift {
    /// Works until graceful shutdown or cancellation: claims, runs, keeps its leases, rescues the jobs of dead workers, tidies
    /// up.
    func work() async throws {
        let listener = try Listener(worker.database.settings, channels: ["jobs"], logger: worker.logger)
        await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { for await _ in listener.events { self.bell.ring() } }
                    group.addTask {
                        await self.repeating(every: self.worker.settings.heartbeat, "heartbeat") { try await self.beat() }
                    }
                    group.addTask {
                        await self.repeating(every: self.worker.settings.rescueEvery, "rescue") { try await self.rescue() }
                    }
                    group.addTask { await self.repeating(every: .seconds(60), "pruning") { try await self.prune() } }
                    group.addTask { await self.flushWhenThereIsSomething() }
                    await claimUntilSilenced()
                    group.cancelAll()
                    listener.stop()
                }
            } onCancel: {
                self.bell.silence()
            }
        } onGracefulShutdown: {
            self.bell.silence()
        }
        await Task.detached { await self.goHome() }.value
    }

    /// Reports what is finished and hands back the rest. Runs outside the task that may have been cancelled.
    private func goHome() async {
        do {
            try await flush()
            try await worker.database.withoutTenant { [id] tx in
                let count = try await tx.execute(QueueSQL.release(worker: id))
                if count > 0 { tx.atCommit(Outbox.wake) }
            }
        } catch {
            worker.logger.warning("jobs were not handed back; their leases will run out", metadata: ["error": "\(error)"])
        }
    }

    private func claimUntilSilenced() async {
        let crew = Crew(size: worker.settings.concurrency)
        let pace = Pace(concurrency: worker.settings.concurrency)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { jobs in
                    while await self.claimOnce(crew, pace, &jobs) {}
                    // Handlers may go on for a while; whoever is late is cancelled below.
                }
            }
            group.addTask {
                while !self.bell.isSilenced, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(100)) }
                try? await Task.sleep(for: self.worker.settings.grace)
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Claims a batch and starts it. False when the worker is to stop.
    private func claimOnce(_ crew: Crew, _ pace: Pace, _ jobs: inout DiscardingTaskGroup) async -> Bool {
        guard !bell.isSilenced, !Task.isCancelled else { return false }
        let limit = pace.batch
        var claims: [Claim] = []
        do { claims = try await claim(limit: limit) } catch {
            worker.logger.warning("no jobs could be claimed", metadata: ["error": "\(error)"])
            try? await Task.sleep(for: .milliseconds(500))
        }
        for work in await load(claims) {
            guard await crew.join(), !bell.isSilenced else { return false }
            jobs.addTask {
                let start = ContinuousClock.now
                await self.perform(work)
                pace.note(start.duration(to: .now))
                crew.leave()
            }
        }
        if claims.count == limit { return !bell.isSilenced }
        return await bell.wait(atMost: worker.settings.poll)
    }

    private func repeating(every pause: Duration, _ what: String, _ body: () async throws -> Void) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            if Task.isCancelled { return }
            do { try await body() } catch { worker.logger.warning("\(what) failed", metadata: ["error": "\(error)"]) }
        }
    }

    private func beat() async throws {
        let claims = claims
        guard !claims.isEmpty else { return }
        try await tellQueue(.execute(QueueSQL.beat(claims, worker: id, lease: worker.settings.lease)))
    }

    /// Takes up the jobs of dead workers.
    func rescue() async throws {
        let rescued = try await tellQueue(.many(QueueSQL.rescue(tenants: worker.settings.tenants), Rescued.self))
        for job in rescued {
            worker.logger.warning(
                "a job's worker died",
                metadata: ["job": "\(job.kind) \(job.id)", "tenant": "\(job.tenant)", "state": "\(job.state)"])
            guard job.state == .parked else { continue }
            let text = "its worker died while running it, \(job.attempt) times"
            try await worker.database.tenant(TxFacts(tenant: job.tenant)).write { tx in
                tx.atCommit("update app.job set last_error = \(text) where tenant_id = \(job.tenant) and id = \(job.id)")
            }
            await worker.settings.onPark?(ParkedJob(tenant: job.tenant, id: job.id, kind: job.kind, error: text))
        }
        if !rescued.isEmpty { bell.ring() }
    }

    private func prune() async throws {
        while try await tellQueue(.execute(QueueSQL.prune(olderThan: worker.settings.keep))) == 5_000, !Task.isCancelled {}
    }
}

/// A job whose worker died.
private struct Rescued: Record {
    let tenant: Int32
    let id: UUID
    let kind: String
    let state: JobState
    let attempt: Int

    init(row: Row) throws {
        tenant = try row["tenant_id"]
        id = try row["id"]
        kind = try row["kind"]
        state = try row["state"]
        attempt = try row["attempt"]
    }
}
