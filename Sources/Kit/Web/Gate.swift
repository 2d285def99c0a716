import Database
import Foundation
import HTTPTypes
import Hummingbird
import UI

/// Finds out who is asking.
enum Gate {
    /// Fills in the session from the cookie (pages) or the bearer token (programs), never the other way round: a program's
    /// address takes no cookie, so it needs no form token.
    ///
    /// - Parameter mayRecall: whether the session as this process remembers it will do for a start (see `Claim`).
    static func identify(
        _ context: inout TenantContext, _ request: Hummingbird.Request, _ face: Face, mayRecall: Bool
    ) async throws {
        try noteFlash(&context, request, face)
        let presented: SessionToken? =
            switch face {
            case .page:
                context.house.cookies.read(CookieName.session, from: request.headers).flatMap(SessionToken.init(presented:))
            case .api: bearer(request.headers)
            }
        guard let presented else { throw Failure.unauthenticated }
        let house = context.house
        let key = SessionMemory.Key(tenant: context.tenant.id, kind: face == .page ? .browser : .access, hash: presented.hash)
        let question = house.doors.session(key.hash, key.kind, key.tenant, context.arrival.now)
        if mayRecall, let session = house.sessions.recall(key, now: context.arrival.now) {
            context.claim = Claim(remembered: session, question)
        } else {
            context.claim = try await find(question, key, context).map(Claim.init(proved:))
        }
        context.arrival.notes.member = context.session?.memberID
    }

    private static func find(_ question: Query<Session?>, _ key: SessionMemory.Key, _ context: TenantContext) async throws
        -> Session?
    {
        let (house, now) = (context.house, context.arrival.now)
        guard var session = try await context.walled.read(question) else {
            house.sessions.forget(key)
            return nil
        }
        if key.kind == .browser, session.isDue(now) {
            try await house.doors.renew(key.hash, context.walled, now)
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
        try noteFlash(&context, request, face)
    }

    private static func noteFlash(_ context: inout TenantContext, _ request: Hummingbird.Request, _ face: Face) throws {
        guard face == .page else { return }
        context.flash = context.house.cookies.read(CookieName.flash, from: request.headers)
            .flatMap { FlashCookie.open($0, context.house.secret, context.tenant.id) }
    }

    private static func bearer(_ headers: HTTPFields) -> SessionToken? {
        guard let line = headers[.authorization], line.count > 7, line.prefix(7).lowercased() == "bearer " else { return nil }
        return SessionToken(presented: line.dropFirst(7))
    }
}

/// One line of news that travels with a 303 in a signed cookie and is shown once.
enum FlashCookie {
    static func seal(_ flash: Flash, _ secret: Secret, _ tenant: Int32) -> String? {
        guard let json = try? JSON.encode(flash) else { return nil }
        let body = Base64URL.encode(json)
        return "\(body).\(secret.sign("flash", String(tenant), body))"
    }

    static func open(_ cookie: Substring, _ secret: Secret, _ tenant: Int32) -> Flash? {
        let parts = cookie.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, secret.verify(String(parts[1]), "flash", String(tenant), String(parts[0])),
            let json = Base64URL.decode(parts[0])
        else { return nil }
        return try? JSONDecoder().decode(Flash.self, from: Data(json))
    }
}
