import Database
import Foundation
import HTML
import Jobs
import Notifications
import Property
import Tenancy
import Web

/// Tells those who must know about what happened to a fault. One job per event; each recipient is told once.
package struct TellAboutFault: Job {
    package static let kind = "faults.tell"
    let fault: UUID
    let what: What
    /// The event's own identity, for the notices' dedupe keys.
    let occasion: UUID
    let by: UUID?
    var assignee: UUID?
    var former: UUID?

    enum What: String, Codable, Sendable {
        case reported, assigned, resolved, confirmed, reopened, cancelled, started, held, resumed, merged, nearDue, overdue,
            unstaffed, takenBack
    }
}

/// Gives a new fault to somebody where the company's rules say whom.
package struct AssignByRule: Job {
    package static let kind = "faults.assign-by-rule"
    let fault: UUID
}

extension TellAboutFault {
    private struct Facts: Record {
        let number: String
        let title: String
        let id: UUID
        /// Whoever is told as its reporter; nobody who is a member where a visitor reported it.
        let reporters: [UUID]
        let assignee: UUID?
        let priority: FaultPriority

        init(row: Row) throws {
            id = try row["id"]
            number = try row["number"]
            title = try row["title"]
            reporters = try row["reporters"]
            assignee = try row["assignee_id"]
            priority = try row["priority"]
        }

        /// A visitor is one of those whom a notice concerns, though no member.
        var told: [UUID] { reporters.isEmpty ? [TellAboutFault.visitor] : reporters }
    }

    /// What somebody has to act on at once when it is urgent, also at night (flow 6, step 9).
    private static let pressing: Set<String> = ["reported", "assigned", "unstaffed", "reopened", "due_soon", "overdue", "resumed"]

    func run(_ tx: Tx, _ company: Tenant) async throws {
        let tenant = tx.facts.tenant
        let managers = company.roleKeys(granting: .assignFaults)
        if what == .reported { try await gather(tx) }
        let columns: SQL = """
            select f.id, f.number, f.title, \(Faults.reporters(company, now: tx.facts.now)) as reporters, f.assignee_id, f.priority
              from app.fault f where f.tenant_id = \(tenant)
            """
        let (fault, followers, managing) = try await tx.batch(
            Query.one("\(columns) and f.id = \(fault)", Facts.self),
            Query.many(
                "\(columns) and f.id in (select d.fault_id from app.fault_duplicate d where d.tenant_id = \(tenant) and d.original_id = \(fault)) order by f.id",
                Facts.self),
            Query.values(
                """
                select id from app.member where tenant_id = \(tenant) and disabled_at is null
                   and exists (select from unnest(roles) as r where r = any(\(managers)))
                """, UUID.self))
        for (kind, members) in recipients(fault, managing) {
            // Nobody is told what they did themselves, but a reporter gets a receipt.
            let members = Set(members)
            try await tx.notify(
                members.filter { $0 != Self.visitor && ($0 != by || kind == "received") }, notice(kind, fault))
            guard !members.isDisjoint(with: fault.told) else { continue }
            try tellVisitor(of: fault, tx)
            guard kind != "received" else { continue }
            // Those whose report was merged into this one hear of their own, under its own number.
            for follower in followers {
                try await tx.notify(
                    follower.reporters, notice(kind == "resolved" ? "resolved_together" : kind, follower))
                try tellVisitor(of: follower, tx)
            }
        }
    }

    /// Stands for a reporter who is no member.
    fileprivate static let visitor = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    /// Visitors are told by letter, if they left an address; not of what they took back themselves.
    private func tellVisitor(of fault: Facts, _ tx: Tx) throws {
        guard fault.reporters.isEmpty, let news = TellVisitor.What(what), by != nil || what != .cancelled else { return }
        try tx.enqueue(TellVisitor(fault: fault.id, what: news, occasion: occasion))
    }

    private func notice(_ kind: String, _ fault: Facts) -> Notice {
        Notice(
            "fault.\(kind)", path: "/faults/\(fault.number)", facts: ["number": fault.number, "title": fault.title],
            dedupeKey: "\(kind):\(occasion.text)", urgent: fault.priority == .urgent && Self.pressing.contains(kind))
    }

