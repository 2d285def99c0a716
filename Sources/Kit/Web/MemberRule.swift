import Hummingbird

/// Under what rule a member's route answers.
struct MemberRule: Sendable {
    let audience: Audience
    let body: BodyRule
    /// Whether it changes nothing.
    let reads: Bool
    /// Also for those who have to go elsewhere first (`Doors.due`).
    let always: Bool
    /// Also for somebody who only looks at the member's pages (`Preview`).
    let seen: Bool
    /// Also for people of the platform who have entered (`SupportMode`).
    let support: Bool
    /// Whether it does nothing before its first read or write, so that the proof of the session may travel with that.
    let recalls: Bool

    /// A session's rights may be remembered from a moment ago for what only reads, or asks before it does anything; where they turn out
    /// to have changed, once more.
    func serve(_ request: Hummingbird.Request, _ base: BaseContext, _ face: Face, _ handler: Routes.MemberHandler) async throws
        -> Response
    {
        let form = SentForm()
        do {
            return try await serve(request, form, base, face, mayRecall: reads || recalls, handler)
        } catch is SessionChanged {
            return try await serve(request, form, base, face, mayRecall: false, handler)
        }
    }

    private func serve(
        _ request: Hummingbird.Request, _ form: SentForm, _ base: BaseContext, _ face: Face, mayRecall: Bool,
        _ handler: Routes.MemberHandler
    ) async throws -> Response {
        var outer = try TenantContext(context: base)
        try await Gate.identify(
            &outer, request.headers, face, mayRecall: mayRecall, renews: request.headers[Headers.live] == nil)
        if outer.session == nil, outer.returning == nil, let kept = try await KeptForms.keep(request, form, outer, body) {
            return kept
        }
        if let kept = outer.returning {
            return try await KeptForms.show(kept, request, outer, audience) { incoming, context in
                try requireSupport(of: context)
                return try await handler(incoming, context)
            }
        }
        let context = try MemberContext(context: outer)
        if !always, context.session.preview == nil, let due = context.house.doors.due(context) {
            return try await context.sendAhead(to: due)
        }
        let reply: Reply
        var incoming: Incoming?
        do {
            try context.requireOpen(seen)
            if case .holders(let permission) = audience { try context.require(permission) }
            let read = try await Intake.read(request, body, context.outer, face, form: form)
            incoming = read
            try requireSupport(of: context)
            reply = try await handler(read, context)
        } catch let failure as Failure where failure.code == Failure.proofRequired.code && face == .page {
            _ = try await context.proved()
            return try await KeptForms.putAside(request, incoming, context)
        } catch {
            // Even a refusal is only for those who are signed in.
            _ = try await context.proved()
            if let response = context.shown(error, request) { return response }
            throw error
        }
        _ = try await context.proved()
        var response = try Answer.response(to: reply, request, context.outer) { context.view() }
        await KeptForms.drop(request, outer, &response)
        return response
    }

    /// What somebody of the platform may do who has entered: look at what their mode's permissions open, and change it only where the
    /// entry was asked for with that.
    private func requireSupport(of context: MemberContext) throws {
        guard let mode = context.session.support, !support else { return }
        if case .member = audience { throw Failure.forbidden }
        guard reads || mode == .change else { throw Failure.supportLooks }
    }
}
