import HTTPTypes

/// Who may use a route.
public enum Audience: Sendable, Hashable {
    /// Everybody who knows the company's host: sign-in, public pages.
    case anyone
    /// Every signed-in member.
    case member
    /// Members whose role grants the permission.
    case holders(of: Permission)
}

/// Where a route answers: as page, under `/api/v1`, or both.
public struct Faces: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let page = Faces(rawValue: 1)
    public static let api = Faces(rawValue: 2)
    public static let both: Faces = [.page, .api]
}

/// One line of the route table: what `portico routes` prints and what the role × route test walks over.
public struct Route: Sendable {
    public let method: HTTPRequest.Method
    /// With the `/api/v1` prefix where it has one; parameters as `{name}`.
    public let path: String
    public let face: Face
    public let audience: Audience
    /// Whether personal tokens open it, within their scopes.
    public let takesTokens: Bool
    public let body: BodyRule
    /// Under which heading the manual has it.
    public let chapter: String
    /// Nil for pages, and for what nobody has described yet: a test names those.
    public internal(set) var description: RouteDescription?
}
