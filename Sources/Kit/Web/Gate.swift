import Foundation
import HTTPTypes
import Hummingbird
import UI

/// Finds out who is asking.
enum Gate {
    /// Fills in the session from the cookie (pages) or the bearer token (programs), never the other way round: a program's
    /// address takes no cookie, so it needs no form token.
    static func identify(_ context: inout TenantContext, _ request: Hummingbird.Request, _ face: Face) async throws {
        try noteFlash(&context, request, face)
        let presented: SessionToken? =
            switch face {
            case .page:
                context.house.cookies.read(CookieName.session, from: request.headers).flatMap(SessionToken.init(presented:))
            case .api: bearer(request.headers)
            }
        guard let presented else { throw Failure.unauthenticated }
        context.session = try await context.house.doors.session(
            presented.hash, face == .page ? .browser : .access, context.walled, context.arrival.now)
        context.arrival.notes.member = context.session?.memberID
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
