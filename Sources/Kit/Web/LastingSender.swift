import HTTPTypes

/// Whoever sent a request that goes on after its answer, as a socket does: asked again, they may have become somebody with fewer rights,
/// or nobody.
public struct LastingSender: Sendable {
    private let first: TenantContext
    private let headers: HTTPFields

    init(_ context: TenantContext, _ headers: HTTPFields) {
        first = context
        self.headers = headers
    }

    public var house: House { first.house }

    /// Asks the database; the session is not renewed by that.
    /// - Throws: 401 once the session is over, 404 once the company is gone.
    public func again() async throws -> MemberContext {
        var context = try TenantContext(again: first)
        try await Gate.identify(&context, headers, context.arrival.face, mayRecall: false, renews: false)
        return try MemberContext(context: context)
    }
}

extension MemberContext {
    public func lasting(_ incoming: Incoming) -> LastingSender { LastingSender(outer, incoming.headers) }
}
