import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// Looking at somebody's pages as they see them (`Preview`), and for everybody: who looked at theirs.
struct PreviewRoutes: Sendable {
    func add(to routes: Routes) {
        routes.get("people/{id}/preview", may: .seeAs, on: .page, use: form)
        routes.post("people/{id}/preview", may: .seeAs, use: begin)
            .tells("From now on, and for 30 minutes at most, this token sees what that person sees, and changes nothing.")
            .takes { _ = PreviewDraft(&$0) }.creates(PreviewJSON.self, once: false)
        routes.memberGet("preview", on: .api, seen: true, use: show)
            .tells("Whose eyes this token has now.").gives(PreviewJSON.self).fails(404)
        routes.memberPost("preview/revocation", on: .page, always: true, seen: true, use: end)
        routes.memberDelete("preview", seen: true, use: end)
            .tells("Ends it.").givesNothing().fails(404)
        routes.memberGet("account/previews", on: .page, use: list)
        routes.memberGet("me/previews", on: .api, use: list)
            .tells("Lists who of the office looked at what you see, and why.").lists(PreviewJSON.self)
    }

    @Sendable func form(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let standing = try await context.read(Standing.find(try incoming.id(), context.tenant.id))
        return .page(PreviewPage(standing, "", [], context))
    }

    @Sendable func begin(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        do {
            let draft = try incoming.submission.read { PreviewDraft(&$0) }
            let line = try await context.write { tx in
                try await Previews(tx: tx).begin(id, draft, by: context.session, RoleDesk(context))
            }
            return try .created(PreviewJSON(line), at: "/dashboard")
        } catch let errors as FormErrors {
            let standing = try await context.read(Standing.find(id, context.tenant.id))
            let page = PreviewPage(standing, incoming.values["reason"], errors.problems, context)
            return .refused(page: { page }, errors.problems)
        }
    }

    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        guard let preview = context.session.preview else { throw Failure.notFound }
        let line = try await context.read(PreviewLine.find(preview.id, context.tenant.id))
        return try .done(PreviewJSON(line), at: "/dashboard")
    }

    /// The one thing that is written while somebody looks: by the viewer, about themselves.
    @Sendable func end(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        guard let preview = context.session.preview else { throw Failure.notFound }
        try await context.proved().write { tx in try await Previews(tx: tx).end(preview) }
        let t = IdentityMessages(context.language).preview
        return .gone(at: "/people/\(context.memberID.text)", flash: Flash(t.ended(name: context.session.name)))
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (cursor, size) = (try incoming.cursor(), try incoming.limit())
        let (lines, total) = try await context.read(
            PreviewLine.page(of: context.memberID, cursor, size: size, context.tenant.id),
            PreviewLine.count(of: context.memberID, context.tenant.id))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            PreviewsPage(page, total, context),
            json: ListJSON(items: page.lines.map(PreviewJSON.init), nextCursor: page.next?.text, total: total))
    }
}
