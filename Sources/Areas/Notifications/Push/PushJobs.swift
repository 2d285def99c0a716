import Audit
import Database
import Foundation
import Identity
import Jobs
import Tokens
import Web

/// Somebody has signed out: their devices show nothing of theirs any more.
package struct ForgetDevices: Job {
    package static let kind = "notices.forget-devices"
    let member: UUID
    /// SHA-256 of what a browser is known by, in base64url; nil for all of them.
    var browser: String?

    func run(_ tx: Tx) async throws {
        let hash = browser.flatMap { Base64URL.decode($0) }
        guard browser == nil || hash != nil else { return }
        let gone = try await tx.values(
            """
            delete from app.push_registration
             where tenant_id = \(tx.facts.tenant) and member_id = \(member) and (\(hash == nil) or browser = \(hash)) returning id
            """, UUID.self)
        for id in gone { try tx.audit("push_registration.removed", "push_registration", id) }
    }
}

package enum PushJobs {
    /// At that browser alone.
    package static func follow(_ event: SignedOut, _ facts: TxFacts) -> [any Job] {
        [ForgetDevices(member: event.member, browser: event.browser)]
    }

    /// Somebody else ended everything that they are signed in with.
    package static func follow(_ event: SignInsEnded, _ facts: TxFacts) -> [any Job] {
        event.by == event.member ? [] : [ForgetDevices(member: event.member)]
    }

    package static func follow(_ event: MemberDisabled, _ facts: TxFacts) -> [any Job] { [ForgetDevices(member: event.member)] }
}
