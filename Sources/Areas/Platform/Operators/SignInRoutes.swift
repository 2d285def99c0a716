import Database
import Forms
import Foundation
import HTML
import Identity
import Passwords
import UI
import Web

/// How operators come in and leave. Nobody registers: `portico operator add` makes an account and prints its link.
struct SignInRoutes: Sendable {
    let signIn: OperatorSignIn

    private static let home: WebPath = "/companies"

    func add(to routes: PlatformRoutes) {
        // Open: this is where operators prove who they are.
        routes.openGet("sign-in", use: page)
        routes.openPost("sign-in", use: open)
        // Open: the link is the proof.
        routes.openGet("set-up/{token}", use: setUpPage)
        routes.openPost("set-up/{token}", use: setUp)
        routes.get("") { _, _ in .redirect(Self.home) }
        routes.post("sign-out", use: close)
    }

    @Sendable private func page(_ incoming: Incoming, _ context: PlatformContext) async throws -> Reply {
        .page(OperatorSignInPage(context.language, email: "", []))
    }

    @Sendable private func open(_ incoming: Incoming, _ context: PlatformContext) async throws -> Reply {
        let email = incoming.submission.single("email") ?? ""
        do {
            let draft = try incoming.submission.read { OperatorSignInForm(&$0) }
            let token = try await signIn.open(
                draft, replacing: context.token(incoming.headers), agent: incoming.headers[.userAgent], context)
            return .withCookies(.redirect(Self.home), context.signedIn(token))
        } catch let errors as FormErrors {
            return .refused(page: { OperatorSignInPage(context.language, email: email, errors.problems) }, errors.problems)
        } catch let failure as Failure where failure.status == .unauthorized || failure.status == .tooManyRequests {
            let problems = [FieldProblem("email", .own(failure.code))]
            return .failed(page: { OperatorSignInPage(context.language, email: email, problems) }, failure)
        }
    }

    @Sendable private func close(_ incoming: Incoming, _ context: OperatorContext) async throws -> Reply {
        try await context.write { tx in
            try await OperatorSessions.close(context.session.id, tx)
            try LogLine("operator.signed_out", by: context.session.operatorID).write(tx, now: context.now, context.arrival)
        }
        return .withCookies(.gone(at: "/sign-in", flash: nil), context.outer.signedOut)
    }

    // MARK: The link of a new operator

    @Sendable private func setUpPage(_ incoming: Incoming, _ context: PlatformContext) async throws -> Reply {
        let (link, person) = try await holder(incoming, context)
        let secret = try person.secret(context.house.sealer)
        return .secret(.page(OperatorSetUpPage(person, link, secret, context.language, [])))
    }

    @Sendable private func setUp(_ incoming: Incoming, _ context: PlatformContext) async throws -> Reply {
        let (link, person) = try await holder(incoming, context)
        let secret = try person.secret(context.house.sealer)
        do {
            let draft = try incoming.submission.read { OperatorSetUpForm(&$0) }
            try draft.password.check(own: [person.name, person.email, "Portico"], FormValues([:]))
            let hash = try await signIn.passwords.hash(draft.password.text)
            let done = try await context.write { tx in
                guard try await person.spend(draft.code, context.house.sealer, now: context.now, tx) else {
                    throw FormErrors([FieldProblem("code", .own("wrong_code"))])
                }
                try LogLine("operator.set_up", by: person.id).write(tx, now: context.now, context.arrival)
                return try await Operators(tx).setUp(person, hash, link: link)
            }
            guard done else { throw Failure.notFound }
            return .secret(.gone(at: "/sign-in", flash: Flash(PlatformMessages(context.language).setUp.done)))
        } catch let errors as FormErrors {
            return .secret(
                .refused(
                    page: { OperatorSetUpPage(person, link, secret, context.language, errors.problems) }, errors.problems))
        }
    }

    private func holder(_ incoming: Incoming, _ context: PlatformContext) async throws -> (SessionToken, Operator) {
        guard let link = SessionToken(presented: try incoming.parameter("token")),
            let person = try await context.write({ tx in try await tx.query(Operator.find(link: link, now: context.now)) })
        else { throw Failure.notFound }
        return (link, person)
    }
}

struct OperatorSetUpForm: Sendable {
    let password: NewPassword
    let code: String

    init(_ form: inout FormReader) {
        password = NewPassword(&form, twice: true)
        code = form.text("code", .required, .max(40))
    }
}
