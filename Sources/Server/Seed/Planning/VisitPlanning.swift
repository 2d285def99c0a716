import Faults
import Foundation

/// The sheets that hang in the houses, and what came through one of them.
extension DemoRecords {
    /// A code of a building; its text follows from the server's secret.
    struct Code: Sendable {
        let id: UUID
        let building: Int
        let at: Date
        let maker: Int
    }

    /// The newest open fault of a common part was reported by somebody who stood before the sheet, and who did nothing more about it.
    mutating func addVisits(_ company: DemoCompany, _ span: DemoSpan) {
        let candidates = faults.indices.filter { index in
            let fault = faults[index]
            let reporter = fault.report.reporter
            return fault.report.unit == nil && fault.standing.state.isOpen && fault.standing.assignee != reporter
                && fault.steps.filter { $0.actor == reporter }.map(\.kind) == ["reported"]
                && !photos.contains { $0.fault == index && $0.member == reporter }
        }
        guard let visit = candidates.last, let manager = staff("manager").first else { return }
        let first = faults[visit].report.building
        let second = buildings.indices.first { $0 != first }
        codes = [first, second].compactMap(\.self).map { building in
            let at = span.daysAgo(90)
            return Code(id: .demo(at: at, "\(company.slug)/code/\(building)"), building: building, at: at, maker: manager)
        }
        self.visit = visit
        let reporter = faults[visit].report.reporter
        notices.removeAll { $0.fault == visit && $0.member == reporter }
    }
}
