import Audit
import Database
import Foundation
import Identity
import Jobs
import Tokens
import Web

/// Sign-ins have ended: the devices that belong to them show nothing of their member's any more.
package struct ForgetDevices: Job {
    package static let kind = "notices.forget-devices"
    let member: UUID
    /// The sign-in that ended: of a browser, as `app.session` knows it, in hex, or of a program. Nil, both: all of them.
    var browser: String?
    var family: UUID?
    /// The session that goes on, when all others have ended.
    var but: UUID?

    func run(_ tx: Tx) async throws {
        let tenant = tx.facts.tenant
        let isOver: SQL =
            browser == nil && family == nil
            ? """
            not exists (select from app.session s where s.tenant_id = r.tenant_id and s.id = \(but)
                           and (s.browser = r.browser or s.family = r.family))
            """
            : "(r.browser = decode(\(browser), 'hex') or r.family = \(family))"
        let gone = try await tx.values(
            "delete from app.push_registration r where r.tenant_id = \(tenant) and r.member_id = \(member) and \(isOver) returning id",
            UUID.self)
        for id in gone { try tx.audit("push_registration.removed", "push_registration", id) }
    }
}

package enum PushJobs {
    package static func follow(_ event: SignedOut, _ facts: TxFacts) -> [any Job] {
        [ForgetDevices(member: event.member, browser: event.browser, family: event.family)]
    }

    package static func follow(_ event: OtherSignInsClosed, _ facts: TxFacts) -> [any Job] {
        [ForgetDevices(member: event.member, but: event.but)]
    }
}
