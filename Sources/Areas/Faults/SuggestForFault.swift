import Database
import Foundation
import Jobs
import Tenancy

/// Looks at a new fault's words and photos, keeps a suggestion, and only then lets it be assigned (flow 6, steps 5 to 8). Tried again
/// soon, because somebody waits: with a model's 20 seconds and a killed worker that stays under two minutes.
package struct SuggestForFault: Job {
    package static let kind = "faults.suggest"
    package static let retry = Retry(waits: [.seconds(5), .seconds(15), .seconds(30)])
    let fault: UUID

    private struct Facts: Record {
        let title: String
        let description: String
        let reportedAt: Date

        init(row: Row) throws {
            title = try row["title"]
            description = try row["description"]
            reportedAt = try row["reported_at"]
        }
    }

    func run(_ context: JobContext, _ tenant: Tenant, _ adviser: FaultAdviser) async throws {
        let settings = tenant[FaultSettings.section]
        let (facts, photos) = try await context.db.read(
            Query.one(
                "select title, description, reported_at from app.fault where tenant_id = \(tenant.id) and id = \(fault)",
                Facts.self),
            ReportPhoto.of(fault, tenant.id))
        var look = FaultAdviser.Case(
            title: facts.title, description: facts.description, photos: photos.map { ($0.width, $0.height, $0.bytes) })
        // Where many wait, the model's time is not taken from those behind.
        let hurried = context.now.timeIntervalSince(facts.reportedAt) > 60
        look.words = try await words(on: photos.prefix(3), context, hurried ? nil : adviser)
        if adviser.sees, !hurried {
            for photo in photos.prefix(3) {
                if let picture = await photo.picture(thumbnail: true, context, adviser.store) { look.pictures.append(picture) }
            }
        }
        let (opinion, state, source) = try await adviser.opinion(
            on: look, categories: settings.categories.keys, for: tenant.id, hurried: hurried)
        try await context.write { tx in
            let faults = Faults.system(tx, tenant)
            let fault = try await faults.find(.id(fault), lock: true)
            // Where it took too long, `AssignAnyway` has seen to it.
            let kept = try await tx.query(FaultSuggestion.of(.id(fault.id), tenant.id))?.state
            guard kept == nil || kept == .queued else { return }
            let isNew = fault.state == .reported
            try await faults.suggest(opinion, isNew ? state : .skipped, source: source, for: fault)
            if isNew { try tx.enqueue(AssignByRule(fault: fault.id)) }
        }
    }
}

/// A clock beside `SuggestForFault`, so that nobody waits longer than two minutes for it: whatever became of it by then, the rules say
/// what they think and the fault is assigned. Does nothing where that has happened.
package struct AssignAnyway: Job {
    package static let kind = "faults.assign-anyway"
    package static let retry = Retry(waits: [.seconds(5), .seconds(10), .seconds(60)])
    let fault: UUID

    func run(_ context: JobContext, _ tenant: Tenant) async throws {
        try await context.write { tx in
            let faults = Faults.system(tx, tenant)
            let fault = try await faults.find(.id(fault), lock: true)
            let isWaiting = try await tx.query(FaultSuggestion.of(.id(fault.id), tenant.id))?.state == .queued
            guard isWaiting, fault.state == .reported else { return }
            let categories = faults.settings.categories.keys
            let said = SuggestionRules.opinion(title: fault.title, description: fault.description, among: categories)
            let photos = try await tx.query(ReportPhoto.of(fault.id, tenant.id))
            let rules = SuggestionRules.opinion(said, onPhotos: photos.compactMap(\.legible), among: categories)
            try await faults.suggest(rules, .fallback, source: "rules", for: fault)
            // The category may have been filled in just now; the assignment sees it in a transaction of its own.
            try tx.enqueue(AssignByRule(fault: fault.id))
        }
    }
}

extension Faults {
    /// The company's own rules at work.
    static func system(_ tx: Tx, _ tenant: Tenant) -> Faults {
        Faults(
            tx: tx, viewer: .system(tenant.id), settings: tenant[FaultSettings.section],
            workers: tenant.roleKeys(granting: .workOnFaults), staff: tenant.faultStaff, zone: tenant.timeZone)
    }
}
