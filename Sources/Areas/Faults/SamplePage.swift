import Foundation
import HTML
import UI

extension FaultsPage {
    /// A full list of made-up faults, for `portico bench render`.
    package static func sample(rows count: Int) -> FaultsPage {
        FaultsPage(
            filter: .sample, summary: "1,200 faults", chips: [], csv: "/faults.csv", rows: (0..<count).map(FaultRow.sample),
            pager: Pager(next: "/faults?cursor=after", summary: "1,200 faults"), report: "/faults/new", board: "/faults/board",
            technicians: "/faults/technicians",
            bulk: BulkBar(action: "/faults/batch", hidden: [], all: "All 1,200 faults", print: "Print the first 50 sheets"))
    }
}

extension FaultFilterFields {
    fileprivate static var sample: FaultFilterFields {
        let states = FaultState.allCases.map { Choice($0.rawValue, $0.rawValue) }
        let categories = ["plumbing", "heating", "electrical", "elevator", "structural", "cleaning"].map { Choice($0, $0) }
        let people = (1...12).map { Choice("person-\($0)", "Person \($0)") }
        return FaultFilterFields(
            action: "/faults", words: Field("q", label: "Search"), state: Field("state", label: "State"), states: states,
            category: Field("category", label: "Category"), categories: categories,
            building: Field("building", label: "Building"),
            buildings: people, assignee: Field("assignee", label: "Assigned to"), assignees: people,
            month: Field("month", label: "Reported"), months: [Choice("this", "This month"), Choice("last", "Last month")],
            due: Field("due", label: "Due"), days: [Choice("today", "Today"), Choice("tomorrow", "Tomorrow")])
    }
}

extension FaultRow {
    fileprivate static func sample(_ index: Int) -> FaultRow {
        let number = "F-2026-\(1000 + index)"
        let state = FaultState.allCases[index % FaultState.allCases.count]
        let format = Format(language: .en, timeZone: .gmt, currency: "EUR")
        let time = Date(timeIntervalSince1970: 1_795_266_309 - Double(index) * 7_000)
        var badges = [Badge(state.rawValue, tone: state.tone, mark: state.mark)]
        if index.isMultiple(of: 3) { badges.append(Badge("Overdue", tone: .bad, mark: .triangle)) }
        return FaultRow(
            id: UUID().text, path: "/faults/\(number)", number: number, title: "Drain in the kitchen smells & gurgles",
            place: "Lindenstraße 12, Apartment \(index)",
            badges: badges, category: "Plumbing", assignee: index.isMultiple(of: 4) ? "" : "Aylin Demir",
            due: state.isOpen ? format.moment(time) : nil, reported: format.moment(time))
    }
}
