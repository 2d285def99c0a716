import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// Owners who let others act for them on a unit. Every member may be on either side, so their role decides nothing here: what they
/// see is what they gave or were given.
package struct DelegationRoutes: Sendable {
    /// Mails that one member causes.
    static let mails = RateLimit("delegation-mail", 20, per: 3600)

    package init() {}

    package func add(to routes: Routes) {
        routes.chapter("Delegations")
        routes.memberGet("delegations", use: list)
            .tells("Lists rights that you lent to others, or others to you.")
            .asks(.text("q"), .choice("show", DelegationShelf.self), .choice("state", DelegationState.self)).lists(
                DelegationJSON.self)
        routes.memberGet("delegations.csv", use: export)
            .tells("The same as CSV.")
            .asks(.text("q"), .choice("show", DelegationShelf.self), .choice("state", DelegationState.self))
            .gives(file: "text/csv")
        routes.memberGet("delegations/new", on: .page, use: compose)
        routes.memberPost("delegations", use: offer)
            .tells("Lends somebody rights on a unit of yours.")
            .takes { _ = DelegationDraft(&$0, by: "", $1.timeZone, now: Date()) { _ in true } }.creates(DelegationJSON.self)
            .fails(429)
        routes.memberGet("delegations/{id}", use: show)
            .tells("One delegation.").gives(DelegationJSON.self)
        routes.memberDelete("delegations/{id}", use: revoke)
            .tells("Takes the rights back, or an offer.").givesNothing().fails(410)
        routes.memberPost("delegations/{id}/revocation", on: .page, use: revoke)
        routes.memberPost("delegations/{id}/resend", use: resend)
            .tells("Sends the offer's mail again.").gives(DelegationJSON.self).fails(410, 429)
        routes.memberGet("delegations/{id}/accept", on: .page, use: answer)
        routes.memberPost("delegations/{id}/accept", use: accept)
            .tells("Accepts an offer.").takes { _ = AnswerDraft(&$0) }.gives(DelegationJSON.self).fails(410)
        routes.memberPost("delegations/{id}/decline", use: decline)
            .tells("Declines an offer.").takes { _ = AnswerDraft(&$0) }.gives(DelegationJSON.self).fails(410)
    }

    // MARK: Reading

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let filter = DelegationFilter(incoming, DelegationViewer(context))
        let (lines, total, owned) = try await context.read(
            DelegationLine.page(filter.condition, cursor, size: size, today: context.today),
            DelegationLine.count(filter.condition), PlaceLine.owned(context.tenant.id, by: context.memberID, today: context.today)
        )
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            DelegationsPage(page, total, filter, mayOffer: !owned.isEmpty, context),
            json: ListJSON(
                items: page.lines.map { DelegationJSON($0, now: context.now) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let filter = DelegationFilter(incoming, DelegationViewer(context))
        var csv = CSV(head: DelegationLine.head)
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(
                DelegationLine.page(filter.condition, cursor, size: 1000, today: context.today))
            for line in lines.prefix(1000) { csv.append(line.cells(at: context.now)) }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "delegations.csv"))
    }

    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let line = try await context.read(DelegationLine.find(try incoming.id(), context.tenant.id, today: context.today))
        guard DelegationViewer(context).sees(line) else { throw Failure.notFound }
        return .show(DelegationPage(line, context), json: DelegationJSON(line, now: context.now))
    }

    // MARK: Offering

    @Sendable func compose(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let values = FormValues(["unit_id": incoming.query.single("unit") ?? ""])
        let page = try await form(values, [], context)
        return .page(page)
    }

    @Sendable func offer(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        do {
            let draft = try incoming.submission.read {
                DelegationDraft(&$0, by: context.session.email, context.tenant.timeZone, now: context.now, context.holds)
            }
            try await Self.mails.spend(context.memberID.text, context.proved(), now: context.now)
            return try await context.once(incoming) { tx in
                let line = try await Delegations(tx: tx, tenant: context.tenant)
                    .offer(draft, by: context.session, context.language)
                let t = DelegationMessages(context.language)
                return try Effect(
                    DelegationJSON(line, now: context.now), at: line.path, flash: Flash(t.done.offered(email: line.email)))
            }
        } catch let errors as FormErrors {
            let page = try await form(incoming.values, errors.problems, context)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where failure.code == "delegation_exists" || failure.status == .tooManyRequests {
            let problems = failure.problems.isEmpty ? [FieldProblem("", .own(failure.code))] : failure.problems
            let page = try await form(incoming.values, problems, context)
            return .failed(page: { page }, failure)
        }
    }

    private func form(_ values: FormValues, _ problems: [FieldProblem], _ context: MemberContext) async throws
        -> NewDelegationPage
    {
        let units = try await context.read(PlaceLine.owned(context.tenant.id, by: context.memberID, today: context.today))
        return NewDelegationPage(units, values, problems, context)
    }

    @Sendable func resend(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        try await Self.mails.spend(context.memberID.text, context.proved(), now: context.now)
        let line = try await context.write { tx in
            try await Delegations(tx: tx, tenant: context.tenant).resend(id, by: DelegationViewer(context), context.language)
        }
        let t = DelegationMessages(context.language)
        return try done(line, context, t.done.resent(email: line.email))
    }

    // MARK: Answering

    /// Changes nothing: programs that look at mails open every link in them.
    @Sendable func answer(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let line = try await context.read(DelegationLine.find(try incoming.id(), context.tenant.id, today: context.today))
        let (viewer, token) = (DelegationViewer(context), incoming.query.single("token"))
        guard viewer.mayAnswer(line, Token.hash(token)) else { throw Failure.forbidden }
        switch line.state(at: context.now) {
        case .pending: return .secret(.page(AnswerDelegationPage(line, token: token, context)))
        case .accepted: return .redirect(line.path)
        case .declined, .revoked, .expired: throw Failure.delegationOver
        }
    }

    @Sendable func accept(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (id, draft) = (try incoming.id(), try incoming.submission.read { AnswerDraft(&$0) })
        let line = try await context.write { tx in
            try await Delegations(tx: tx, tenant: context.tenant).accept(id, draft, by: DelegationViewer(context))
        }
        let t = DelegationMessages(context.language)
        return try done(line, context, t.done.accepted(name: line.delegator))
    }

    @Sendable func decline(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (id, draft) = (try incoming.id(), try incoming.submission.read { AnswerDraft(&$0) })
        let line = try await context.write { tx in
            try await Delegations(tx: tx, tenant: context.tenant).decline(id, draft, by: DelegationViewer(context))
        }
        // Whoever came by the link alone has no page of it.
        let back: WebPath = DelegationViewer(context).sees(line) ? line.path : "/delegations"
        let t = DelegationMessages(context.language).done
        return try .done(DelegationJSON(line, now: context.now), at: back, flash: Flash(t.declined))
    }

    @Sendable func revoke(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let line = try await context.write { tx in
            try await Delegations(tx: tx, tenant: context.tenant).revoke(id, by: DelegationViewer(context))
        }
        return .gone(at: line.path, flash: Flash(DelegationMessages(context.language).done.revoked))
    }

    private func done(_ line: DelegationLine, _ context: MemberContext, _ news: String) throws -> Reply {
        try .done(DelegationJSON(line, now: context.now), at: line.path, flash: Flash(news))
    }
}
