import Database
import Forms
import Foundation
import HTML
import HTTPTypes
import Hummingbird
import NIOCore
import UI

/// A form that came when its sender's sign-in was over, as it waits for the sender to come back.
struct KeptForm: Record, Sendable {
    let member: UUID
    /// Where it was sent to, with query.
    let path: String
    /// The page that it stood on; empty when the browser did not say.
    let back: String
    let fields: [[String]]
    let hadFiles: Bool
    /// Its sender had not been signed out, but had to prove first who they are.
    let forProof: Bool

    init(row: Row) throws {
        member = try row["member_id"]
        path = try row["path"]
        back = try row["back"]
        fields = try (row["fields"] as JSONBytes).decode([[String]].self)
        hadFiles = try row["had_files"]
        forProof = try row["for_proof"]
    }

    /// What was typed, for the form's own handler, which will not take it but show it.
    var submission: Submission {
        Submission(returning: fields.compactMap { pair in pair.count == 2 ? (pair[0], pair[1]) : nil })
    }

    static func find(_ token: SessionToken, _ tenant: Int32, now: Date) -> Query<KeptForm?> {
        .first(
            """
            select member_id, path, back, fields, had_files, for_proof from app.kept_form
             where tenant_id = \(tenant) and token_hash = \(token.hash) and kept_at > \(now.addingTimeInterval(-KeptForms.life))
            """)
    }
}

