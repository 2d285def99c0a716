import Database
import Faults
import Foundation
import Testing

@testable import portico

@Suite("Demo data, before it is written")
struct DemoPlanTests {
    static let noon = Date(timeIntervalSince1970: 1_795_262_400)  // 2026-11-21, 12:00 UTC
    /// Made up once for all tests of this suite.
    static let plans = DemoCompany.all.map { company in DemoPlan(company, noon) }

    struct DemoPlan: Sendable, CustomTestStringConvertible {
        let company: DemoCompany
        let span: DemoSpan
        let records: DemoRecords
        var testDescription: String { company.slug }

        init(_ company: DemoCompany, _ now: Date) {
            self.company = company
            span = DemoSpan(now: now) ?? Self.never
            records = DemoRecords(company, span)
        }

        private static var never: DemoSpan { preconditionFailure("the test's own date is within every calendar") }
    }

    @Test("There are 12 buildings with 400 units, about 420 residents and people in every role of staff")
    func property() {
        let all = Self.plans.map(\.records)
        #expect(all.map(\.buildings.count).reduce(0, +) == 12)
        #expect(all.map(\.units.count).reduce(0, +) == 400)
        let residents = all.map { records in
            Set(records.occupancies.filter { $0.kind == "resident" && $0.until == nil }.map(\.member)).count
        }
        #expect((400...440).contains(residents.reduce(0, +)))
        for plan in Self.plans {
            for staff in plan.company.staff { #expect(plan.records.staff(staff.role).count == staff.count) }
        }
    }

    @Test(
        "Every unit has a size and an entrance of its own house, and its owners' shares are exactly one whole", arguments: plans)
    func shares(_ plan: DemoPlan) throws {
        let records = plan.records
        for unit in records.units.indices {
            let facts = try #require(records.unitFacts[unit])
            #expect(records.entrances.first { $0.id == facts.entrance }?.building == records.units[unit].building)
            let parts = records.occupancies.filter { $0.unit == unit && $0.kind == "owner" }.compactMap { records.shares[$0.id] }
            #expect(Set(parts.map(\.denominator)).count == 1)
            #expect(parts.map(\.numerator).reduce(0, +) == parts[0].denominator)
        }
        #expect(
            records.shares.values.contains { $0.denominator == 3 } && records.shares.values.contains { $0.denominator == 1000 })
    }

