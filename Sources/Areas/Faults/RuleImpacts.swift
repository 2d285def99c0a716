import Database
import Foundation
import Setup
import Tenancy
import Web

/// What other rules for faults would do to the faults that are there.
package enum FaultRules {
    /// How many faults of one kind there are.
    private struct Group: Record, Sendable {
        let category: String
        let priority: FaultPriority
        let open: Int
        /// Reported within the last 30 days.
        let recent: Int

        init(row: Row) throws {
            category = try row["category"]
            priority = try row["priority"]
            open = try row["open"]
            recent = try row["recent"]
        }
    }

    @Sendable package static func impacts(_ after: Tenant, _ context: MemberContext) async throws -> [RuleImpact] {
        let (old, new) = (context.tenant[FaultSettings.section], after[FaultSettings.section])
        let t = FaultsMessages(context.language).ruleImpact
        let groups = try await context.read(counts(context))
        let (open, recent) = (groups.reduce(0) { $0 + $1.open }, groups.reduce(0) { $0 + $1.recent })
        let moved = groups.filter { group in
            new.categories[group.category] != nil
                && old.hours(category: group.category, priority: group.priority)
                    != new.hours(category: group.category, priority: group.priority)
        }
        let gone = groups.filter { old.categories[$0.category] != nil && new.categories[$0.category] == nil }
        let others = groups.filter { group in
            guard let before = old.categories[group.category], let now = new.categories[group.category] else { return false }
            return before.assign != now.assign || before.priority != now.priority
        }
        let late = try await context.read(
            lateUnder(
                moved.map { ($0.category, $0.priority, new.hours(category: $0.category, priority: $0.priority)) }, context))
        let found: [(String, Int, Int?, (Int) -> String)] = [
            ("faults.deadline", moved.reduce(0) { $0 + $1.open }, open, { t.deadline(count: $0, of: open) }),
            ("faults.deadline_lately", moved.reduce(0) { $0 + $1.recent }, recent, { t.lately(count: $0, of: recent) }),
            ("faults.late", late, nil, { t.late(count: $0) }),
            ("faults.start", others.reduce(0) { $0 + $1.recent }, recent, { t.start(count: $0, of: recent) }),
            ("faults.category_gone", gone.reduce(0) { $0 + $1.open }, nil, { t.gone(count: $0) })
        ]
        return found.filter { $0.1 > 0 }.map { RuleImpact($0.0, $0.1, of: $0.2, $0.3($0.1)) }
    }

    private static func counts(_ context: MemberContext) -> Query<[Group]> {
        .many(
            """
            select category, priority, count(*) filter (where state = any(\(FaultState.open.map(\.rawValue)))) as open,
                   count(*) filter (where reported_at > \(context.now.addingTimeInterval(-30 * 86_400))) as recent
              from app.fault
             where tenant_id = \(context.tenant.id)
               and (state = any(\(FaultState.open.map(\.rawValue))) or reported_at > \(context.now.addingTimeInterval(-30 * 86_400)))
             group by category, priority
            """)
    }

    /// Open ones that are in time today and would be late under the new rule.
    private static func lateUnder(_ rules: [(category: String, priority: FaultPriority, hours: Int)], _ context: MemberContext)
        -> Query<Int>
    {
        guard !rules.isEmpty else { return .known(0) }
        let hours = rules.map { Int64($0.hours) }
        return .value(
            """
            select count(*) from app.fault f
              join unnest(\(rules.map(\.category)), \(rules.map(\.priority.rawValue)), \(hours)) as r(category, priority, hours)
                on r.category = f.category and r.priority = f.priority
             where f.tenant_id = \(context.tenant.id) and f.state = any(\(FaultState.open.map(\.rawValue)))
               and f.due_at >= \(context.now) and f.reported_at + r.hours * interval '1 hour' < \(context.now)
            """, Int.self)
    }
}
