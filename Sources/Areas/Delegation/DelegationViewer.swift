import Database
import Foundation
import Property
import Web

/// Who looks at delegations.
struct DelegationViewer: Sendable {
    let tenant: Int32
    let member: UUID
    let email: String
    /// Reads those of the whole company.
    let seesAll: Bool
    /// Acts for somebody already.
    let isDelegate: Bool

    init(_ context: MemberContext) {
        tenant = context.tenant.id
        member = context.memberID
        email = context.session.email.lowercased()
        seesAll = context.may(.seeDelegations)
        isDelegate = !context.session.lent.isEmpty
    }

    /// It was offered to this member, by id or by the address that is theirs.
    func isInvited(to line: DelegationLine) -> Bool {
        line.delegateID.map { $0 == member } ?? (line.email == email)
    }

    /// Both sides, and those who look after the company.
    func sees(_ line: DelegationLine) -> Bool {
        seesAll || line.delegatorID == member || isInvited(to: line)
    }

    /// The invited member; before anybody has accepted, also whoever has the mail's token. Never whoever offered it.
    func mayAnswer(_ line: DelegationLine, _ tokenHash: [UInt8]?) -> Bool {
        guard line.delegatorID != member else { return false }
        return isInvited(to: line) || (line.acceptedAt == nil && tokenHash == line.tokenHash)
    }

    /// Rows `d` that were offered to this member.
    var received: SQL { "(d.delegate_id = \(member) or (d.delegate_id is null and d.email = \(email)))" }
    var given: SQL { "d.delegator_id = \(member)" }
}
