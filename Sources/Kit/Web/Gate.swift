import Database
import Foundation
import HTTPTypes
import Hummingbird
import Tenancy
import Tokens
import UI

/// Finds out who is asking.
enum Gate {
    /// Fills in the session from the cookie (pages) or the bearer token (programs), never the other way round: a program's
    /// address takes no cookie, so it needs no form token.
    ///
    /// - Parameters:
    ///   - mayRecall: whether the session as this process remembers it will do for a start (see `Claim`).
    ///   - renews: whether this is somebody at work, which keeps a session from ending; not what a page asks for by itself.
    static func identify(
        _ context: inout TenantContext, _ headers: HTTPFields, _ face: Face, mayRecall: Bool, renews: Bool = true
    ) async throws {
        try noteFlash(&context, headers, face)
        guard let key = try await key(context, headers, face) else { throw Failure.unauthenticated }
        let house = context.house
        let question = house.doors.session(key.hash, key.kind, key.tenant, context.arrival.now)
        if mayRecall, let session = house.sessions.recall(key, now: context.arrival.now), mayShow(session, context.tenant) {
            context.claim = Claim(remembered: session, question)
        } else {
            context.claim = try await find(question, key, context, renews: renews).map(Claim.init(proved:))
        }
        // As if signed out: whoever may no longer look comes in again as themselves.
        if let session = context.session, !mayShow(session, context.tenant) { context.claim = nil }
        context.arrival.notes.member = context.session?.holder
    }

    /// Whether a session that shows somebody else's pages still may, by the viewer's own roles.
    private static func mayShow(_ session: Session, _ tenant: Tenant) -> Bool {
        session.preview.map { tenant.permissions(of: $0.viewerRoles).contains(Permission.seeAs.name) } ?? true
    }

    /// Whose session is asked for; `nil` when nothing was presented, or something that is none of ours.
    private static func key(_ context: TenantContext, _ headers: HTTPFields, _ face: Face) async throws
        -> SessionMemory.Key?
    {
        let tenant = context.tenant.id
        switch face {
        case .page:
            let cookie = context.house.cookies.read(CookieName.session, from: headers)
            return cookie.flatMap(SessionToken.init(presented:)).map { .init(tenant: tenant, kind: .browser, hash: $0.hash) }
        case .api:
            guard let text = Bearer.text(headers) else { return nil }
            if let token = PersonalToken(presented: text) { return .init(tenant: tenant, kind: .personal, hash: token.hash) }
            let key = SessionMemory.Key(tenant: tenant, kind: .access, hash: Bearer.hash(text))
            // What is remembered was verified; the database still says whether it is over.
            if house(context, remembers: key) { return key }
            return try await context.house.keys.claims(of: text, context) == nil ? nil : key
        }
    }

    private static func house(_ context: TenantContext, remembers key: SessionMemory.Key) -> Bool {
        context.house.sessions.recall(key, now: context.arrival.now) != nil
    }

    private static func find(
        _ question: Query<Session?>, _ key: SessionMemory.Key, _ context: TenantContext, renews: Bool
    ) async throws -> Session? {
        let (house, now) = (context.house, context.arrival.now)
        guard var session = try await context.walled.read(question) else {
            house.sessions.forget(key)
            return nil
        }
        if renews, key.kind.isRenewed, session.isDue(now) {
            try await house.doors.renew(key.hash, key.kind, context.walled, now)
            session.seenAt = now
        }
        house.sessions.note(session, key)
        return session
    }

    /// Before sign-in form tokens are bound to a random text in a cookie.
    static func visit(_ context: inout TenantContext, _ request: Hummingbird.Request, _ face: Face) throws {
        guard face == .page else { return }
        let visit = context.house.cookies.read(CookieName.visit, from: request.headers).flatMap(SessionToken.init(presented:))?
            .text
        context.visit = visit ?? SessionToken().text
        context.visitIsNew = visit == nil
        try noteFlash(&context, request.headers, face)
    }

    private static func noteFlash(_ context: inout TenantContext, _ headers: HTTPFields, _ face: Face) throws {
        // One line of news is for whoever opens a page, not for a page that asks by itself.
        guard face == .page, headers[Headers.live] == nil else { return }
        context.flash = context.house.cookies.read(CookieName.flash, from: headers)
            .flatMap { FlashCookie.open($0, context.house.secret, context.scope) }
    }
}

/// One line of news that travels with a 303 in a signed cookie and is shown once.
enum FlashCookie {
    static func seal(_ flash: Flash, _ secret: Secret, _ scope: String) -> String? {
        guard let json = try? JSON.encode(flash) else { return nil }
        let body = Base64URL.encode(json)
        return "\(body).\(secret.sign("flash", scope, body))"
    }

    static func open(_ cookie: Substring, _ secret: Secret, _ scope: String) -> Flash? {
        let parts = cookie.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, secret.verify(String(parts[1]), "flash", scope, String(parts[0])),
            let json = Base64URL.decode(parts[0])
        else { return nil }
        return try? JSONDecoder().decode(Flash.self, from: Data(json))
    }
}
