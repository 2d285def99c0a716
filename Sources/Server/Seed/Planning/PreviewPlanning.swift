import Foundation

extension DemoRecords {
    /// That an admin looked at somebody's pages once, for whoever wonders what stands at "Who looked at your pages".
    struct Look: Sendable {
        let id: UUID
        let viewer: Int
        let member: Int
        let reason: String
        let beganAt: Date
        let endedAt: Date
    }

    mutating func addLooks(_ company: DemoCompany, _ span: DemoSpan) {
        guard let viewer = faces["admin"] else { return }
        let german = company.words.talk.language == "de"
        let reason = german ? "Anruf: Die eigene Meldung sei nicht zu finden" : "Called: cannot find a report of their own"
        for (order, role) in ["resident", "owner", "manager"].enumerated() {
            guard let member = faces[role] else { continue }
            let began = span.daysAgo(Double(4 + 9 * order)).addingTimeInterval(11 * 3600)
            looks.append(
                Look(
                    id: .demo(at: began, order: order, "\(company.slug)/look/\(role)"), viewer: viewer, member: member,
                    reason: reason, beganAt: began, endedAt: began.addingTimeInterval(7 * 60)))
        }
    }
}
