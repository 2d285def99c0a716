import Audit
import Database
import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// `/s/{token}`: how a visitor's report goes on. The address is the secret: whoever holds it is the reporter. One of another company,
/// or of nobody, is the same 404.
struct VisitorStatusRoutes: Sendable {
    let photos: PhotoStudio
    /// Words on one report.
    static let commenting = RateLimit("visitor-comment", 10, per: 3600)
    /// Acts on one report, refused ones too.
    static let acting = RateLimit("visitor-act", 10, per: 3600)
    static let acts: [FaultAct] = [.cancel, .confirm, .reopen]

    func add(to routes: Routes) {
        // Open: the private link proves the right.
        for (prefix, faces) in [("s/{token}", Faces.page), ("public/status/{token}", .api)] {
            routes.openGet(prefix, on: faces, origin: .orPass, use: show)
                .tells("How a visitor's report goes on. The link is the secret.").gives(VisitorStatusJSON.self)
            routes.openPost("\(prefix)/comments", on: faces, body: .uploads, origin: .orPass, use: comment)
                .tells("Says something about it, with photos.").takes { _ = Self.comment(&$0) }
                .gives(VisitorStatusJSON.self).fails(403, 429)
            for act in Self.acts {
                routes.openPost("\(prefix)/\(act.rawValue)", on: faces, origin: .orPass) { try await perform(act, $0, $1) }
                    .tells(act.summary).takes { _ = FaultActDraft(act, &$0, MoneyRule($1)) }.gives(VisitorStatusJSON.self).fails(
                        429)
            }
            routes.openPost("\(prefix)/contact-deletion", on: faces, origin: .orPass, use: forget)
                .tells("Has name, mail address and phone number deleted.").gives(VisitorStatusJSON.self)
            routes.openGet("\(prefix)/photos/{photo}", on: faces) { try await file($0, $1, thumbnail: false) }
                .tells("A photo of it.").gives(file: "image/jpeg")
            routes.openGet("\(prefix)/photos/{photo}/thumbnail", on: faces) { try await file($0, $1, thumbnail: true) }
                .tells("The same, small.").gives(file: "image/jpeg")
        }
        routes.openGet("unsubscribe/reports/{token}", on: .page, use: stopPage)
        // Mail programs post here by themselves (RFC 8058).
        routes.openPost("unsubscribe/reports/{token}", on: .page, body: .oneClick, use: stop)
    }

    /// - Throws: 404 unless there is such a link.
    private func desk(_ incoming: Incoming, _ context: TenantContext) async throws -> VisitorStatusDesk {
        let token = try incoming.parameter("token")
        guard VisitorTokens.isLink(token) else { throw Failure.notFound }
        let visitor = try await context.walled.read(
            Query.one(
                """
                select id, email, stopped_at is not null as is_stopped, forgotten_at is not null as is_forgotten,
                       name is not null or email is not null or phone is not null as is_known
                  from app.fault_visitor
                 where tenant_id = \(context.tenant.id) and token_hash = \(VisitorTokens.hash(token))
                """, VisitorLink.self))
        return VisitorStatusDesk(context, token, visitor)
    }

    @Sendable private func show(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let desk = try await desk(incoming, context)
        let record = try await desk.record()
        return .secret(.show(desk.page(record), json: desk.json(record)))
    }

    private func perform(_ act: FaultAct, _ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let desk = try await desk(incoming, context)
        do {
            let draft = try incoming.submission.read { FaultActDraft(act, &$0, desk.money) }
            try await Self.acting.spend(desk.visitor.fault.text, context.walled, now: context.arrival.now)
            try await desk.write { faults in _ = try await faults.act(act, on: desk.key, draft) }
            let record = try await desk.record()
            let news = desk.t.visit.acted(act: act.rawValue)
            return .secret(try .done(desk.json(record), at: desk.path, flash: Flash(news)))
        } catch let errors as FormErrors {
            return try await refused(VisitorRefused(act: act, errors: errors), desk)
        } catch let failure as Failure where failure.code == "invalid_transition" && context.arrival.face == .page {
            let errors = FormErrors([FieldProblem("", .own("not_now"))], values: incoming.values)
            return try await refused(VisitorRefused(act: act, errors: errors), desk, failure)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            let errors = FormErrors([FieldProblem("", .own("rate_limited"))], values: incoming.values)
            return try await refused(VisitorRefused(act: act, errors: errors), desk, failure)
        }
    }

