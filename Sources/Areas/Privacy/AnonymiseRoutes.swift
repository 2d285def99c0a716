import Database
import Forms
import Foundation
import HTML
import Identity
import UI
import Web

/// `/people/{id}/anonymisation`: asked once more, with the name typed, by somebody who has just proved who they are.
struct AnonymiseRoutes: Sendable {
    let records: [PersonalData]

    func add(to routes: Routes) {
        routes.get("people/{id}/anonymisation", may: .anonymisePeople, on: .page, use: form)
        routes.post("people/{id}/anonymisation", may: .anonymisePeople, use: anonymise)
            .tells("Forgets who somebody was, for good; records that others rely on go on without the name.")
            .notes("Takes a proof of who you are that is no older than five minutes, and the person's name as `confirmation`.")
            .takes { _ = AnonymiseDraft(&$0) }.gives(AnonymisedJSON.self)
    }

    @Sendable func form(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        try context.requireFresh()
        let standing = try await context.read(Standing.find(id, context.tenant.id))
        guard !standing.isAnonymised else { throw Failure.anonymised }
        return .page(AnonymisePage(standing, FormValues(), [], context))
    }

    @Sendable func anonymise(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        try context.requireFresh()
        do {
            let draft = try incoming.submission.read { AnonymiseDraft(&$0) }
            let after = try await context.write { tx in
                try await Anonymising(tx: tx, desk: RoleDesk(context), tenant: context.tenant, records: records)
                    .forget(id, draft, by: context.memberID)
            }
            return try .done(
                AnonymisedJSON(after), at: after.path, flash: Flash(PrivacyMessages(context.language).anonymise.done))
        } catch let errors as FormErrors {
            let standing = try await context.read(Standing.find(id, context.tenant.id))
            let page = AnonymisePage(standing, incoming.values, errors.problems, context)
            return .refused(page: { page }, errors.problems)
        }
    }
}

struct AnonymisedJSON: Codable, Sendable {
    let id: String
    let name: String
    let anonymised: Bool

    init(_ standing: Standing) {
        id = standing.id.text
        name = standing.name
        anonymised = standing.isAnonymised
    }
}

/// `/people/{id}/anonymisation`.
package struct AnonymisePage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var action: WebPath
    var back: WebPath
    var errors: [FieldError]
    var reason: Field
    var confirmation: Field
    var submit: String
}

extension AnonymisePage {
    init(_ standing: Standing, _ values: FormValues, _ problems: [FieldProblem], _ context: MemberContext) {
        let t = PrivacyMessages(context.language)
        let errors = ProblemText.errors(problems, context.language) { _ in nil }
        let reason = Field(
            "reason", label: t.anonymise.reason, value: values["reason"], hint: t.anonymise.reasonHint,
            error: errors.message(for: "reason"), required: true, maxLength: 500)
        let confirmation = Field(
            "confirmation", label: t.anonymise.confirmation, value: values["confirmation"],
            hint: t.anonymise.confirmationHint(name: standing.name), error: errors.message(for: "confirmation"), required: true,
            maxLength: 120, autocomplete: "off")
        self.init(
            title: t.anonymise.of(name: standing.name),
            crumbs: [Crumb(t.people, "/people"), Crumb(standing.name, standing.path), Crumb(t.anonymise.title)],
            action: "/people/\(standing.id.text)/anonymisation", back: standing.path,
            errors: errors.inOrder(of: [reason, confirmation]), reason: reason, confirmation: confirmation,
            submit: t.anonymise.submit)
    }
}
