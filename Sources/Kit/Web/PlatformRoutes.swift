import HTTPTypes
import Hummingbird

/// The addresses of the platform's host. Pages only: whoever looks after all companies sits before a browser, with a second factor.
public final class PlatformRoutes {
    public typealias OperatorHandler = @Sendable (Incoming, OperatorContext) async throws -> Reply
    public typealias OpenHandler = @Sendable (Incoming, PlatformContext) async throws -> Reply

    public struct Line: Sendable, Hashable {
        public let method: HTTPRequest.Method
        public let path: String
        public let isOpen: Bool
    }

    private let router = Router(context: BaseContext.self, options: .autoGenerateHeadEndpoints)
    /// In the order of their addition.
    public private(set) var table: [Line] = []

    public init() {}

    public func get(_ path: String, use handler: @escaping OperatorHandler) { add(.get, path, .none, handler) }

    public func post(_ path: String, use handler: @escaping OperatorHandler) { add(.post, path, .small, handler) }

    /// For everybody. Say why beside the call.
    public func openGet(_ path: String, use handler: @escaping OpenHandler) { open(.get, path, .none, handler) }

    public func openPost(_ path: String, use handler: @escaping OpenHandler) { open(.post, path, .small, handler) }

    private func add(_ method: HTTPRequest.Method, _ path: String, _ body: BodyRule, _ handler: @escaping OperatorHandler) {
        put(method, path, isOpen: false) { request, base in
            var outer = try PlatformContext(context: base)
            try await outer.identify(request)
            outer.session = try await outer.findSession(request)
            let context = try OperatorContext(context: outer)
            let incoming = try await Intake.read(request, body, context.outer, .page)
            return try Answer.response(to: try await handler(incoming, context), request, context.outer) { context.view() }
        }
    }

    private func open(_ method: HTTPRequest.Method, _ path: String, _ body: BodyRule, _ handler: @escaping OpenHandler) {
        put(method, path, isOpen: true) { request, base in
            var context = try PlatformContext(context: base)
            try await context.identify(request)
            let settled = context
            let incoming = try await Intake.read(request, body, settled, .page)
            return try Answer.response(to: try await handler(incoming, settled), request, settled) { settled.view() }
        }
    }

    private func put(
        _ method: HTTPRequest.Method, _ path: String, isOpen: Bool,
        _ respond: @escaping @Sendable (Hummingbird.Request, BaseContext) async throws -> Response
    ) {
        let full = "/" + path
        table.append(Line(method: method, path: full, isOpen: isOpen))
        router.on(RouterPath(full), method: method, responder: CallbackResponder { try await respond($0, $1) })
    }

    func finish() -> RouterResponder<BaseContext> {
        router.refuseOthers(than: table.map { ($0.path, $0.method) })
        return router.buildResponder()
    }
}
