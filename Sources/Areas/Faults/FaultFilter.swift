import Database
import Foundation

/// What a list of faults is narrowed down to; every part comes from the address.
struct FaultFilter: Sendable {
    var states: [FaultState] = []
    var category: String?
    var building: UUID?
    var assignee: UUID?
    var unassigned = false
    var overdue = false
    /// How long ago it was reported.
    var age: FaultAge?
    /// When it was reported.
    var reported: Range<Date>?
    /// When it is due, as long as it is not resolved.
    var due: Range<Date>?
    var words: String?

    /// What it finds can become other faults without any of them being changed. Spans end at midnight, and then are others.
    var changesByItself: Bool { overdue || age != nil || words != nil }
}

extension FaultViewer {
    /// The rows that this viewer may see. Residents see what they reported, their units' faults and those of the common parts of
    /// their buildings, never their neighbours'. What they reported in an owner's name they see as long as that is lent to them.
    func visible(on today: CalendarDate) -> SQL {
        if seesAll { return "f.tenant_id = \(tenant)" }
        // Staff who were asked for advice in a comment may see what they are asked about.
        let asked: SQL =
            works
            ? "or f.id in (select n.fault_id from app.fault_mention n where n.tenant_id = \(tenant) and n.member_id = \(member))"
            : ""
        // Through a private link: that fault alone.
        if let visits { return "f.tenant_id = \(tenant) and f.id = \(visits)" }
        return """
            f.tenant_id = \(tenant) and (\(reportedByThem) or f.assignee_id = \(member)
              or f.unit_id in (\(ownUnits("o.unit_id", today)))
              or (f.unit_id is null and f.building_id in (\(ownUnits("u.building_id", today)))) \(asked))
            """
    }

    /// What this viewer reported, or a delegate in their name.
    var reportedByThem: SQL {
        let held: SQL =
            lent.map {
                """
                or exists (select from app.delegation d
                            where \($0.holds(.reportFault)) and d.unit_id = f.unit_id and d.delegator_id = f.on_behalf_of)
                """
            } ?? SQL.empty
        return """
            (f.reporter_id = \(member) and (f.on_behalf_of is null \(held)) or f.on_behalf_of = \(member))
            """
    }

    private func ownUnits(_ column: SQL, _ today: CalendarDate) -> SQL {
        """
        select \(column) from app.occupancy o join app.unit u on u.tenant_id = o.tenant_id and u.id = o.unit_id
         where o.tenant_id = \(tenant) and o.member_id = \(member) and o.since <= \(today) and coalesce(o.until >= \(today), true)
        """
    }

    func condition(_ filter: FaultFilter, now: Date, today: CalendarDate) -> SQL {
        var parts = [visible(on: today)]
        if !filter.states.isEmpty { parts.append("f.state = any(\(filter.states.map(\.rawValue)))") }
        if let category = filter.category { parts.append("f.category = \(category)") }
        if let building = filter.building { parts.append("f.building_id = \(building)") }
        if let assignee = filter.assignee { parts.append("f.assignee_id = \(assignee)") }
        if filter.unassigned { parts.append("f.assignee_id is null and f.state in ('reported', 'reopened')") }
        if filter.overdue { parts.append("f.due_at < \(now) and f.state not in ('resolved', 'closed', 'cancelled')") }
        if let span = filter.reported {
            parts.append("f.reported_at >= \(span.lowerBound) and f.reported_at < \(span.upperBound)")
        }
        if let span = filter.due {
            parts.append(
                """
                f.due_at >= \(span.lowerBound) and f.due_at < \(span.upperBound)
                  and f.state not in ('resolved', 'closed', 'cancelled')
                """)
        }
        if let age = filter.age { parts.append(age.condition(now: now)) }
        if let words = filter.words { parts.append("f.id in (select id from app.search_faults(\(words)))") }
        return parts.joined(separator: " and ")
    }
}