    /// Whoever holds the link may have the company forget who they are.
    @Sendable private func forget(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let desk = try await desk(incoming, context)
        try await context.visit.write { tx in try await VisitorContacts(tx: tx).forget(desk.visitor.fault) }
        let after = try await self.desk(incoming, context)
        let record = try await after.record()
        return .secret(try .done(after.json(record), at: after.path, flash: Flash(after.t.visit.forgottenDone)))
    }

    private static func comment(_ form: inout FormReader) -> (CommentDraft, [Upload]) {
        (CommentDraft(visitor: &form), form.files("photos", max: 10, maxBytes: 10 << 20))
    }

    /// Words, and photos with them.
    @Sendable private func comment(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let desk = try await desk(incoming, context)
        do {
            let (draft, uploads) = try incoming.submission.read { Self.comment(&$0) }
            try await Self.commenting.spend(desk.visitor.fault.text, context.walled, now: context.arrival.now)
            let stored = try await photos.develop(uploads, tenant: context.tenant.id)
            do {
                try await desk.write { faults in
                    _ = try await faults.comment(on: desk.key, draft)
                    try faults.add(stored, to: desk.visitor.fault, stage: "report")
                }
            } catch {
                await photos.discard(stored, after: error)
                throw error
            }
            let record = try await desk.record()
            return .secret(try .done(desk.json(record), at: desk.path, flash: Flash(desk.t.comment.done)))
        } catch let errors as FormErrors {
            return try await refused(VisitorRefused(act: nil, errors: errors), desk)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            let errors = FormErrors([FieldProblem("", .own("rate_limited"))], values: incoming.values)
            return try await refused(VisitorRefused(act: nil, errors: errors), desk, failure)
        } catch let error as PhotoRefused {
            let errors = FormErrors([error.problem], values: incoming.values)
            return try await refused(VisitorRefused(act: nil, errors: errors), desk, error.failure)
        }
    }

    private func refused(_ refused: VisitorRefused, _ desk: VisitorStatusDesk, _ failure: Failure? = nil) async throws -> Reply {
        let record = try await desk.record()
        let page = desk.page(record, refused)
        if let failure { return .secret(.failed(page: { page }, failure)) }
        return .secret(.refused(page: { page }, refused.errors.problems))
    }

    private func file(_ incoming: Incoming, _ context: TenantContext, thumbnail: Bool) async throws -> Reply {
        let desk = try await desk(incoming, context)
        let id = try incoming.id("photo")
        let (photo, waiting) = try await context.walled.read(
            FaultPhoto.find(id, desk.viewer, today: desk.today),
            FaultPhoto.waiting(id, context.tenant.id, thumbnail: thumbnail))
        let bytes = try await photos.read(photo, thumbnail: thumbnail, waiting: waiting)
        return .secret(.file(FileReply(.bytes(bytes), type: "image/jpeg")))
    }

    // MARK: Letters

    @Sendable private func stopPage(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let desk = try await desk(incoming, context)
        return .secret(.page(desk.stop(done: desk.visitor.isStopped)))
    }

    @Sendable private func stop(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let desk = try await desk(incoming, context)
        try await context.visit.write { tx in
            try await tx.execute(
                """
                update app.fault_visitor set stopped_at = coalesce(stopped_at, \(tx.facts.now))
                 where tenant_id = \(tx.facts.tenant) and id = \(desk.visitor.fault)
                """)
            try tx.audit("fault.letters_stopped", "fault", desk.visitor.fault)
        }
        return .secret(.page(desk.stop(done: true)))
    }
}

/// What a private link leads to.
struct VisitorLink: Record, Sendable {
    let fault: UUID
    let email: String?
    let isStopped: Bool
    /// Left a name, a mail address or a phone number.
    let isKnown: Bool
    let isForgotten: Bool

    init(row: Row) throws {
        fault = try row["id"]
        email = try row["email"]
        isStopped = try row["is_stopped"]
        isKnown = try row["is_known"]
        isForgotten = try row["is_forgotten"]
    }
}

/// A form of the status page that was refused; `act` is nil for the one with words.
struct VisitorRefused: Sendable {
    let act: FaultAct?
    let errors: FormErrors
}
