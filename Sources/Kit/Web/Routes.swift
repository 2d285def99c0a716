import HTTPTypes
import Hummingbird

/// Adds routes. Every route names its audience; there is no way to leave it out.
public final class Routes {
    public typealias MemberHandler = @Sendable (Incoming, MemberContext) async throws -> Reply
    public typealias OpenHandler = @Sendable (Incoming, TenantContext) async throws -> Reply

    private typealias Responding = @Sendable (Hummingbird.Request, BaseContext, Face) async throws -> Response

    let router = Router(context: BaseContext.self, options: .autoGenerateHeadEndpoints)
    /// In the order of their addition.
    public private(set) var table: [Route] = []

    private var chapter = ""

    public init() {}

    /// A heading of the manual, for the routes that follow.
    public func chapter(_ title: String) {
        chapter = title
    }

    @discardableResult
    public func get(_ path: String, may permission: Permission, on faces: Faces = .both, use handler: @escaping MemberHandler)
        -> AddedRoute
    {
        add(.get, path, .holders(of: permission), faces, .none, seen: true, handler)
    }

    @discardableResult
    public func post(
        _ path: String, may permission: Permission, on faces: Faces = .both, body: BodyRule = .small,
        use handler: @escaping MemberHandler
    ) -> AddedRoute {
        add(.post, path, .holders(of: permission), faces, body, handler)
    }

    @discardableResult
    public func patch(_ path: String, may permission: Permission, body: BodyRule = .small, use handler: @escaping MemberHandler)
        -> AddedRoute
    {
        add(.patch, path, .holders(of: permission), .api, body, handler)
    }

    @discardableResult
    public func delete(_ path: String, may permission: Permission, use handler: @escaping MemberHandler) -> AddedRoute {
        add(.delete, path, .holders(of: permission), .api, .small, handler)
    }

    /// For every signed-in member, whatever their role.
    ///
    /// - Parameters:
    ///   - tokens: whether personal tokens open it, too. No scope of theirs names such a route, so as a rule they do not.
    ///   - always: also for those who have to go elsewhere first (`Doors.due`).
    ///   - seen: also for somebody who only looks at the member's pages (`Preview`), which is not said lightly: most of these belong
    ///     to the member in person.
    ///   - support: also for people of the platform who have entered (`SupportMode`).
    ///   - recalls: whether it does nothing that is not undone with its transaction before its first read or write (`MemberRule`).
    @discardableResult
    public func memberGet(
        _ path: String, on faces: Faces = .both, tokens: Bool = false, always: Bool = false, seen: Bool = false,
        support: Bool = false, use handler: @escaping MemberHandler
    ) -> AddedRoute {
        add(
            .get, path, .member, faces, .none, always: always, seen: seen, support: support, tokens: tokens,
            tokens ? handler : Self.forSessions(handler))
    }

    @discardableResult
    public func memberPost(
        _ path: String, on faces: Faces = .both, body: BodyRule = .small, always: Bool = false, seen: Bool = false,
        support: Bool = false, recalls: Bool = false, use handler: @escaping MemberHandler
    ) -> AddedRoute {
        add(
            .post, path, .member, faces, body, always: always, seen: seen, support: support, tokens: false, recalls: recalls,
            Self.forSessions(handler))
    }

    @discardableResult
    public func memberPatch(_ path: String, use handler: @escaping MemberHandler) -> AddedRoute {
        add(.patch, path, .member, .api, .small, tokens: false, Self.forSessions(handler))
    }

    @discardableResult
    public func memberDelete(_ path: String, seen: Bool = false, use handler: @escaping MemberHandler) -> AddedRoute {
        add(.delete, path, .member, .api, .small, seen: seen, tokens: false, Self.forSessions(handler))
    }

    /// What belongs to the member in person: their account, their sign-ins, their tokens.
    private static func forSessions(_ handler: @escaping MemberHandler) -> MemberHandler {
        { incoming, context in
            guard context.session.scopes == nil else { throw Failure.forbidden }
            return try await handler(incoming, context)
        }
    }

    /// For everybody. Say why beside the call.
    ///
    /// - Parameters:
    ///   - origin: the same for a page and for where its forms go.
    ///   - visits: whether a program's address begins a visit, too, because a browser opens it that comes back to a page.
    @discardableResult
    public func openGet(
        _ path: String, on faces: Faces = .both, origin: FormOrigin = .required, visits: Bool = false,
        use handler: @escaping OpenHandler
    ) -> AddedRoute {
        place(.get, path, .anyone, faces, .none, respond(.none, origin, visits: visits, handler))
    }

