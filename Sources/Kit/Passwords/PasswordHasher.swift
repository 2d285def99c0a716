import Threads
import Workers

/// Hashes passwords with argon2id (RFC 9106), a few at once: a crowd at the sign-in page waits in a queue instead of taking the
/// machine's memory and the other pages' time.
public final class PasswordHasher: Sendable {
    public let cost: PasswordCost
    private let threads: BoundedThreads
    private let workers: WorkerPool?

    /// - Parameters:
    ///   - parallel: hashes at once; each takes the cost's memory.
    ///   - waiting: callers that may queue; more get `Overloaded`.
    ///   - workers: programs that run ``PasswordWorker``: there hashing takes no time from pages. Without them this process hashes itself.
    public convenience init(
        cost: PasswordCost = PasswordCost(), parallel: Int = 2, waiting: Int = 100, workers: WorkerProgram? = nil
    ) {
        self.init(cost: cost, parallel: parallel, waiting: waiting, pool: workers.map { WorkerPool($0, jobsEach: .max) })
    }

    init(cost: PasswordCost, parallel: Int = 2, waiting: Int = 100, pool: WorkerPool?) {
        self.cost = cost
        threads = BoundedThreads(name: "passwords", count: parallel, waiting: waiting)
        workers = pool
    }

    /// The password as a PHC string, about 100 characters, to store.
    /// - Parameter other: for what is not a password that somebody chose.
    /// - Throws: `Overloaded`, or ``PasswordHashFailure`` when memory is not to be had.
    public func hash(_ password: String, at other: PasswordCost? = nil) async throws -> String {
        let salt = (0..<16).map { _ in UInt8.random(in: 0...255) }
        guard case .made(let hash) = try await ask(.hash(password: Array(password.utf8), salt: salt, other ?? cost)) else {
            throw PasswordHashFailure(description: "the password worker answers something else")
        }
        return hash
    }

    /// Whether it is the password.
    ///
    /// Call it with nil when there is no such member: that takes the time of a true comparison, so that nobody learns from the
    /// clock who has an account.
    public func verify(_ password: String, against stored: String?) async throws -> Bool {
        guard let stored, let storedCost = PasswordCost(reading: stored), storedCost.isBearable else {
            _ = try await hash(password)
            return false
        }
        guard case .compared(let same) = try await ask(.verify(password: Array(password.utf8), stored: stored)) else {
            throw PasswordHashFailure(description: "the password worker answers something else")
        }
        return same
    }

    private func ask(_ question: PasswordQuestion) async throws -> PasswordAnswer {
        let answer = try await threads.run { [workers] in
            guard let workers else { return PasswordAnswer(question.answer) }
            // A worker may have been ended since its last hash, by the system or by a person: a fresh one gets one more try.
            return try (try? workers.answer(question)) ?? workers.answer(question)
        }
        if case .failed(let why) = answer { throw PasswordHashFailure(description: why) }
        return answer
    }

    /// Whether the stored hash was made at another cost than today's: hash again at the next sign-in.
    public func needsRehash(_ stored: String) -> Bool {
        PasswordCost(reading: stored) != cost
    }
}

/// The library could not hash: no memory, a stored hash that is none, or a worker that talks nonsense.
public struct PasswordHashFailure: Error, CustomStringConvertible {
    public let description: String
}

extension WorkerPool {
    fileprivate func answer(_ question: PasswordQuestion) throws -> PasswordAnswer {
        let worker = try take()
        let deadline = ContinuousClock.now + .seconds(60)
        try question.write(to: worker.channel, before: deadline)
        let answer = try PasswordAnswer(from: worker.channel, before: deadline)
        keep(worker)
        return answer
    }
}
