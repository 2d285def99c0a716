import Forms
import Foundation
import HTML
import Passwords
import UI
import Web

/// `/account/security/passkeys`: a member's own passkeys.
struct PasskeyRoutes: Sendable {
    let passwords: PasswordHasher

    func add(to routes: Routes) {
        // Open also to those whose role demands a factor that they have not set up yet: a passkey is one.
        routes.memberGet("account/security/passkeys", on: .page, always: true, use: form)
        routes.memberPost("account/security/passkeys", on: .page, always: true, use: make)
        routes.memberGet("account/security/passkeys/{id}", on: .page, use: show)
        routes.memberPost("account/security/passkeys/{id}", on: .page, use: rename)
        routes.memberPost("account/security/passkeys/{id}/removal", on: .page, use: remove)
        routes.memberGet("me/passkeys", on: .api, use: list)
            .tells("Lists your passkeys.").lists(PasskeyJSON.self)
        routes.memberPost("me/passkeys/options", on: .api, always: true, use: options)
            .tells("What `navigator.credentials.create` needs for a new passkey. Needs a fresh proof (`/auth/prove`).")
            .gives(PasskeyOptionsJSON<PasskeyCreationOptions>.self)
        routes.memberPost("me/passkeys", on: .api, always: true, use: make)
            .tells("Keeps a new passkey; with the first factor the answer holds the recovery codes, once.")
            .takes { _ = NewPasskeyForm(&$0) }.creates(PasskeyJSON.self, once: false)
        routes.memberPatch("me/passkeys/{id}", use: rename)
            .tells("Renames a passkey.").takes { _ = $0.passkeyName() }.gives(PasskeyJSON.self)
        routes.memberDelete("me/passkeys/{id}", use: remove)
            .tells("Removes a passkey. Needs a fresh proof.").givesNothing()
    }

    private func passkeys(_ context: MemberContext) -> Passkeys { Passkeys(passwords: passwords, context: context) }

    private func known(_ context: MemberContext) async throws -> [PasskeyDescriptor] {
        try await context.read(PasskeyDescriptor.all(of: context.memberID, at: context.outer.host, context.tenant.id))
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (cursor, size) = (try incoming.cursor(), try incoming.limit())
        let (lines, total) = try await context.read(
            PasskeyLine.page(of: context.memberID, cursor, size: size, context.tenant.id),
            PasskeyLine.count(of: context.memberID, context.tenant.id))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return try .done(
            ListJSON(items: page.lines.map { PasskeyJSON($0) }, nextCursor: page.next?.text, total: total),
            at: "/account/security")
    }

    // MARK: Making one

    @Sendable func form(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.requireFresh()
        let page = try NewPasskeyPage(try await known(context), context, agent: incoming.headers[.userAgent])
        return .secret(.page(page))
    }

    @Sendable func options(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.requireFresh()
        let options = PasskeyCreationOptions(without: try await known(context), context)
        return try .done(PasskeyOptionsJSON(publicKey: options), at: "/account/security")
    }

    @Sendable func make(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.requireFresh()
        do {
            let made = try await passkeys(context).add(try incoming.submission.read { NewPasskeyForm(&$0) })
            let reply = try await answer(made, context)
            return made.token.map { .withCookies(reply, context.house.cookies.signedIn($0)) } ?? reply
        } catch let errors as FormErrors {
            let page = try NewPasskeyPage(
                try await known(context), context, agent: incoming.headers[.userAgent], incoming.values, errors.problems)
            return .secret(.refused(page: { page }, errors.problems))
        }
    }

    /// With the first factor the answer itself and no redirect: no page could show the recovery codes again.
    private func answer(_ made: Passkeys.Made, _ context: MemberContext) async throws -> Reply {
        if context.face == .api {
            let line = try await line(made.id, context)
            return .secret(try .created(PasskeyJSON(line, recoveryCodes: made.codes), at: "/me/passkeys"))
        }
        if let codes = made.codes { return .secret(.page(RecoveryCodesPage(codes, isNew: true, context))) }
        return .gone(at: "/account/security", flash: Flash(IdentityMessages(context.language).passkeys.added))
    }

    // MARK: One of them

    private func line(_ id: UUID, _ context: MemberContext) async throws -> PasskeyLine {
        let line = try await context.read(PasskeyLine.find(id, of: context.memberID, context.tenant.id))
        guard let line else { throw Failure.notFound }
        return line
    }

    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let page = try await page(try incoming.id(), context)
        return .page(page)
    }

    private func page(
        _ id: UUID, _ context: MemberContext, _ values: FormValues? = nil, _ problems: [FieldProblem] = []
    ) async throws -> PasskeyPage {
        let (member, tenant) = (context.memberID, context.tenant.id)
        let (line, state) = try await context.read(
            PasskeyLine.find(id, of: member, tenant), FactorState.find(member, tenant))
        guard let line else { throw Failure.notFound }
        let isLast = state.passkeys == 1 && state.authenticatorSince == nil
        return PasskeyPage(line, isLast: isLast, context, values, problems)
    }

    @Sendable func rename(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        do {
            try await passkeys(context).rename(id, to: try incoming.submission.read { $0.passkeyName() })
            let line = try await line(id, context)
            return try .done(
                PasskeyJSON(line), at: "/account/security", flash: Flash(IdentityMessages(context.language).passkeys.renamed))
        } catch let errors as FormErrors {
            let page = try await page(id, context, incoming.values, errors.problems)
            return .refused(page: { page }, errors.problems)
        }
    }

    @Sendable func remove(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        try context.requireFresh()
        let token = try await passkeys(context).remove(id)
        let reply = Reply.gone(
            at: "/account/security", flash: Flash(IdentityMessages(context.language).passkeys.removed))
        return token.map { .withCookies(reply, context.house.cookies.signedIn($0)) } ?? reply
    }
}