/// Nothing typed is lost when a sign-in ends meanwhile: the form waits in the database, and comes back filled after the same member
/// has signed in again in the same browser.
///
/// Kept is only what is proved to be ours: the browser says that it comes from our own page, its cookie names a session of ours, though
/// one that is over, and the form carries that session's token. Passwords are never kept, nor files; nor is anything sent by itself:
/// the form is shown, and its member sends it.
package enum KeptForms {
    static let life: TimeInterval = 3600
    /// Bytes of names and values.
    private static let most = 256 << 10
    static let address: WebPath = "/again"
    /// Where members prove who they are.
    static let proof: WebPath = "/account/prove"
    private static let keeping = RateLimit("kept-form", 30, per: 3600)

    /// Those that nobody came back for.
    package static func forget(_ tenant: Int32, now: Date) -> Query<Int> {
        .execute("delete from app.kept_form where tenant_id = \(tenant) and kept_at < \(now.addingTimeInterval(-life))")
    }

    /// To the sign-in, with the form put aside; nil when there is nothing to keep or no proof that it is ours.
    static func keep(
        _ request: Hummingbird.Request, _ form: SentForm, _ context: TenantContext, _ rule: BodyRule
    ) async throws -> Response? {
        let (house, tenant, now) = (context.house, context.tenant.id, context.arrival.now)
        guard request.method == .post, context.arrival.face == .page, Intake.word(request) == .own,
            let presented = house.cookies.read(CookieName.session, from: request.headers).flatMap(SessionToken.init(presented:)),
            let path = request.head.path, path.utf8.count <= 8192,
            let lapsed = try await context.walled.read(house.doors.lapsed(presented.hash, tenant, now))
        else { return nil }
        guard let submission = try? await form.read({ try await Intake.body(request, rule, context, .page) }),
            let token = submission.single("csrf_token"),
            house.secret.verify(token, "csrf", String(tenant), lapsed.id.text), let fields = fields(submission),
            (try? await keeping.spend(lapsed.member.text, context.walled, now: now)) != nil
        else { return nil }
        let cookie = try await store(
            fields, submission, of: lapsed.member, path, back(request), forProof: false, context.walled)
        return shelved(cookie, "/login?next=/again", context)
    }

    /// To the page where members prove who they are, with the form put aside; what was not a form, or cannot be kept, is opened again.
    static func putAside(_ request: Hummingbird.Request, _ incoming: Incoming?, _ context: MemberContext) async throws -> Response
    {
        func to(_ next: String) -> WebPath { proof.adding(query: next.isEmpty ? [] : [("next", next)]) }
        guard request.method == .post else { return Answer.seeOther(to(context.arrival.target), nil, context.outer) }
        guard context.outer.returning == nil, let incoming, let path = request.head.path, path.utf8.count <= 8192,
            let fields = fields(incoming.submission)
        else { return Answer.seeOther(to(back(request)), nil, context.outer) }
        let walled = try await context.proved()
        try await keeping.spend(context.memberID.text, walled, now: context.now)
        let cookie = try await store(
            fields, incoming.submission, of: context.memberID, path, back(request), forProof: true, walled)
        return shelved(cookie, to(address.string), context.outer)
    }

    private static func store(
        _ fields: [[String]], _ submission: Submission, of member: UUID, _ path: String, _ back: String, forProof: Bool,
        _ walled: Walled
    ) async throws -> SessionToken {
        let (cookie, json) = (SessionToken(), try JSONBytes(encoding: fields))
        _ = try await walled.write { tx in
            try await tx.execute(
                """
                insert into app.kept_form(tenant_id, id, token_hash, member_id, path, back, fields, had_files, for_proof, kept_at)
                values (\(tx.facts.tenant), \(UUID.v7()), \(cookie.hash), \(member), \(path), \(back), \(json),
                        \(submission.files.contains { $0.size > 0 }), \(forProof), \(tx.facts.now))
                """)
        }
        return cookie
    }

    private static func shelved(_ cookie: SessionToken, _ path: WebPath, _ context: TenantContext) -> Response {
        var response = Answer.seeOther(path, nil, context)
        response.headers.append(
            HTTPField(name: .setCookie, value: context.house.cookies.header(CookieName.kept, cookie.text, maxAge: Int(life))))
        return response
    }

    /// What a form carries that must not lie anywhere, not even until its sender is back: a secret ballot.
    package static let unkept = "unkept"

    /// Nil for forms with a password, for those that say so, for too much, and for nothing.
    private static func fields(_ submission: Submission) -> [[String]]? {
        let fields = submission.fields.filter { $0.name != "csrf_token" && $0.name != "form_key" }.map { [$0.name, $0.value] }
        guard !fields.isEmpty, !fields.contains(where: { $0.first?.contains("password") == true || $0.first == unkept }),
            fields.joined().reduce(0, { $0 + $1.utf8.count }) <= most
        else { return nil }
        return fields
    }

    /// The page before, when it is one of ours.
    private static func back(_ request: Hummingbird.Request) -> String {
        guard let referer = request.headers[HTTPField.Name.referer], let host = request.head.authority else { return "" }
        for scheme in ["https://", "http://"] where referer.hasPrefix(scheme + host + "/") {
            return WebPath(String(referer.dropFirst(scheme.count + host.count)))?.string ?? ""
        }
        return ""
    }

    /// `GET /again` as the request that the kept form was, without a body; any other request as it is.
    static func open(
        _ request: Hummingbird.Request, _ context: inout BaseContext, _ arrival: Arrival
    ) async throws -> Hummingbird.Request {
        let house = arrival.house
        guard request.uri.path == address.string, request.method == .get, let tenant = arrival.tenant,
            let token = house.cookies.read(CookieName.kept, from: request.headers).flatMap(SessionToken.init(presented:))
        else { return request }
        let facts = TxFacts(
            tenant: tenant.id, actor: nil, requestID: arrival.requestID, address: arrival.address, now: arrival.now,
            meter: arrival.meter)
        guard let kept = try await house.database.tenant(facts).read(KeptForm.find(token, tenant.id, now: arrival.now)) else {
            return request
        }
        context.returning = kept
        var head = request.head
        head.method = .post
        head.path = kept.path
        return Hummingbird.Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    }

    /// The form again, through its own handler, which gets what was typed, but no draft of it and no way to write.
    static func show(
        _ kept: KeptForm, _ request: Hummingbird.Request, _ outer: TenantContext, _ audience: Audience,
        _ handler: Routes.MemberHandler
    ) async throws -> Response {
        var outer = outer
        outer.welcomeBack(kept)
        let context = try MemberContext(context: outer)
        _ = try await context.proved()
        guard kept.member == context.memberID else { return Answer.seeOther("/dashboard", nil, outer) }
        if let due = context.house.doors.due(context) { return Answer.seeOther(due, nil, outer) }
        if case .holders(let permission) = audience { try context.require(permission) }
        do {
            let reply = try await handler(try Intake.again(kept, request, outer), context)
            return try Answer.response(to: reply, request, outer) { context.view() }
        } catch is FormErrors {
            return outer.sendBack(kept)
        } catch let failure as Failure where failure.code == Failure.onlyShown.code {
            return outer.sendBack(kept)
        } catch let failure as Failure where failure.code == Failure.proofRequired.code {
            return Answer.seeOther(proof.adding(query: [("next", address.string)]), nil, outer)
        }
    }

    /// Once something was sent from this browser again, what waited is not needed any more.
    static func drop(_ request: Hummingbird.Request, _ context: TenantContext, _ response: inout Response) async {
        let house = context.house
        guard request.method == .post, context.returning == nil, request.uri.path != proof.string,
            let token = house.cookies.read(CookieName.kept, from: request.headers).flatMap(SessionToken.init(presented:))
        else { return }
        // What cannot be removed now goes within the hour.
        _ = try? await context.walled.write { tx in
            try await tx.execute(
                "delete from app.kept_form where tenant_id = \(context.tenant.id) and token_hash = \(token.hash)")
        }
        response.headers.append(HTTPField(name: .setCookie, value: house.cookies.expired(CookieName.kept)))
    }
}

extension TenantContext {
    /// What the form's page says above it.
    mutating func welcomeBack(_ kept: KeptForm) {
        let t = WebMessages(language).kept
        flash = Flash(kept.hadFiles ? t.backWithFiles : kept.forProof ? t.backAfterProof : t.back, tone: .warn)
    }

    /// A form that cannot be shown filled: its page, or the first one, with the same news.
    func sendBack(_ kept: KeptForm) -> Response {
        let t = WebMessages(language).kept
        let words = kept.forProof ? t.lostAfterProof : t.lost
        return Answer.seeOther(WebPath(kept.back) ?? "/dashboard", Flash(words, tone: .warn), self)
    }
}

/// A session that is over, as far as it is still known.
public struct LapsedSession: Sendable {
    let id: UUID
    let member: UUID

    public init(id: UUID, member: UUID) {
        self.id = id
        self.member = member
    }
}

extension Failure {
    /// A form that came back is looked at, not carried out.
    static let onlyShown = Failure(.conflict, "only_shown", "This form is shown again; send it to carry it out")
}
