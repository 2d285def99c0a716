import Database
import Foundation
import Synchronization

/// Whom a request comes from, and whether that has been proved to the database.
///
/// Finding the session first would cost every page a round trip of its own. So a page whose session this process saw a moment ago
/// starts with what it saw, and the question whether it still holds travels with the page's first read, in the same transaction.
/// Nothing is written and nothing is answered before the proof; when it fails, what was read is thrown away and the request
/// starts afresh. A role taken away is gone at the next request, as if the session had been found first.
final class Claim: Sendable {
    private let state: Mutex<State>
    private let question: Query<Session?>?

    private struct State {
        var session: Session
        var isProved: Bool
    }

    /// Found in the database by this very request.
    init(proved session: Session) {
        question = nil
        state = Mutex(State(session: session, isProved: true))
    }

    /// Remembered; `question` finds it in the database.
    init(remembered session: Session, _ question: Query<Session?>) {
        self.question = question
        state = Mutex(State(session: session, isProved: false))
    }

    var session: Session { state.withLock { $0.session } }
    var isProved: Bool { state.withLock { $0.isProved } }

    /// What has to be asked along with the next read. It throws `SessionChanged` when the memory no longer holds.
    var proof: Query<Void> {
        guard let question, !isProved else { return .known(()) }
        return question.map { [self] found in try settle(found) }
    }

    private func settle(_ found: Session?) throws {
        try state.withLock { state in
            guard let found, found.grantsTheSame(as: state.session) else { throw SessionChanged() }
            state = State(session: found, isProved: true)
        }
    }
}

/// The session has ended, or its member's rights or settings are others than this process remembered.
struct SessionChanged: Error {}

/// Sessions as this process last saw them. Holds no token, only hashes.
final class SessionMemory: Sendable {
    /// Beyond that, all are forgotten; each comes back with its next request.
    private static let most = 20_000

    struct Key: Hashable {
        let tenant: Int32
        let kind: SessionKind
        let hash: [UInt8]
    }

    private let sessions = Mutex<[Key: Session]>([:])

    /// The session, unless it is due to be renewed.
    func recall(_ key: Key, now: Date) -> Session? {
        guard let session = sessions.withLock({ $0[key] }) else { return nil }
        return key.kind.isRenewed && session.isDue(now) ? nil : session
    }

    func note(_ session: Session, _ key: Key) {
        sessions.withLock { sessions in
            if sessions.count >= Self.most { sessions = [:] }
            sessions[key] = session
        }
    }

    func forget(_ key: Key) {
        sessions.withLock { sessions in _ = sessions.removeValue(forKey: key) }
    }
}

extension Session {
    /// At most once a minute a session is noted as seen, which moves a browser's idle limit on.
    func isDue(_ now: Date) -> Bool { now.timeIntervalSince(seenAt) > 60 }

    /// Whether a page built for one is right for the other; the bell's count and the last visit are shown as they are now.
    fileprivate func grantsTheSame(as other: Session) -> Bool {
        id == other.id && memberID == other.memberID && roles == other.roles && lent == other.lent && locale == other.locale
            && timeZone == other.timeZone && theme == other.theme && density == other.density && name == other.name
            && email == other.email && scopes == other.scopes && provedAt == other.provedAt && hasFactor == other.hasFactor
            && isVouched == other.isVouched
    }
}
