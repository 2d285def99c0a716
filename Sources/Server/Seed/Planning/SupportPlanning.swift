import Foundation

extension DemoRecords {
    /// Somebody of the platform was in the company, looked, and left.
    struct SupportEntry: Sendable {
        let id: UUID
        let `operator`: UUID
        let name: String
        let reason: String
        let askedAt: Date
        /// One line of the audit log for each step: asked, entered, ended.
        let lines: [(id: UUID, at: Date, action: String)]
    }

    mutating func addSupport(_ company: DemoCompany, _ span: DemoSpan) {
        let at = span.daysAgo(9).addingTimeInterval(9.5 * 3600)
        let steps = [("support.asked", 0.0), ("support.entered", 60), ("support.ended", 900)]
        let isGerman = company.slug == "lindenhof"
        supportEntry = SupportEntry(
            id: .demo(at: at, "\(company.slug)/support"), operator: .demo(at: span.founded, "operator"), name: "Ada Vogel",
            reason: isGerman
                ? "Anfrage 4711: Mails an einen Eigentümer kommen nicht an" : "Ticket 4711: mails to a leaseholder do not arrive",
            askedAt: at,
            lines: steps.enumerated().map { order, step in
                let moment = at.addingTimeInterval(step.1)
                return (.demo(at: moment, order: order, "\(company.slug)/support/\(order)"), moment, step.0)
            })
    }
}