    private func recipients(_ fault: Facts, _ managers: [UUID]) -> [(String, [UUID])] {
        let assigned = fault.assignee.map { [$0] } ?? []
        let reporters = fault.told
        return switch what {
        case .reported: [("received", reporters), ("reported", managers)]
        case .assigned:
            [
                ("assigned", assignee.map { [$0] } ?? []), ("unassigned", former.map { $0 == assignee ? [] : [$0] } ?? []),
                ("scheduled", reporters)
            ]
        case .resolved: [("resolved", reporters)]
        case .confirmed, .reopened: [(what.rawValue, assigned + managers)]
        case .cancelled: [(what.rawValue, assigned + reporters + managers)]
        case .started, .held: [(what.rawValue, reporters)]
        case .resumed: assigned.isEmpty ? [("unstaffed", managers)] : [("resumed", assigned + reporters)]
        case .merged: [("merged", assigned + reporters)]
        case .nearDue: [("due_soon", assigned.isEmpty ? managers : assigned)]
        case .overdue: [("overdue", managers)]
        case .unstaffed: [("unstaffed", managers)]
        case .takenBack: [("unassigned", former.map { [$0] } ?? []), ("assigned", assignee.map { [$0] } ?? [])]
        }
    }
}

extension Faults {
    /// Whom news of `f` is for: whoever reported it; of one reported in somebody's name that person, and the delegate for as long
    /// as it is lent to them.
    static func reporters(_ tenant: Tenant, now: Date) -> SQL {
        """
        array_remove(array[
          f.on_behalf_of,
          case when f.on_behalf_of is null
                 or exists (select from app.delegation d
                             where \(Delegated.holds(.reportFault, for: "f.reporter_id", tenant, now: now))
                               and d.unit_id = f.unit_id and d.delegator_id = f.on_behalf_of)
               then f.reporter_id end], null)
        """
    }
}

package enum FaultJobs {
    /// Which jobs an event causes; `Server/Subscriptions.swift` lists them.
    package static func tell(_ event: FaultReported, _ facts: TxFacts) -> [any Job] {
        [
            TellAboutFault(fault: event.fault, what: .reported, occasion: UUID.v7(), by: facts.actor),
            SuggestForFault(fault: event.fault)
        ]
    }

    /// Enqueued beside them, because it has to wait: `Faults.report`.
    static let patience: TimeInterval = 100

    package static func tell(_ event: FaultAssigned, _ facts: TxFacts) -> [any Job] {
        [
            TellAboutFault(
                fault: event.fault, what: .assigned, occasion: UUID.v7(), by: event.by, assignee: event.assignee,
                former: event.former)
        ]
    }

    package static func tell(_ event: FaultResolved, _ facts: TxFacts) -> [any Job] {
        [TellAboutFault(fault: event.fault, what: .resolved, occasion: UUID.v7(), by: event.by)]
    }

    package static func tell(_ event: FaultStatusChanged, _ facts: TxFacts) -> [any Job] {
        let what: TellAboutFault.What? =
            switch FaultState(rawValue: event.to) {
            case .assigned, .reported: .resumed
            case .inProgress: .started
            case .onHold: .held
            case .closed: .confirmed
            case .reopened: .reopened
            case .cancelled: .cancelled
            default: nil
            }
        return what.map { [TellAboutFault(fault: event.fault, what: $0, occasion: UUID.v7(), by: event.by)] } ?? []
    }

    package static func tell(_ event: FaultMerged, _ facts: TxFacts) -> [any Job] {
        [TellAboutFault(fault: event.fault, what: .merged, occasion: UUID.v7(), by: event.by)]
    }

    package static func tell(_ event: FaultCommented, _ facts: TxFacts) -> [any Job] {
        [
            TellAboutComment(
                fault: event.fault, comment: event.comment, isInternal: event.isInternal, mentioned: event.mentioned, by: event.by
            )
        ]
    }

    package static func register(
        in handlers: inout JobHandlers, tenants: Tenants, adviser: FaultAdviser, tokens: VisitorTokens
    ) {
        handlers.register(ForgetVisitors.self) { _, context in
            let days = try tenants.configured(context.tenant)[FaultSettings.section].visitorContactDays
            while try await context.db.write({ tx in try await VisitorContacts(tx: tx).forgetOld(days: days) })
                == VisitorContacts.portion
            {}
        }
        handlers.register(ForgetHeldPhotos.self) { job, context in try await job.run(context, adviser) }
        handlers.register(TellVisitor.self) { job, context in
            try await context.write { tx in try await job.run(tx, tokens) }
        }
        handlers.register(TellAboutFault.self) { job, context in
            let tenant = try tenants.configured(context.tenant)
            try await context.write { tx in try await job.run(tx, tenant) }
        }
        handlers.register(TellAboutComment.self) { job, context in
            let tenant = try tenants.configured(context.tenant)
            try await context.write { tx in try await job.run(tx, tenant) }
        }
        handlers.register(TellAboutIncident.self) { job, context in
            let tenant = try tenants.configured(context.tenant)
            let today = CalendarDate(context.now, in: tenant.timeZone)
            try await context.write { tx in try await job.run(tx, today: today) }
        }
        handlers.register(SuggestForFault.self) { job, context in
            guard let tenant = tenants.tenant(id: context.tenant) else {
                throw JobFailure.park("The company has no configuration")
            }
            try await job.run(context, tenant, adviser)
        }
        handlers.register(RunBatch.self) { job, context in try await job.run(context, try tenants.configured(context.tenant)) }
        handlers.register(UndoBatch.self) { job, context in try await job.run(context, try tenants.configured(context.tenant)) }
        handlers.register(AssignAnyway.self) { job, context in
            let tenant = try tenants.configured(context.tenant)
            try await job.run(context, tenant)
        }
        handlers.register(AssignByRule.self) { job, context in
            let tenant = try tenants.configured(context.tenant)
            try await context.write { tx in try await job.run(tx, tenant) }
        }
        handlers.register(ResumeHeld.self) { job, context in
            let tenant = try tenants.configured(context.tenant)
            try await context.write { tx in try await job.run(tx, zone: tenant.timeZone) }
        }
        handlers.register(WatchDeadlines.self) { job, context in
            try await context.write { tx in try await job.run(tx) }
        }
        handlers.register(CloseUnanswered.self) { job, context in
            try await context.write { tx in try await job.run(tx) }
        }
    }
}

