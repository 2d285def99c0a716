import Foundation

extension DemoRecords {
    struct Delegation: Sendable {
        let id: UUID
        let unit: Int
        let delegator: Int
        let delegate: Int
        let rights: [String]
        let at: Date
        let expiresAt: Date?
        let acceptedAt: Date?
    }

    /// The owner who signs in lets somebody from outside look after one flat until next summer, and has asked a resident to vote there.
    mutating func addDelegations(_ company: DemoCompany, _ span: DemoSpan) {
        guard let owner = faces["owner"], let portal = faces["portal"], let resident = faces["resident"],
            let unit = occupancies.first(where: { $0.member == owner && $0.kind == "owner" && $0.until == nil })?.unit
        else { return }
        func lend(_ order: Int, to delegate: Int, _ rights: [String], days: Double, lasts: Double?, accepted: Bool) -> Delegation
        {
            let at = span.daysAgo(days).addingTimeInterval(18 * 3600)
            return Delegation(
                id: .demo(at: at, order: order, "\(company.slug)/delegation/\(order)"), unit: unit, delegator: owner,
                delegate: delegate, rights: rights, at: at, expiresAt: lasts.map { span.daysAgo(-$0) },
                acceptedAt: accepted ? at.addingTimeInterval(7_200) : nil)
        }
        delegations = [
            lend(0, to: portal, ["report_fault", "submit_reading", "message"], days: 40, lasts: 220, accepted: true),
            lend(1, to: resident, ["vote"], days: 2, lasts: nil, accepted: false)
        ]
    }
}
