import Database
import Forms
import Foundation
import HTML
import Jobs
import Operations
import Tenancy
import UI
import Web

/// `/r/{code}`: reporting a fault without an account, through the code on a sheet.
package struct VisitorRoutes: Sendable {
    let photos: PhotoStudio
    let door: VisitorDoor
    let tokens: VisitorTokens
    /// Reports from one network, through one code, and of one mail address, which gets a letter for each.
    static let perAddress = RateLimit("visitor-address", 10, per: 3600)
    static let perCode = RateLimit("visitor-code", 40, per: 3600)
    static let perMail = RateLimit("visitor-mail", 5, per: 86_400)

    package init(photos: PhotoStudio, door: VisitorDoor, tokens: VisitorTokens) {
        self.photos = photos
        self.door = door
        self.tokens = tokens
    }

    package func add(to routes: Routes) {
        routes.chapter("Visitors")
        // Open: the code on the sheet stands for an account, and is worth one report at a time.
        routes.openGet("r/{code}", on: .page, origin: .orPass, use: compose)
        routes.openPost("r/{code}", on: .page, body: .uploads, origin: .orPass, use: report)
        routes.openGet("public/reports/{code}", on: .api, use: compose)
            .tells("What somebody at that place needs to report a fault without an account.").gives(VisitorFormJSON.self)
        routes.openPost("public/reports/{code}", on: .api, body: .uploads, use: report)
            .tells("Reports a fault without an account. The answer has the link to follow it by.")
            .takes { _ = VisitorDraft(&$0, $1[FaultSettings.section]) }.creates(VisitorReportJSON.self).fails(429)
        VisitorStatusRoutes(photos: photos).add(to: routes)
    }

    @Sendable private func compose(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let desk = try await desk(incoming, context)
        let known = try await desk.known()
        return .unlisted(.show(desk.form(FormValues(), [], known), json: desk.json(known)))
    }

    /// - Throws: 404 for a code that is not, or no longer, in force, and where the company has switched this off.
    private func desk(_ incoming: Incoming, _ context: TenantContext) async throws -> VisitorDesk {
        let settings = context.tenant[FaultSettings.section]
        guard settings.visitorReports, let code = VisitorTokens.typed(try incoming.parameter("code")) else {
            throw Failure.notFound
        }
        let found = try await context.walled.read(ReportCode.find(hash: VisitorTokens.hash(code), context.tenant.id))
        return VisitorDesk(context, found, code, settings)
    }

    @Sendable private func report(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        let desk = try await desk(incoming, context)
        do {
            let draft = try incoming.submission.read { VisitorDraft(&$0, desk.settings) }
            if context.arrival.face == .page, let problem = Humanity.problem(incoming, desk.code, context) {
                throw FormErrors([problem], values: incoming.values)
            }
            let request = VisitorRequest(incoming, desk.code)
            if let earlier = try await request?.earlier(context) { return try done(earlier, desk) }
            try await spend(draft, desk)
            return try done(try await write(draft, desk, request), desk)
        } catch let errors as FormErrors {
            return try await refused(errors, incoming, desk)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            let problem = FieldProblem("", .own("rate_limited"))
            return try await refused(FormErrors([problem], values: incoming.values), incoming, desk, failure)
        } catch let error as PhotoRefused {
            return try await refused(FormErrors([error.problem], values: incoming.values), incoming, desk, error.failure)
        }
    }

    private func spend(_ draft: VisitorDraft, _ desk: VisitorDesk) async throws {
        let (walled, now) = (desk.context.walled, desk.context.arrival.now)
        try await Self.perAddress.spend(Self.network(desk.context.arrival.address), walled, now: now)
        try await Self.perCode.spend(desk.code.id.text, walled, now: now)
        if let email = draft.email { try await Self.perMail.spend(email, walled, now: now) }
    }

    /// An IPv6 customer has 2⁶⁴ addresses: their network counts as one.
    static func network(_ address: String?) -> String {
        guard let address else { return "unknown" }
        guard address.contains(":"), !address.contains(".") else { return address }
        var bytes = in6_addr()
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        return withUnsafeBytes(of: bytes) { $0.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") }
    }

    private func write(_ draft: VisitorDraft, _ desk: VisitorDesk, _ request: VisitorRequest?) async throws -> VisitorReport {
        let context = desk.context
        let stored = try await photos.develop(draft.photos, tenant: context.tenant.id)
        let held = held(context)
        var taken: [StoredPhoto] = []
        let report: VisitorReport
        do {
            if let held, !draft.held.isEmpty {
                taken = try await context.walled.write { tx in try await held.take(draft.held, tx) }
            }
            let photos = taken + stored
            report = try await door.write(context) { tx in
                try await VisitorReports(
                    tx: tx, settings: desk.settings, zone: context.tenant.timeZone, tokens: tokens,
                    language: context.language.rawValue
                ).report(draft, desk.code, photos: photos, request)
            }
        } catch {
            await photos.discard(stored, after: error)
            await held?.giveBack(taken, context.walled, after: error)
            // The same form, sent twice at once: the other one won.
            if (error as? DatabaseError)?.sqlState == "23505", let earlier = try await request?.earlier(context) {
                return earlier
            }
            throw error
        }
        if stored.contains(where: { !$0.full.isStored || !$0.thumb.isStored }) {
            try await context.walled.write { tx in _ = try tx.enqueue(FlushSpool()) }
        }
        return report
    }

    /// Programs get their link as an address of their own.
    private func done(_ report: VisitorReport, _ desk: VisitorDesk) throws -> Reply {
        let token = tokens.link(report.fault, desk.context.tenant.id)
        let path: WebPath = desk.context.arrival.face == .api ? "/public/status/\(token)" : "/s/\(token)"
        return .secret(
            try .created(
                VisitorReportJSON(number: report.number, statusToken: token, statusUrl: "/api/v1/public/status/\(token)"),
                at: path,
                flash: Flash(desk.t.visit.done(number: report.number))))
    }

    /// Photos of a visitor's browser; nil for programs, which keep their files themselves.
    private func held(_ context: TenantContext) -> HeldPhotos? {
        context.visitHash.map { HeldPhotos(photos: photos, holder: $0) }
    }

    private func refused(_ errors: FormErrors, _ incoming: Incoming, _ desk: VisitorDesk, _ failure: Failure? = nil)
        async throws -> Reply
    {
        let context = desk.context
        let known = try await desk.known()
        // Whoever falls into the trap has nothing kept.
        let waits = incoming.values[Humanity.trap].isEmpty ? held(context) : nil
        let kept = try await waits?.hold(incoming.submission, for: Self.network(context.arrival.address), context.walled)
        let page = desk.form(errors.values, errors.problems, known, held: kept ?? [])
        if let failure { return .unlisted(.failed(page: { page }, failure)) }
        return .unlisted(.refused(page: { page }, errors.problems))
    }
}
