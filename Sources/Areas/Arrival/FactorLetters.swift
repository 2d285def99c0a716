import Database
import Foundation
import HTML
import Identity
import Jobs
import Notifications
import Web

/// Writes to a member that their second factor was added or removed, or that somebody tries to get past it.
struct TellOfFactor: Job {
    static let kind = "arrival.tell-of-factor"
    let member: UUID
    let what: FactorChanged.What
    let occasion: String
}

extension ArrivalJobs {
    package static func tell(_ event: FactorChanged, _ facts: TxFacts) -> [any Job] {
        [TellOfFactor(member: event.member, what: event.what, occasion: event.occasion)]
    }
}

extension TellOfFactor {
    func run(_ tx: Tx) async throws {
        try await tx.mail(to: member, Letter(letter, path: path, dedupeKey: "factor-\(what.rawValue):\(member.text):\(occasion)"))
    }

    private var letter: LetterKind {
        switch what {
        case .added: .factorAdded
        case .removed: .factorRemoved
        case .passkeyAdded: .passkeyAdded
        case .oneRemoved: .oneFactorRemoved
        case .recovered: .recoveryCodeUsed
        case .guessed: .factorGuessed
        }
    }

    /// Whoever tries codes has the password: it is the one thing to change.
    private var path: WebPath { what == .guessed ? "/password/forgot" : "/account/security" }
}
