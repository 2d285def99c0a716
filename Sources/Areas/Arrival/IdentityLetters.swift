import Database
import Foundation
import HTML
import Identity
import Jobs
import Notifications
import Tenancy
import Web

/// Welcomes somebody who came in with an identity provider, or writes to a member that they sign in with one from now on, or no longer.
struct TellOfIdentity: Job {
    static let kind = "arrival.tell-of-identity"
    let member: UUID
    let what: IdentityChanged.What
    /// Its key in the company's file.
    let provider: String
    let occasion: UUID
}

extension ArrivalJobs {
    package static func tell(_ event: IdentityChanged, _ facts: TxFacts) -> [any Job] {
        [TellOfIdentity(member: event.member, what: event.what, provider: event.provider, occasion: event.occasion)]
    }
}

extension TellOfIdentity {
    func run(_ tenant: Tenant, _ tx: Tx) async throws {
        let key = "identity-\(what.rawValue):\(occasion.text)"
        switch what {
        case .created: try await tx.mail(to: member, Letter(.welcome, path: "/login", dedupeKey: "welcome:\(member.text)"))
        case .linked: try await tx.mail(to: member, try await letter(.identityLinked, key, tenant, tx))
        case .unlinked: try await tx.mail(to: member, try await letter(.identityUnlinked, key, tenant, tx))
        }
    }

    private func letter(_ kind: LetterKind, _ key: String, _ tenant: Tenant, _ tx: Tx) async throws -> Letter {
        let locale = try await tx.firstValue(
            "select locale from app.member where tenant_id = \(tx.facts.tenant) and id = \(member)", String?.self)
        let language = locale?.flatMap(Language.init) ?? tenant.firstLanguage
        let title = tenant.providers.first { $0.key == provider }?.title(language.rawValue)
        return Letter(kind, path: "/account/security", facts: ["provider": title ?? provider], dedupeKey: key)
    }
}
