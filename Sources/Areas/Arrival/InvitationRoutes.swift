import Audit
import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// Inviting people one by one, and what became of it.
struct InvitationRoutes: Sendable {
    func add(to routes: Routes) {
        routes.chapter("Invitations and applicants")
        routes.get("admin/invitations", may: .invitePeople, on: .page, use: list)
        routes.get("invitations", may: .invitePeople, on: .api, use: list)
            .tells("Lists invitations, newest first.")
            .asks(.text("q"), .choice("state", InvitationState.self), .text("role", max: 40)).lists(InvitationJSON.self)
        routes.get("admin/invitations.csv", may: .invitePeople, use: export)
            .tells("The same as CSV.")
            .asks(.text("q"), .choice("state", InvitationState.self), .text("role", max: 40)).gives(file: "text/csv")
        routes.get("admin/invitations/new", may: .invitePeople, on: .page, use: form)
        routes.post("admin/invitations", may: .invitePeople, on: .page, use: invite)
        routes.post("invitations", may: .invitePeople, on: .api, use: invite)
            .tells("Invites somebody by mail.").takes { _ = InvitationDraft(&$0, Office($1)) }.creates(InvitationJSON.self)
        routes.post("admin/invitations/{id}/resend", may: .invitePeople, on: .page, use: resend)
        routes.post("invitations/{id}/resend", may: .invitePeople, on: .api, use: resend)
            .tells("Sends an invitation again, with a new code; the old one ends.").gives(InvitationJSON.self).fails(429)
        routes.post("admin/invitations/{id}/revocation", may: .invitePeople, on: .page, use: revoke)
        routes.delete("invitations/{id}", may: .invitePeople, use: revoke)
            .tells("Revokes an invitation.").givesNothing()
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor, filter) = (try incoming.limit(), try incoming.cursor(), InvitationFilter(incoming))
        let condition = filter.condition(context.tenant.id, now: context.now)
        let (lines, total) = try await context.read(
            InvitationLine.page(condition, cursor, size: size), InvitationLine.count(condition))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            InvitationsPage(page, total, filter, context),
            json: ListJSON(
                items: page.lines.map { InvitationJSON($0, now: context.now) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let condition = InvitationFilter(incoming).condition(context.tenant.id, now: context.now)
        var csv = CSV(head: [
            "email", "role", "building", "unit", "state", "invited_by", "invited_at", "sent_at", "expires_at", "accepted_at",
            "revoked_at"
        ])
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(InvitationLine.page(condition, cursor, size: 1000))
            for line in lines.prefix(1000) { csv.append(line.cells(at: context.now)) }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        try await context.write { tx in try tx.audit("invitations.exported", "invitation", nil) }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "invitations.csv"))
    }

    // MARK: One more

    @Sendable func form(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let buildings = try await context.read(BuildingName.all(context.tenant.id))
        return .page(OfficePage.invite(Office(context), buildings, context, FormValues(), []))
    }

    @Sendable func invite(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let office = Office(context)
        do {
            let draft = try incoming.submission.read { InvitationDraft(&$0, office) }
            // Looked up inside, so that a double click is not told that its own first click has invited.
            return try await context.once(incoming) { tx in
                let found = try await tx.query(Candidates.find([draft], context.tenant.id, now: context.now))
                guard let one = found.first else { throw Failure.notFound }
                let person = try Invitee(draft, one)
                let ids = try await Invitations(tx: tx, office: Office(context)).invite([person], by: context.session)
                guard let id = ids.first else { throw Failure.notFound }
                let line = try await tx.query(InvitationLine.find(id, context.tenant.id))
                let t = ArrivalMessages(context.language).invitations
                return try Effect(
                    InvitationJSON(line, now: context.now), at: "/admin/invitations", flash: Flash(t.invited(email: line.email)))
            }
        } catch let errors as FormErrors {
            let buildings = try await context.read(BuildingName.all(context.tenant.id))
            let page = OfficePage.invite(office, buildings, context, incoming.values, errors.problems)
            return .refused(page: { page }, errors.problems)
        }
    }

    // MARK: Again, and no more

    @Sendable func resend(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let line = try await context.write { tx in
            try await Invitations(tx: tx, office: Office(context)).resend(id, by: context.session)
        }
        return try .done(
            InvitationJSON(line, now: context.now), at: "/admin/invitations",
            flash: Flash(ArrivalMessages(context.language).invitations.resent(email: line.email)))
    }

    @Sendable func revoke(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        try await context.write { tx in
            try await Invitations(tx: tx, office: Office(context)).revoke(id, by: context.memberID)
        }
        return .gone(at: "/admin/invitations", flash: Flash(ArrivalMessages(context.language).invitations.revoked))
    }
}

extension InvitationLine {
    fileprivate func cells(at now: Date) -> [String] {
        [
            email, role, building ?? "", unit ?? "", state(at: now).rawValue, inviter, invitedAt.formatted(.iso8601),
            sentAt.formatted(.iso8601), expiresAt.formatted(.iso8601), acceptedAt?.formatted(.iso8601) ?? "",
            revokedAt?.formatted(.iso8601) ?? ""
        ]
    }
}