    @discardableResult
    public func openPost(
        _ path: String, on faces: Faces = .both, body: BodyRule = .small, origin: FormOrigin = .required,
        use handler: @escaping OpenHandler
    ) -> AddedRoute {
        place(.post, path, .anyone, faces, body, respond(body, origin, handler))
    }

    /// A document that stands at one address for everybody, such as what RFC 8615 puts under `/.well-known`: no visit begins with it.
    @discardableResult
    public func openDocument(_ path: String, use handler: @escaping OpenHandler) -> AddedRoute {
        AddedRoute(routes: self, place: put(.get, "/" + path, .api, .anyone, .none, respond(.none, .required, handler)))
    }

    /// A program's address that a document names without a version, such as `/api/auth/register`: the same handler.
    @discardableResult
    public func openAlias(_ path: String, use handler: @escaping OpenHandler) -> AddedRoute {
        AddedRoute(routes: self, place: put(.post, path, .api, .anyone, .small, respond(.small, .required, handler)))
    }

    private func add(
        _ method: HTTPRequest.Method, _ path: String, _ audience: Audience, _ faces: Faces, _ body: BodyRule,
        always: Bool = false, seen: Bool = false, support: Bool = false, tokens: Bool = true, recalls: Bool = false,
        _ handler: @escaping MemberHandler
    ) -> AddedRoute {
        let rule = MemberRule(
            audience: audience, body: body, reads: method == .get, always: always, seen: seen, support: support, recalls: recalls)
        return place(method, path, audience, faces, body, tokens: tokens) { try await rule.serve($0, $1, $2, handler) }
    }

    private func respond(_ body: BodyRule, _ origin: FormOrigin, visits: Bool = false, _ handler: @escaping OpenHandler)
        -> Responding
    {
        { request, base, face in
            var context = try TenantContext(context: base)
            try Gate.visit(&context, request, visits ? .page : face)
            // A form from elsewhere comes without our cookies, which is no reason to give its browser other ones.
            if !body.needsToken { context.visitIsNew = false }
            // The first name in the address is what the page is about: `r/{code}`, `s/{token}/comments`.
            if case .orPass = origin { context.passSubject = context.coreContext.parameters.first.map { String($0.value) } }
            let settled = context
            let incoming = try await Intake.read(request, body, settled, face, origin: origin)
            return try Answer.response(to: try await handler(incoming, settled), request, settled) { settled.view() }
        }
    }

    private func place(
        _ method: HTTPRequest.Method, _ path: String, _ audience: Audience, _ faces: Faces, _ body: BodyRule,
        tokens: Bool = false,
        _ respond: @escaping Responding
    ) -> AddedRoute {
        var entry = AddedRoute(routes: self, place: nil)
        for (face, prefix, wanted) in [(Face.page, "/", Faces.page), (.api, "/api/v1/", .api)] where faces.contains(wanted) {
            let place = put(method, prefix + path, face, audience, body, tokens: tokens, respond)
            if face == .api { entry = AddedRoute(routes: self, place: place) }
        }
        return entry
    }

    /// - Returns: its place in the table.
    private func put(
        _ method: HTTPRequest.Method, _ full: String, _ face: Face, _ audience: Audience, _ body: BodyRule, tokens: Bool = false,
        _ respond: @escaping Responding
    ) -> Int {
        router.on(RouterPath(full), method: method, responder: CallbackResponder { try await respond($0, $1, face) })
        table.append(
            Route(
                method: method, path: full, face: face, audience: audience, takesTokens: tokens, body: body, chapter: chapter))
        return table.count - 1
    }

    func describe(_ place: Int, _ change: (inout RouteDescription) -> Void) {
        var description = table[place].description ?? RouteDescription("")
        change(&description)
        table[place].description = description
    }

    /// Closes the table: every known path answers 405 with `Allow` for the methods it does not have.
    func finish() -> RouterResponder<BaseContext> {
        router.refuseOthers(than: table.map { ($0.path, $0.method) })
        return router.buildResponder()
    }
}

extension Router<BaseContext> {
    func refuseOthers(than known: [(path: String, method: HTTPRequest.Method)]) {
        for (path, routes) in Dictionary(grouping: known, by: \.path) {
            let allowed = Set(routes.map(\.method))
            let names = allowed.map(\.rawValue) + (allowed.contains(.get) ? ["HEAD"] : [])
            let allow = names.sorted().joined(separator: ", ")
            for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .options] where !allowed.contains(method) {
                on(
                    RouterPath(path), method: method,
                    responder: CallbackResponder { _, _ in throw Failure.methodNotAllowed(allow) })
            }
        }
    }
}

extension Failure {
    static func methodNotAllowed(_ allow: String) -> Failure {
        var failure = Failure(.methodNotAllowed, "method_not_allowed", "This address does not take that method")
        failure.headers[.allow] = allow
        return failure
    }
}
