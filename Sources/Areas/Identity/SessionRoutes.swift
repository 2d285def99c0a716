import Forms
import Foundation
import HTML
import UI
import Web

/// Where a member is signed in, and ending it: for themselves, and for those who may for others.
struct SessionRoutes: Sendable {
    func add(to routes: Routes) {
        routes.chapter("Sign-ins and tokens")
        routes.memberGet("account/sessions", on: .page, use: list)
        routes.memberPost("account/sessions/revocation", on: .page, use: endOthers)
        routes.memberPost("account/sessions/{id}/revocation", on: .page, use: end)
        routes.memberGet("me/sessions", on: .api, use: list)
            .tells("Lists where you are signed in.").lists(SignInJSON.self)
        routes.memberDelete("me/sessions", use: endOthers)
            .tells("Ends all of your sign-ins but this one.").givesNothing()
        routes.memberDelete("me/sessions/{id}", use: end)
            .tells("Ends one of your sign-ins.").givesNothing()
        routes.post("people/{id}/sessions/revocation", may: .endSessions, use: endAll)
            .tells("Ends all sign-ins and tokens of somebody.").givesNothing()
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (cursor, size) = (try incoming.cursor(), try incoming.limit())
        let (member, tenant) = (context.memberID, context.tenant.id)
        let (lines, total) = try await context.read(
            SignInLine.page(of: member, current: context.session.id, cursor, size: size, tenant, now: context.now),
            SignInLine.count(of: member, tenant, now: context.now))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            SessionsPage(page, total, context),
            json: ListJSON(items: page.lines.map { SignInJSON($0, context.language) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func end(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        try await context.write { tx in try await SignIns(tx: tx).end(id, of: context.memberID) }
        return .gone(at: "/account/sessions", flash: Flash(IdentityMessages(context.language).sessions.ended))
    }

    @Sendable func endOthers(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try await context.write { tx in try await SignIns(tx: tx).endOthers(than: context.session.id, of: context.memberID) }
        return .gone(at: "/account/sessions", flash: Flash(IdentityMessages(context.language).sessions.othersEnded))
    }

    @Sendable func endAll(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        try await context.write { tx in try await SignIns(tx: tx).endAll(of: id, by: context.session) }
        return .gone(
            at: "/people/\(id.text)", flash: Flash(IdentityMessages(context.language).sessions.allEnded))
    }
}

extension SessionsPage {
    init(_ page: KeysetPage<SignInLine>, _ total: Int, _ context: MemberContext) {
        let t = IdentityMessages(context.language)
        let list: WebPath = "/account/sessions"
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        let summary = t.sessions.summary(count: total)
        self.init(
            crumbs: [Crumb(t.account.title, "/account"), Crumb(t.sessions.title)], summary: summary,
            endOthers: total > 1 ? "/account/sessions/revocation" : nil,
            rows: page.lines.map { SessionRow($0, t.sessions, context) },
            pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary))
    }
}

extension SessionRow {
    init(_ line: SignInLine, _ t: IdentityMessages.Sessions, _ context: MemberContext) {
        self.init(
            device: line.device(context.language), kind: line.isBrowser ? t.browser : t.program,
            address: line.address ?? t.unknownAddress,
            used: context.format.moment(line.seenAt), began: context.format.moment(line.signedInAt), isCurrent: line.isCurrent,
            end: line.isCurrent ? nil : "/account/sessions/\(line.id.text)/revocation")
    }
}

extension SignInLine {
    func device(_ language: Language) -> String { DeviceWords.of(agent, isBrowser: isBrowser, language) }
}
