import Forms
import HTTPTypes

/// A request that ends without doing what it asked. The edge turns it into a page or into FLOWS' JSON error, never a stack trace.
public struct Failure: Error, Sendable {
    public var status: HTTPResponse.Status
    /// Stable, for programs: `not_found`, `stale_version`, …
    public var code: String
    /// A sentence for people, in English; pages show their own text for the code.
    public var message: String
    public var headers: HTTPFields = [:]
    public var problems: [FieldProblem] = []
    /// For refused transitions: what would be allowed now.
    public var allowedTransitions: [String]?
    /// For wrong codes: how many more may be tried.
    public var triesLeft: Int?
    /// Where to sign in instead.
    public var authorizationURL: String?

    public init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    public static let notFound = Failure(.notFound, "not_found", "Not found")
    public static let forbidden = Failure(.forbidden, "forbidden", "Insufficient permissions")
    public static let unauthenticated = Failure(.unauthorized, "unauthenticated", "Sign in first")
    public static let csrf = Failure(
        .forbidden, "csrf_failed", "This form is not from this session; reload the page and try again")
    public static let staleVersion = Failure(.conflict, "stale_version", "Somebody changed this in the meantime")

    /// 400 for programs.
    public static func malformed(_ message: String) -> Failure {
        Failure(.badRequest, "malformed", message)
    }

    /// 429 with `Retry-After` in whole seconds.
    public static func rateLimited(seconds: Int) -> Failure {
        var failure = Failure(.tooManyRequests, "rate_limited", "Too many requests; try again later")
        failure.headers[.retryAfter] = String(seconds)
        return failure
    }
}
