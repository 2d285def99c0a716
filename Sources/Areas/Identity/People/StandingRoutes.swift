import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// What the office decides about people: their roles, and whether they may come in. The people themselves stand at `/people`.
struct StandingRoutes: Sendable {
    func add(to routes: Routes) {
        routes.chapter("People")
        routes.get("people/{id}/roles", may: .changeRoles, on: .page, use: form)
        routes.post("people/{id}/roles", may: .changeRoles, use: change)
            .tells("Gives somebody these roles and no others; they hold at the person's next request.")
            .takes { _ = RolesDraft(&$0, RoleDesk(tenant: $1, roles: []), held: []) }.gives(StandingJSON.self)
        routes.post("people/{id}/suspension", may: .disablePeople, use: disable)
            .tells("Lets somebody in no longer; every sign-in and token ends.").takes { _ = ReasonDraft(&$0) }
            .gives(StandingJSON.self)
        routes.post("people/{id}/suspension/revocation", may: .disablePeople, on: .page, use: enable)
        routes.delete("people/{id}/suspension", may: .disablePeople, use: enable)
            .tells("Lets somebody in again.").gives(StandingJSON.self)
    }

    @Sendable func form(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let standing = try await context.read(Standing.find(try incoming.id(), context.tenant.id))
        return .page(MemberRolesPage(standing, ticked: Set(standing.roles), [], context))
    }

    @Sendable func change(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, before) = (RoleDesk(context), try await context.read(Standing.find(try incoming.id(), context.tenant.id)))
        do {
            let draft = try incoming.submission.read { RolesDraft(&$0, desk, held: before.roles) }
            let after = try await context.write { tx in
                try await Standings(tx: tx, desk: desk).change(before.id, to: draft, by: context.memberID)
            }
            return try done(after, context) { t in t.rolesChanged(name: after.name) }
        } catch let errors as FormErrors {
            let page = MemberRolesPage(before, ticked: Set(incoming.values.all("roles")), errors.problems, context)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where failure.code == Failure.lastAdmin.code || failure.code == Failure.staleVersion.code {
            // After a stale version the form shows how things stand, with what was ticked.
            let now = try await context.read(Standing.find(before.id, context.tenant.id))
            let problems = [FieldProblem("roles", .own(failure.code))]
            let page = MemberRolesPage(now, ticked: Set(incoming.values.all("roles")), problems, context)
            return .failed(page: { page }, failure)
        }
    }

    @Sendable func disable(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (id, draft) = (try incoming.id(), try incoming.submission.read { ReasonDraft(&$0) })
        let after = try await context.write { tx in
            try await Standings(tx: tx, desk: RoleDesk(context)).disable(id, draft, by: context.memberID)
        }
        return try done(after, context) { t in t.disabled(name: after.name) }
    }

    @Sendable func enable(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let after = try await context.write { tx in
            try await Standings(tx: tx, desk: RoleDesk(context)).enable(id, by: context.memberID)
        }
        return try done(after, context) { t in t.enabled(name: after.name) }
    }

    private func done(
        _ standing: Standing, _ context: MemberContext, _ news: (IdentityMessages.Standing) -> String
    ) throws -> Reply {
        // Whoever gave up the right to see people goes home.
        let back: WebPath = standing.id == context.memberID ? "/dashboard" : standing.path
        return try .done(StandingJSON(standing), at: back, flash: Flash(news(IdentityMessages(context.language).standing)))
    }
}
