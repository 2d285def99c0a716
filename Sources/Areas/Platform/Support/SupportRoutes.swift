import Audit
import Database
import Foundation
import HTML
import Tenancy
import UI
import Web

/// The company's side of entries: where an operator comes in, and what the company's admins see of it and may end.
package struct SupportRoutes: Sendable {
    private static let list: WebPath = "/admin/support"

    package init() {}

    package func add(to routes: Routes) {
        // Open: the link is the proof. Looking at it uses nothing up, because browsers and mail programs look ahead.
        routes.openGet("support/{id}/{token}", on: .page, use: door)
        routes.openPost("support/{id}/{token}", on: .page, use: enter)
        routes.chapter("Platform support")
        routes.get("admin/support", may: .seeSupport, use: entries)
            .tells("Lists who of the platform was or is in the company, newest first.").lists(SupportEntryJSON.self)
        routes.get("admin/support.csv", may: .seeSupport, use: export)
            .tells("The same as CSV.").gives(file: "text/csv")
        routes.post("admin/support/{id}/revocation", may: .endSupport, use: end)
            .tells("Ends such an entry at once.").givesNothing()
    }

    // MARK: The operator

    @Sendable private func door(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let (entry, path) = try await find(incoming, context)
        return .secret(.page(SupportDoorPage(entry, path, context)))
    }

    @Sendable private func enter(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let (entry, _) = try await find(incoming, context)
        let (old, agent) = (context.house.cookies.session(in: incoming.headers), incoming.headers[.userAgent])
        let token = try await context.walled.write { tx in
            try await SupportEntries(tx: tx, tenant: context.tenant).enter(entry.id, replacing: old, agent: agent)
        }
        guard let token else { throw Failure.notFound }
        return .secret(.withCookies(.redirect("/dashboard"), context.house.cookies.signedIn(token)))
    }

    /// - Throws: 404 for a link that is none of ours, was used or is too old.
    private func find(_ incoming: Incoming, _ context: TenantContext) async throws -> (SupportEntry, WebPath) {
        let (id, token) = (try incoming.id(), try incoming.parameter("token"))
        guard EntryLink.isGood(token, id, context.tenant.id, context.house.secret),
            let entry = try? await context.walled.read(SupportEntry.find(id, context.tenant.id)),
            entry.isLinkGood(context.arrival.now)
        else { throw Failure.notFound }
        return (entry, "/support/\(id.text)/\(token)")
    }

    // MARK: The company's admins

    @Sendable private func entries(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor) = (try incoming.limit(), try incoming.cursor())
        let (lines, total) = try await context.read(
            SupportEntry.page(context.tenant.id, cursor, size: size), SupportEntry.count(context.tenant.id))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            SupportPage(page, total, context),
            json: ListJSON(
                items: page.lines.map { SupportEntryJSON($0, now: context.now) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable private func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        var csv = CSV(head: SupportEntry.head)
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(SupportEntry.page(context.tenant.id, cursor, size: 1000))
            for line in lines.prefix(1000) { csv.append(line.cells) }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "support.csv"))
    }

    @Sendable private func end(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let entry = try await context.write { tx in
            let entry = try await tx.query(SupportEntry.find(id, context.tenant.id))
            _ = try await SupportEntries(tx: tx, tenant: context.tenant).end(id, .admin, by: context.memberID)
            return entry
        }
        return .gone(
            at: Self.list, flash: Flash(PlatformMessages(context.language).entry.adminEnded(name: entry.name)))
    }
}
