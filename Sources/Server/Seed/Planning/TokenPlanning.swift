import Foundation

extension DemoRecords {
    /// A token that somebody made for a program; nobody has it.
    struct Token: Sendable {
        let id: UUID
        let member: Int
        let name: String
        let scopes: [String]
        let madeAt: Date
        let expiresAt: Date
        var usedAt: Date?
        var revokedAt: Date?
    }

    /// One in each state for whoever looks at a manager's page.
    mutating func addTokens(_ company: DemoCompany, _ span: DemoSpan) {
        guard let manager = faces["manager"] else { return }
        func token(_ order: Int, _ name: String, _ scopes: [String], made: Double, days: Double) -> Token {
            let at = span.daysAgo(made).addingTimeInterval(10 * 3600)
            return Token(
                id: .demo(at: at, order: order, "\(company.slug)/token/\(order)"), member: manager, name: name, scopes: scopes,
                madeAt: at, expiresAt: at.addingTimeInterval(days * 86_400))
        }
        var report = token(0, "Monthly figures", ["faults:see_all", "reports:see"], made: 70, days: 365)
        report.usedAt = span.daysAgo(1).addingTimeInterval(5 * 3600)
        var old = token(1, "Import of units", ["property:edit", "property:see"], made: 200, days: 90)
        old.usedAt = span.daysAgo(130)
        var lost = token(2, "Laptop of an intern", ["faults:see_all"], made: 40, days: 60)
        lost.revokedAt = span.daysAgo(35)
        tokens += [report, old, lost]
    }
}