extension Tenants {
    fileprivate func configured(_ id: Int32) throws -> Tenant {
        guard let tenant = tenant(id: id) else { throw JobFailure.park("The company has no configuration") }
        return tenant
    }
}

extension AssignByRule {
    func run(_ tx: Tx, _ tenant: Tenant) async throws {
        let key = FaultKey.id(fault)
        let faults = Faults.system(tx, tenant)
        // One at a time in a company: two that look at the same loads would give both to the same person.
        try await tx.execute("select pg_advisory_xact_lock(hashtextextended('faults.assign-by-rule', \(Int(tenant.id))))")
        let fault = try await faults.find(key, lock: true)
        let rule = faults.settings.categories[fault.category]?.assign ?? .manual
        guard fault.state == .reported, rule != .manual else { return }
        guard let member = try await candidate(fault, rule, faults.workers, tx) else {
            // The fault's own id as the occasion: however often this runs, managers are told once.
            try tx.enqueue(TellAboutFault(fault: fault.id, what: .unstaffed, occasion: fault.id, by: nil))
            return
        }
        var draft = FaultActDraft()
        draft.assignee = member
        _ = try await faults.act(.assign, on: key, draft)
    }

    private func candidate(_ fault: Fault, _ rule: FaultSettings.Assignment, _ workers: [String], _ tx: Tx) async throws -> UUID?
    {
        switch rule {
        case .manual: nil
        case .skilled: try await tx.query(Technician.next(fault, tx.facts.tenant, workers))
        case .leastBusy(let role):
            try await tx.query(Assignable.all(tx.facts.tenant, [role])).min { ($0.load, $0.id.text) < ($1.load, $1.id.text) }?.id
        case .member(let email):
            try await tx.firstValue(
                "select id from app.member where tenant_id = \(tx.facts.tenant) and lower(email) = lower(\(email)) and disabled_at is null",
                UUID.self)
        }
    }
}