    @Test(
        "Every way of a fault is one that the state table allows, in order of time, up to where the fault stands",
        arguments: plans)
    func stories(_ plan: DemoPlan) {
        #expect(plan.records.faults.count == plan.company.faults)
        for fault in plan.records.faults {
            #expect(fault.steps.first?.from == nil && fault.steps.first?.to == .reported)
            for (step, next) in zip(fault.steps, fault.steps.dropFirst()) {
                #expect(next.from == step.to)
                #expect(next.at >= step.at && next.at < plan.span.until)
                #expect(
                    next.kind == "edited" ? next.to == step.to : step.to.next.contains(next.to),
                    "\(fault.number): \(step.to) → \(next.to)")
            }
            #expect(fault.steps.last?.to == fault.standing.state)
        }
    }

    @Test("Assigned again means: to somebody else", arguments: plans)
    func reassigned(_ plan: DemoPlan) {
        for fault in plan.records.faults {
            var holder: Int?
            for step in fault.steps {
                if step.from == .assigned, step.to == .assigned, step.kind == "assigned" { #expect(step.assignee != holder) }
                holder = step.assignee ?? holder
            }
        }
    }

    @Test("Numbers count without gaps in each year of the company's own zone, in the order of the ids", arguments: plans)
    func numbers(_ plan: DemoPlan) throws {
        var last: [Substring: Int] = [:]
        for fault in plan.records.faults {
            let parts = fault.number.split(separator: "-")
            #expect(parts.count == 3 && parts[0] == "F" && parts[2].count >= 4)
            let value = try #require(Int(parts[2]))
            #expect(value == last[parts[1], default: 0] + 1)
            last[parts[1]] = value
        }
        #expect(
            Dictionary(uniqueKeysWithValues: last.map { (Int($0.key), $0.value) })
                == Dictionary(uniqueKeysWithValues: plan.records.numbers.map { ($0.key as Int?, $0.value) }))
        let ids = plan.records.faults.map(\.id.uuidString)
        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
    }

    @Test("About sixty faults are open on any day of the year")
    func busy() {
        for days in [0, 50, 110, 170, 230, 290] {
            let open = DemoCompany.all.map { company in
                DemoPlan(company, Self.noon.addingTimeInterval(Double(days) * 86_400)).records.faults.filter(
                    \.standing.state.isOpen
                ).count
            }
            #expect((45...85).contains(open.reduce(0, +)) && open.allSatisfy { $0 >= 14 }, "\(open)")
        }
    }

    @Test("Open faults are in every open state, some overdue and some not", arguments: plans)
    func open(_ plan: DemoPlan) {
        let open = plan.records.faults.filter(\.standing.state.isOpen)
        for state in FaultState.allCases { #expect(plan.records.faults.contains { $0.standing.state == state }, "\(state)") }
        #expect(open.contains { $0.dueAt < plan.span.until } && open.contains { $0.dueAt > plan.span.until })
        #expect(open.allSatisfy { $0.standing.state != .onHold || $0.standing.holdReason?.isEmpty == false })
    }

    @Test("Heating is a matter of winter", arguments: plans)
    func seasons(_ plan: DemoPlan) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = plan.company.zone
        let months = plan.records.faults.filter { $0.report.category.key == "heating" }.map {
            calendar.component(.month, from: $0.report.at)
        }
        // The span has one winter and two summers.
        #expect(months.filter { [12, 1, 2].contains($0) }.count > 2 * months.filter { [6, 7, 8].contains($0) }.count)
    }

    @Test("Whoever reports a fault of a flat lives there on that day; lift faults are in houses with a lift", arguments: plans)
    func places(_ plan: DemoPlan) {
        for fault in plan.records.faults {
            let report = fault.report
            if let unit = report.unit {
                #expect(plan.records.units[unit].building == report.building)
                #expect(
                    plan.records.occupancies.contains {
                        $0.unit == unit && $0.member == report.reporter && $0.kind == "resident"
                            && $0.holds(on: plan.span.day(report.at))
                    })
            }
            #expect(report.category.key != "elevator" || plan.company.houses[report.building].hasLift)
            #expect((1...140).contains(report.title.unicodeScalars.count) && !report.title.contains("["))
        }
    }

    @Test("No two members share an address, no two records an id", arguments: plans)
    func unique(_ plan: DemoPlan) {
        let records = plan.records
        #expect(Set(records.members.map(\.email)).count == records.members.count)
        #expect(records.members.allSatisfy { $0.email.utf8.allSatisfy { $0 < 0x80 } })
        for ids in [
            records.members.map(\.id), records.units.map(\.id), records.occupancies.map(\.id), records.photos.map(\.id),
            records.notices.map(\.id), records.auditLines.map(\.id)
        ] { #expect(Set(ids).count == ids.count) }
    }

    @Test("The resident of the sign-in page has at least two open faults, the technician open work", arguments: plans)
    func faces(_ plan: DemoPlan) throws {
        let resident = try #require(plan.records.faces["resident"])
        let technician = try #require(plan.records.faces["technician"])
        let open = plan.records.faults.filter(\.standing.state.isOpen)
        #expect(open.filter { $0.report.reporter == resident }.count >= 2)
        #expect(open.filter { $0.standing.assignee == technician }.count >= 2)
        #expect(plan.records.notices.contains { $0.member == resident && $0.readAt == nil })
    }

    @Test("Each language has more than sixty complaints, and brackets leave no trace")
    func words() {
        for words in [DemoWords.german, .english] {
            let complaints = words.complaints.values.flatMap(\.self)
            #expect(complaints.count >= 60)
            for complaint in complaints {
                for text in [complaint.title, complaint.text, complaint.fix] {
                    for choice in 0..<6 { #expect(!spoken(text, choice: choice).contains { "[]|".contains($0) }) }
                }
            }
        }
        #expect(spoken("[a|b] und [a|b]", choice: 3) == "b und b")
    }

    @Test("The same day gives the same data, another day other data")
    func deterministic() {
        func digest(_ seconds: Double) -> [String] {
            DemoPlan(.harbour, Date(timeIntervalSince1970: seconds)).records.faults.map {
                "\($0.id) \($0.number) \($0.standing) \($0.report.description)"
            }
        }
        let morning = digest(1_795_219_300)
        #expect(morning == digest(1_795_219_300 + 80_000))
        #expect(morning != digest(1_795_219_300 + 90_000))
    }
}
