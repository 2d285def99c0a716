import CArgon2
import Threads

/// Hashes passwords with argon2id (RFC 9106), a few at once on threads of their own: a crowd at the sign-in page waits in a
/// queue instead of taking the machine's memory and the other pages' time.
public final class PasswordHasher: Sendable {
    public let cost: PasswordCost
    private let threads: BoundedThreads

    /// - Parameters:
    ///   - parallel: hashes at once; each takes the cost's memory.
    ///   - waiting: callers that may queue; more get ``Overloaded``.
    public init(cost: PasswordCost = PasswordCost(), parallel: Int = 2, waiting: Int = 100) {
        self.cost = cost
        threads = BoundedThreads(name: "passwords", count: parallel, waiting: waiting, background: true)
    }

    /// The password as a PHC string, about 100 characters, to store.
    /// - Throws: `Overloaded`, or ``PasswordHashFailure`` when memory is not to be had.
    public func hash(_ password: String) async throws -> String {
        let salt = (0..<16).map { _ in UInt8.random(in: 0...255) }
        return try await threads.run { [cost] in try Argon2.hash(Array(password.utf8), salt: salt, cost) }
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
        return try await threads.run { try Argon2.verify(Array(password.utf8), stored) }
    }

    /// Whether the stored hash was made at another cost than today's: hash again at the next sign-in.
    public func needsRehash(_ stored: String) -> Bool {
        PasswordCost(reading: stored) != cost
    }
}

/// The library could not hash: no memory, or a stored hash that is none.
public struct PasswordHashFailure: Error, CustomStringConvertible {
    public let description: String
}
