import Foundation
import Synchronization

/// Leaves services alone that fail: after five failures in a row for a minute, and for as long as they ask for. Then one call tries.
final class Breaker: Sendable {
    private struct Standing {
        var failures = 0
        var restsUntil: ContinuousClock.Instant?
        var failedAt: ContinuousClock.Instant?
    }

    private static let patience = 5
    private static let pause = Duration.seconds(60)
    /// While the call that tries is out, others wait on.
    private static let trial = Duration.seconds(10)
    private static let longest = 3600
    /// Names that are kept in mind before those that have not failed for so long are forgotten.
    private static let most = 1000
    private static let memory = Duration.seconds(longest)

    private let standings = Mutex<[OutboundService: Standing]>([:])
    private let clock: @Sendable () -> ContinuousClock.Instant

    init(clock: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.clock = clock
    }

    /// - Throws: `OutboundError.resting` while the service is left alone.
    func enter(_ service: OutboundService) throws(OutboundError) {
        let now = clock()
        let rest: Duration? = standings.withLock { standings in
            guard let until = standings[service]?.restsUntil else { return nil }
            if until > now { return until - now }
            standings[service]?.restsUntil = now + Self.trial
            return nil
        }
        if let rest { throw .resting(seconds: max(1, Int(clamping: rest.components.seconds))) }
    }

    func note(_ answer: OutboundAnswer, of service: OutboundService) {
        if answer.status == 429 || answer.status == 503, let seconds = Self.retryAfter(answer) {
            let until = clock() + .seconds(min(seconds, Self.longest))
            standings.withLock { $0[service, default: Standing()].restsUntil = until }
        } else if answer.status >= 500 {
            failed(service)
        } else {
            standings.withLock { _ = $0.removeValue(forKey: service) }
        }
    }

    func failed(_ service: OutboundService) {
        let now = clock()
        standings.withLock { standings in
            var standing = standings[service] ?? Standing()
            standing.failures = min(standing.failures + 1, Self.patience)
            standing.restsUntil = standing.failures >= Self.patience ? now + Self.pause : nil
            standing.failedAt = now
            standings[service] = standing
            if standings.count > Self.most {
                standings = standings.filter { _, one in
                    one.failedAt.map { $0 + Self.memory > now } ?? false || one.restsUntil.map { $0 > now } ?? false
                }
            }
        }
    }

    /// RFC 9110, 10.2.3: seconds or a date.
    static func retryAfter(_ answer: OutboundAnswer, now: Date = Date()) -> Int? {
        guard let text = answer["Retry-After"]?.trimmingCharacters(in: .whitespaces) else { return nil }
        if let seconds = Int(text) { return max(0, seconds) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = .gmt
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.date(from: text).map { max(0, Int(min($0.timeIntervalSince(now), Double(longest)))) }
    }
}

extension OutboundAnswer {
    /// Seconds that the service asks to be left alone; nil where it does not say.
    public var retryAfter: Int? { Breaker.retryAfter(self) }
}
