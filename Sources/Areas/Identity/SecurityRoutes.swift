import Forms
import Foundation
import HTML
import Passwords
import UI
import Web

/// `/account/security`: what a member has besides the password.
struct SecurityRoutes: Sendable {
    let passwords: PasswordHasher
    let providers: ProviderSignIn

    func add(to routes: Routes) {
        routes.chapter("Second factor")
        // All of it is open to those whose role demands a factor that they have not set up yet.
        routes.memberGet("account/security", on: .page, always: true, use: state)
        routes.memberGet("auth/mfa", on: .api, always: true, use: state)
            .tells("Whether you have a second factor, and how many recovery codes are left.").gives(FactorJSON.self)
        routes.memberGet("account/security/authenticator", on: .page, always: true, use: offer)
        routes.memberPost("auth/mfa/enrol", on: .api, always: true, use: offer)
            .tells("Offers a secret for an authenticator app. Needs a fresh proof (`/auth/prove`).")
            .gives(AuthenticatorOffer.self)
        routes.memberPost("account/security/authenticator", on: .page, always: true, use: confirm)
        routes.memberPost("auth/mfa/confirm", on: .api, always: true, use: confirm)
            .tells("Takes the offered secret into use, with its first code.")
            .notes("The recovery codes are in this answer and never again.")
            .takes { _ = Self.code(&$0) }.gives(RecoveryCodesJSON.self).fails(401, 429)
        routes.memberPost("account/security/recovery-codes", on: .page, use: renewCodes)
        routes.memberPost("auth/mfa/recovery-codes", on: .api, use: renewCodes)
            .tells("Makes new recovery codes; the old ones end.").gives(RecoveryCodesJSON.self)
        routes.memberGet("account/security/removal", on: .page, use: removalPage)
        routes.memberPost("account/security/removal", on: .page, use: remove)
        routes.memberPost("auth/mfa/disable", on: .api, use: remove)
            .tells("Gives the second factor up.").takes { _ = RemovalForm(&$0) }.gives(.status("removed")).fails(401, 429)
    }

    private static func code(_ form: inout FormReader) -> String { form.text("code", .required, .max(40)) }

    private func factor(_ context: MemberContext) -> SecondFactor { SecondFactor(passwords: passwords, context: context) }

    @Sendable func state(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (member, tenant) = (context.memberID, context.tenant.id)
        let (state, passkeys, lines) = try await context.read(
            FactorState.find(member, tenant), PasskeyLine.page(of: member, .first, size: Passkeys.most, tenant),
            IdentityLine.all(of: member, tenant))
        let card = IdentitiesCard(lines, providers.usable(context.tenant), context)
        return .show(SecurityPage(state, passkeys, card, context), json: FactorJSON(state, context))
    }

    // MARK: Setting up

    @Sendable func offer(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.requireFresh()
        let offer = AuthenticatorOffer(try await Authenticator.offer(context), context)
        return .secret(.show(AuthenticatorPage(offer, context, []), json: offer))
    }

    @Sendable func confirm(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.requireFresh()
        do {
            let code = try incoming.submission.read { Self.code(&$0) }
            return shownOnce(try await factor(context).confirm(code.filter { !$0.isWhitespace }), isNew: true, context)
        } catch let errors as FormErrors {
            let offer = AuthenticatorOffer(try await Authenticator.offer(context), context)
            return .secret(.refused(page: { AuthenticatorPage(offer, context, errors.problems) }, errors.problems))
        } catch let failure as Failure where failure.code == Failure.nothingOffered.code && context.face == .page {
            return .redirect(FirstSteps.enrolment)
        }
    }

    @Sendable func renewCodes(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.requireFresh()
        return shownOnce(try await factor(context).renewCodes(), isNew: false, context)
    }

    /// The answer itself and no redirect: what is stored are hashes, so no page could show the codes again.
    private func shownOnce(_ enrolled: SecondFactor.Enrolled, isNew: Bool, _ context: MemberContext) -> Reply {
        let reply = Reply.secret(
            .show(
                RecoveryCodesPage(enrolled.codes, isNew: isNew, context),
                json: RecoveryCodesJSON(recoveryCodes: enrolled.codes)))
        return enrolled.token.map { .withCookies(reply, context.house.cookies.signedIn($0)) } ?? reply
    }

    // MARK: Giving up

    @Sendable func removalPage(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        guard try await hasAuthenticator(context) else { return .redirect("/account/security") }
        return .page(ProofPage(removalIn: context, []))
    }

    private func hasAuthenticator(_ context: MemberContext) async throws -> Bool {
        try await context.read(FactorState.find(context.memberID, context.tenant.id)).authenticatorSince != nil
    }

    /// Asks for both, however fresh the sign-in is.
    @Sendable func remove(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        guard try await hasAuthenticator(context) else { throw Failure.noFactor }
        do {
            let draft = try incoming.submission.read { RemovalForm(&$0) }
            let proof = Proof(passwords: passwords, context: context)
            try await proof.password(draft.password)
            try await proof.code(draft.code)
            let token = try await factor(context).remove()
            let reply = try Reply.done(
                ["status": "removed"], at: "/account/security",
                flash: Flash(IdentityMessages(context.language).security.removed))
            return token.map { .withCookies(reply, context.house.cookies.signedIn($0)) } ?? reply
        } catch let errors as FormErrors {
            return .refused(page: { ProofPage(removalIn: context, errors.problems) }, errors.problems)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            let page = ProofPage(removalIn: context, [FieldProblem("password", .own(failure.code))])
            return .failed(page: { page }, failure)
        }
    }
}
