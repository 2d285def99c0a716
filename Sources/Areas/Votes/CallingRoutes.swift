import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// Calling a vote, moving its end, cancelling it.
extension VoteRoutes {
    @Sendable func compose(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let lines = try await context.read(AudienceLine.all(context.tenant.id))
        return .page(NewVotePage(NewVotePage.presets, [], lines, context))
    }

    @Sendable func create(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        if context.face == .page, let grown = grown(incoming) {
            let lines = try await context.read(AudienceLine.all(context.tenant.id))
            return .page(NewVotePage(grown, [], lines, context))
        }
        do {
            let draft = try incoming.submission.read { VoteDraft(&$0, context.tenant.timeZone, now: context.now) }
            return try await context.once(incoming) { tx in
                let vote = try await Votes(tx: tx, tenant: context.tenant).create(draft, by: context.memberID)
                return try Effect(
                    VoteJSON(vote, now: context.now), at: vote.path, flash: Flash(VotesMessages(context.language).done.called))
            }
        } catch let errors as FormErrors {
            let lines = try await context.read(AudienceLine.all(context.tenant.id))
            let page = NewVotePage(incoming.values, errors.problems, lines, context)
            return .refused(page: { page }, errors.problems)
        }
    }

    /// The form with one question more, or without its last: what was typed stays.
    private func grown(_ incoming: Incoming) -> FormValues? {
        let by = incoming.submission.single("more") != nil ? 1 : incoming.submission.single("fewer") != nil ? -1 : 0
        guard by != 0 else { return nil }
        var values = incoming.values
        values["question_count"] = String(min(20, max(1, NewVotePage.questions(in: values) + by)))
        return values
    }

    // MARK: On its way

    @Sendable func ask(_ act: String, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let vote = try await context.read(Vote.find(try incoming.id("vote"), VoteViewer(context)))
        guard vote.state(at: context.now) == .planned || vote.state(at: context.now) == .open else { throw Failure.voteNotOpen }
        return .page(VoteActPage(act, vote, FormValues(), [], context))
    }

    @Sendable func extend(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await act("extension", incoming, context) { votes, id in
            let draft = try incoming.submission.read { ExtensionDraft(&$0, context.tenant.timeZone) }
            return try await votes.extend(id, draft, by: context.memberID)
        }
    }

    @Sendable func cancel(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await act("cancellation", incoming, context) { votes, id in
            try await votes.cancel(id, try incoming.submission.read { ReasonDraft(&$0) }, by: context.memberID)
        }
    }

    private func act(
        _ name: String, _ incoming: Incoming, _ context: MemberContext, _ change: (Votes, UUID) async throws -> Vote
    ) async throws -> Reply {
        let id = try incoming.id("vote")
        let vote = try await context.read(Vote.find(id, VoteViewer(context)))
        do {
            let changed = try await context.write { tx in try await change(Votes(tx: tx, tenant: context.tenant), id) }
            let t = VotesMessages(context.language).done
            return try .done(
                VoteJSON(changed, now: context.now), at: vote.path,
                flash: Flash(name == "extension" ? t.extended : t.cancelled))
        } catch let errors as FormErrors {
            let page = VoteActPage(name, vote, incoming.values, errors.problems, context)
            return .refused(page: { page }, errors.problems)
        }
    }

    // MARK: Shares

    @Sendable func shares(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let asked = incoming.query.single("building").flatMap { UUID(uuidString: $0) }
        let page = try await sharesPage(asked, nil, [], context)
        return .show(page.page, json: page.json)
    }

    @Sendable func setShares(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        do {
            let draft = try incoming.submission.read { SharesDraft(&$0) }
            let count = try await context.write { tx in try await Votes(tx: tx, tenant: context.tenant).setShares(draft) }
            let page = try await sharesPage(draft.building, nil, [], context)
            return try .done(
                page.json, at: ("/votes/shares" as WebPath).adding(query: [("building", draft.building.text)]),
                flash: Flash(VotesMessages(context.language).done.shares(count: count)))
        } catch let errors as FormErrors {
            let values = incoming.values
            let page = try await sharesPage(UUID(uuidString: values["building_id"]), values["shares"], errors.problems, context)
            return .refused(page: { page.page }, errors.problems)
        }
    }

    private func sharesPage(_ building: UUID?, _ typed: String?, _ problems: [FieldProblem], _ context: MemberContext)
        async throws
        -> (page: SharesPage, json: SharesJSON)
    {
        let tenant = context.tenant.id
        let buildings = try await context.read(BuildingName.all(tenant))
        guard let chosen = buildings.first(where: { $0.id == building }) ?? buildings.first else {
            return (SharesPage([], nil, [], "0/1", typed, problems, context), SharesJSON(nil, [], "0/1"))
        }
        let (lines, sum) = try await context.read(UnitShareLine.of(chosen.id, tenant), UnitShareLine.sum(chosen.id, tenant))
        return (SharesPage(buildings, chosen.id, lines, sum, typed, problems, context), SharesJSON(chosen.id, lines, sum))
    }
}

struct SharesJSON: Codable, Sendable {
    struct Unit: Codable, Sendable {
        let unitId: String
        let label: String
        let share: FractionJSON?
    }

    let buildingId: String?
    let sum: FractionJSON
    let units: [Unit]

    init(_ building: UUID?, _ lines: [UnitShareLine], _ sum: String) {
        buildingId = building?.text
        self.sum = FractionJSON(sum)
        units = lines.map { Unit(unitId: $0.id.text, label: $0.label, share: $0.share.map { FractionJSON($0.text) }) }
    }
}

/// A building or an entrance that a vote may be about.
struct AudienceLine: Record, Sendable {
    let id: UUID
    let building: String
    let entrance: String?

    init(row: Row) throws {
        id = try row["id"]
        building = try row["building"]
        entrance = try row["entrance"]
    }

    static func all(_ tenant: Int32) -> Query<[AudienceLine]> {
        .many(
            """
            select id, building, entrance from (
              select b.id, b.name as building, null as entrance from app.building b where b.tenant_id = \(tenant) and b.archived_at is null
              union all
              select e.id, b.name, e.name from app.entrance e join app.building b on b.tenant_id = e.tenant_id and b.id = e.building_id
               where e.tenant_id = \(tenant) and e.archived_at is null and b.archived_at is null) x
             order by building, entrance nulls first limit 2000
            """)
    }
}
