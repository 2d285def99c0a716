import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// A personal token as its member sees it; what it is made of is known to nobody any more.
struct TokenLine: Record, Sendable {
    enum State: String { case active, expired, revoked }

    let id: UUID
    let name: String
    let scopes: [String]
    let madeAt: Date
    let expiresAt: Date
    let usedAt: Date?
    let address: String?
    let revokedAt: Date?

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        scopes = try row["scopes"]
        madeAt = try row["made_at"]
        expiresAt = try row["expires_at"]
        usedAt = try row["used_at"]
        address = try row["address"]
        revokedAt = try row["revoked_at"]
    }

    func state(at now: Date) -> State { revokedAt != nil ? .revoked : expiresAt <= now ? .expired : .active }

    private static let columns: SQL =
        "select id, name, scopes, made_at, expires_at, used_at, address, revoked_at from app.personal_token"

    /// The newest first; one more than `size`.
    static func page(of member: UUID, _ cursor: Cursor, size: Int, _ tenant: Int32) -> Query<[TokenLine]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and id < \(id)", "desc")
            case .before(let id): ("and id > \(id)", "asc")
            }
        return .many(
            """
            \(columns) where tenant_id = \(tenant) and member_id = \(member) \(seek) order by id \(order) limit \(size + 1)
            """)
    }

    static func count(of member: UUID, _ tenant: Int32) -> Query<Int> {
        .value("select count(*) from app.personal_token where tenant_id = \(tenant) and member_id = \(member)", Int.self)
    }

    static func find(_ id: UUID, _ tenant: Int32) -> Query<TokenLine> {
        .one("\(columns) where tenant_id = \(tenant) and id = \(id)")
    }
}

struct TokenJSON: Codable, Sendable {
    let id: String
    let name: String
    let scopes: [String]
    let state: String
    let createdAt: Date
    let expiresAt: Date
    let lastUsedAt: Date?
    /// Only in the answer that makes it.
    var token: String?

    init(_ line: TokenLine, now: Date, token: String? = nil) {
        id = line.id.text
        name = line.name
        scopes = line.scopes
        state = line.state(at: now).rawValue
        createdAt = line.madeAt
        expiresAt = line.expiresAt
        lastUsedAt = line.usedAt
        self.token = token
    }
}

extension TokensPage {
    init(
        _ page: KeysetPage<TokenLine>, _ total: Int, _ context: MemberContext, _ values: FormValues = FormValues(),
        _ problems: [FieldProblem] = [], made: MadeToken? = nil
    ) {
        let t = IdentityMessages(context.language)
        let errors = ProblemText.errors(problems, context.language) { code in
            switch code {
            case "too_many_tokens": t.tokens.tooMany(count: PersonalTokens.most)
            case "expires_out_of_range": t.tokens.outOfRange
            default: t.tokens.taken
            }
        }
        let list: WebPath = "/account/tokens"
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        let standard = CalendarDate(context.now, in: context.outer.zone).adding(days: 90)?.description ?? ""
        let (summary, typed) = (t.tokens.summary(count: total), values["expires_on"])
        let offered = TokenScope.offered(context)
        self.init(
            crumbs: [Crumb(t.account.title, "/account"), Crumb(t.tokens.title)], summary: summary, action: list, errors: errors,
            made: made,
            name: Field(
                "name", label: t.tokens.name, value: values["name"], hint: t.tokens.nameHint, error: errors.message(for: "name"),
                required: true, maxLength: 80),
            expires: Field(
                "expires_on", label: t.tokens.expires, value: typed.isEmpty ? standard : typed, hint: t.tokens.expiresHint,
                error: errors.message(for: "expires_on"), required: true),
            scopes: Field(
                "scopes", label: t.tokens.scopes, hint: t.tokens.scopesHint, error: errors.message(for: "scopes"), required: true),
            choices: offered.map { Choice($0, TokenScope.name($0, t.tokens), hint: $0) },
            ticked: Set(values.all("scopes")),
            rows: page.lines.map { TokenRow($0, t.tokens, context) },
            pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary))
    }
}

extension TokenRow {
    init(_ line: TokenLine, _ t: IdentityMessages.Tokens, _ context: MemberContext) {
        let state = line.state(at: context.now)
        let badge: Badge =
            switch state {
            case .active: Badge(t.active, tone: .ok, mark: .dot)
            case .expired: Badge(t.expired, tone: .warn, mark: .half)
            case .revoked: Badge(t.revoked, tone: .neutral, mark: .strike)
            }
        self.init(
            name: line.name, scopes: line.scopes.map { TokenScope.name($0, t) }.joined(separator: ", "), state: badge,
            expires: context.format.moment(line.expiresAt),
            used: line.usedAt.map(context.format.moment), address: line.address ?? "",
            revoke: state == .revoked ? nil : "/account/tokens/\(line.id.text)/revocation")
    }
}

/// What permissions are called.
package enum PermissionWords {
    /// "See all faults" for `faults:see_all`.
    package static func title(_ permission: String, _ language: Language) -> String {
        TokenScope.name(permission, IdentityMessages(language).tokens)
    }
}

extension TokenScope {
    /// "See all faults" for `faults:see_all`.
    static func name(_ permission: String, _ t: IdentityMessages.Tokens) -> String {
        t.scope(scope: permission.replacing(":", with: "_"), raw: permission)
    }
}
