import Database
import Foundation
import Identity
import Jobs
import Web

/// Tells a member that sign-ins of theirs were ended by something else than themselves.
package struct TellOfSignIns: Job {
    package static let kind = "notices.tell-of-sign-ins"
    let member: UUID
    let what: What
    /// The event's own identity, for the notice's dedupe key.
    let occasion: UUID
    var by: UUID?

    enum What: String, Codable, Sendable {
        case reused, ended
    }

    func run(_ tx: Tx) async throws {
        let name = try await tx.firstValue(
            "select name from app.member where tenant_id = \(tx.facts.tenant) and id = \(by)", String.self)
        try await tx.notify(
            [member],
            Notice(
                "session.\(what.rawValue)", path: "/account/sessions", facts: name.map { ["name": $0] } ?? [:],
                dedupeKey: "sign-ins:\(occasion.text)", urgent: what == .reused))
    }
}

package enum SignInNotices {
    package static func tell(_ event: SessionReused, _ facts: TxFacts) -> [any Job] {
        [TellOfSignIns(member: event.member, what: .reused, occasion: event.session)]
    }

    /// Whoever ends their own knows it already.
    package static func tell(_ event: SignInsEnded, _ facts: TxFacts) -> [any Job] {
        event.by == event.member
            ? [] : [TellOfSignIns(member: event.member, what: .ended, occasion: event.occasion, by: event.by)]
    }
}

/// Tells somebody that they have other roles now.
package struct TellOfRoles: Job {
    package static let kind = "notices.tell-of-roles"
    let member: UUID
    let by: UUID
    let occasion: UUID

    func run(_ tx: Tx) async throws {
        let name = try await tx.firstValue(
            "select name from app.member where tenant_id = \(tx.facts.tenant) and id = \(by)", String.self)
        try await tx.notify(
            [member],
            Notice("role.changed", path: "/account", facts: ["name": name ?? ""], dedupeKey: "roles:\(occasion.text)"))
    }
}

extension SignInNotices {
    package static func tell(_ event: RolesChanged, _ facts: TxFacts) -> [any Job] {
        event.by == event.member ? [] : [TellOfRoles(member: event.member, by: event.by, occasion: event.occasion)]
    }
}
