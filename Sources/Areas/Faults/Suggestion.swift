import Audit
import Database
import Foundation
import Web

/// What rules or a model think a fault is about.
struct FaultSuggestion: Record, Sendable {
    enum State: String, SQLBindable, SQLDecodable, Codable, Sendable {
        /// Nobody has looked at it yet.
        case queued
        /// As well as it can be done here.
        case done
        /// The model did not answer, so the rules did.
        case fallback
        /// The fault had gone on by itself.
        case skipped
    }

    let state: State
    let category: String?
    let priority: FaultPriority?
    let tags: [String]
    let confidence: Double
    let source: String
    let acceptedAt: Date?

    init(row: Row) throws {
        state = try row["state"]
        category = try row["category"]
        priority = try row["priority"]
        tags = try row["tags"]
        confidence = try row["confidence"]
        source = try row["source"]
        acceptedAt = try row["accepted_at"]
    }

    static func of(_ key: FaultKey, _ tenant: Int32) -> Query<FaultSuggestion?> {
        .first(
            """
            select state, category, priority, tags, confidence, source, accepted_at from app.fault_suggestion
             where tenant_id = \(tenant) and id = \(key.id(tenant))
            """, FaultSuggestion.self)
    }

    /// Whether accepting it would change the fault.
    func differs(from fault: Fault, _ viewer: FaultViewer) -> Bool {
        guard acceptedAt == nil, fault.state.isOpen, state == .done || state == .fallback else { return false }
        return (category.map { $0 != fault.category } ?? false)
            || (viewer.manages && (priority.map { $0 != fault.priority } ?? false))
    }
}

/// An opinion before it is kept.
struct FaultOpinion: Sendable, Equatable {
    var category: String?
    var priority: FaultPriority?
    var tags: [FaultTag]
    var confidence: Double
}

/// The closed list of words that a suggestion may use; pages have a text for each.
enum FaultTag: String, CaseIterable, Codable, Sendable {
    case leak, blockage, noHeat = "no_heat", noHotWater = "no_hot_water", noPower = "no_power", liftStuck = "lift_stuck"
    case mould, crack, lock, light, noise, dirt, gas, fire, flood
    case photoSmall = "photo_small", photoBlank = "photo_blank"
}

extension Faults {
    /// What the rules or the model found, once: a person's answer to it stays. The reporter's category stands, unless they did not
    /// know one and the suggestion is sure of itself.
    func suggest(_ opinion: FaultOpinion, _ state: FaultSuggestion.State, source: String, for fault: Fault) async throws {
        let takes = opinion.category.map { fault.category == "other" && $0 != "other" && opinion.confidence >= 0.8 } ?? false
        let category = takes ? opinion.category : nil
        try await tx.execute(
            """
            insert into app.fault_suggestion(tenant_id, id, state, category, priority, tags, confidence, source, at, accepted_at)
            values (\(viewer.tenant), \(fault.id), \(state.rawValue), \(opinion.category), \(opinion.priority?.rawValue),
                    \(opinion.tags.map(\.rawValue)), \(opinion.confidence), \(source), \(now), \(takes ? now : nil))
            on conflict (tenant_id, id) do update
               set state = excluded.state, category = excluded.category, priority = excluded.priority, tags = excluded.tags,
                   confidence = excluded.confidence, source = excluded.source, at = excluded.at, accepted_at = excluded.accepted_at
             where app.fault_suggestion.state = 'queued'
            """)
        if let category { try await fill(category, fault) }
    }

    /// Gives a fault of no category the one that was found; the deadline follows, the priority stays.
    private func fill(_ category: String, _ fault: Fault) async throws {
        let hours = settings.hours(category: category, priority: fault.priority)
        let due = fault.reportedAt.addingTimeInterval(Double(hours) * 3600)
        let facts = try JSONBytes(encoding: ["fields": "category"])
        tx.atCommit(
            """
            update app.fault set category = \(category), due_at = \(due), version = version + 1
             where tenant_id = \(viewer.tenant) and id = \(fault.id) and category = 'other'
            """)
        tx.atCommit(
            """
            insert into app.fault_entry(tenant_id, id, fault_id, at, kind, from_state, to_state, facts)
            values (\(viewer.tenant), \(UUID.v7()), \(fault.id), \(now), 'edited', \(fault.state.rawValue), \(fault.state.rawValue), \(facts))
            """)
        try tx.audit(
            "fault.categorised", "fault", fault.id,
            AuditChange(before: ["category": fault.category], after: ["category": category]))
    }

    /// Somebody agrees with the suggestion: the fault is changed as if they had edited it.
    ///
    /// - Throws: 404 when there is none, or nothing in it that this viewer could take over.
    func acceptSuggestion(_ key: FaultKey) async throws -> Fault {
        let fault = try await find(key, lock: true)
        guard viewer.mayEdit(fault) else { throw Failure.forbidden }
        guard let suggestion = try await tx.query(FaultSuggestion.of(.id(fault.id), viewer.tenant)),
            suggestion.differs(from: fault, viewer)
        else { throw Failure.notFound }
        let known = suggestion.category.flatMap { settings.categories[$0] == nil ? nil : $0 }
        let changed = try await edit(.id(fault.id), FaultEdit(category: known, priority: suggestion.priority))
        tx.atCommit(
            """
            update app.fault_suggestion set accepted_at = \(now), accepted_by = \(viewer.member)
             where tenant_id = \(viewer.tenant) and id = \(fault.id)
            """)
        try tx.audit("fault.suggestion_accepted", "fault", fault.id, AuditChange(after: ["category": known]))
        return changed
    }
}
