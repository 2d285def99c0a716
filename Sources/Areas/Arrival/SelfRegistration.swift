import Audit
import Database
import Forms
import Foundation
import HTML
import Identity
import Jobs
import Notifications
import Tenancy
import Web

/// Somebody who registers without an invitation.
struct RegistrationDraft: Sendable {
    let name: String
    let email: String
    let phone: String?
    let password: NewPassword
    /// Nil: nothing beyond what everybody gets.
    let requestedRole: String?

    init(_ form: inout FormReader, _ tenant: Tenant, _ terms: RegistrationSettings.Terms, _ face: Face) {
        name = form.text("full_name", .required, .max(120))
        email = form.email("email", .required)
        phone = form.optionalText("phone", .max(40))?.filter { !" -/().".contains($0) }
        if let phone, phone.wholeMatch(of: /\+[1-9][0-9]{6,14}/) == nil { form.fail("phone", .own("no_phone")) }
        password = NewPassword(&form, twice: false)
        let wish = form.optionalChoice("requested_role", among: [terms.role] + terms.mayAsk)
        requestedRole = wish == terms.role ? nil : wish
        let agrees = form.flag("accept_terms")
        if !agrees, face == .page || form.has("accept_terms") { form.fail("accept_terms", .own("terms_needed")) }
        if !email.isEmpty, !form.hasProblem("email"), !tenant.mayRegister(email) {
            form.fail("email", .own("domain_not_allowed"))
        }
    }
}

/// Registering without an invitation. What happens here is the same whether the address is known or not; only the job that writes
/// the mail finds out, and only the mailbox's owner hears of it (T69).
struct Registrations {
    let tx: Tx
    let tenant: Tenant

    func begin(_ draft: RegistrationDraft, _ hash: String, _ language: Language) async throws {
        let id = UUID.v7(now: tx.facts.now)
        try await tx.execute(
            """
            insert into app.registration(tenant_id, id, email, name, phone, language, requested_role, password_hash, created_at)
            values (\(tenant.id), \(id), \(draft.email), \(draft.name), \(draft.phone), \(language.rawValue),
                    \(draft.requestedRole), \(hash), \(tx.facts.now))
            """)
        try tx.audit("registration.begun", "registration", id)
        try tx.enqueue(AnswerRegistration(registration: id))
    }
}

/// How the visit of a link in a mail ended.
enum Verified: String, Sendable {
    case verified
    /// The link, or another one to this address, did it before.
    case already
    case expired
}

/// The link of a registration's mail.
struct Verification {
    let tx: Tx
    let tenant: Tenant

    struct Pending: Record, Sendable {
        let link: UUID
        let expiresAt: Date
        let registration: UUID
        let email: String
        let name: String
        let phone: String?
        let language: String?
        let requestedRole: String?
        let hash: String?

        init(row: Row) throws {
            link = try row["link"]
            expiresAt = try row["expires_at"]
            registration = try row["id"]
            email = try row["email"]
            name = try row["name"]
            phone = try row["phone"]
            language = try row["language"]
            requestedRole = try row["requested_role"]
            hash = try row["password_hash"]
        }

        /// Looks only; `nil` for a token that nobody has.
        static func find(_ token: SessionToken, _ tenant: Int32, lock: Bool = false) -> Query<Pending?> {
            let lock: SQL = lock ? "for update of r" : SQL.empty
            return .first(
                """
                select l.id as link, l.expires_at, r.id, r.email, r.name, r.phone, r.language, r.requested_role, r.password_hash
                  from app.mailed_link l
                  join app.registration r on r.tenant_id = l.tenant_id and r.id = l.registration_id
                 where l.tenant_id = \(tenant) and l.token_hash = \(token.hash) \(lock)
                """)
        }

        func state(_ tenant: Tenant, now: Date) -> Verified? {
            if hash == nil { return .already }
            return expiresAt <= now || tenant.registration == nil ? .expired : nil
        }
    }

    /// Makes a member of whoever registered. The registration's row lock lets two visits at once do it once.
    ///
    /// - Throws: 404 for a token that nobody has.
    func confirm(_ token: SessionToken) async throws -> Verified {
        guard let pending = try await tx.query(Pending.find(token, tenant.id, lock: true)) else { throw Failure.notFound }
        if let state = pending.state(tenant, now: tx.facts.now) { return state }
        guard let terms = tenant.registration, let hash = pending.hash else { return .expired }
        let fresh = UUID.v7(now: tx.facts.now)
        let joined = try await tx.execute(
            """
            insert into app.member(tenant_id, id, email, name, roles, password_hash, locale, created_at)
            values (\(tenant.id), \(fresh), \(pending.email), \(pending.name), \([terms.role]), \(hash), \(pending.language),
                    \(tx.facts.now))
            on conflict do nothing
            """)
        let member = try await tx.value(
            "select id from app.member where tenant_id = \(tenant.id) and lower(email) = \(pending.email)", UUID.self)
        try await settle(pending, member, asks: joined == 1)
        guard joined == 1 else { return .already }
        try await welcome(pending, member)
        return .verified
    }

    /// The password's hash is the member's from now on, or nobody's. Whatever else was begun for this address is over.
    private func settle(_ pending: Pending, _ member: UUID, asks: Bool) async throws {
        _ = try await tx.batch(
            Query.execute(
                """
                update app.registration set verified_at = \(tx.facts.now), member_id = \(member), password_hash = null,
                       requested_role = case when \(asks) then requested_role end
                 where tenant_id = \(tenant.id) and id = \(pending.registration)
                """),
            Query.execute(
                "update app.mailed_link set used_at = \(tx.facts.now) where tenant_id = \(tenant.id) and id = \(pending.link)"),
            Query.execute(
                """
                delete from app.registration where tenant_id = \(tenant.id) and email = \(pending.email) and verified_at is null
                """))
    }

    private func welcome(_ pending: Pending, _ member: UUID) async throws {
        if let phone = pending.phone {
            try await tx.execute(
                "insert into app.notice_habit(tenant_id, member_id, phone) values (\(tenant.id), \(member), \(phone))")
        }
        try tx.audit("member.registered", "member", member, AuditChange(after: ["by": "registration"]), actor: member)
        try tx.publish(UserRegistered(member: member, invitation: nil))
        guard pending.requestedRole != nil else { return }
        let keys = tenant.roleKeys(granting: .approvePeople)
        let admins = try await tx.values(
            """
            select id from app.member where tenant_id = \(tenant.id) and disabled_at is null
               and exists (select from unnest(roles) as r where r = any(\(keys)))
            """, UUID.self)
        try await tx.notify(
            admins,
            Notice(
                "role.requested", path: "/admin/users", facts: ["name": pending.name],
                dedupeKey: "role-requested:\(pending.registration.text)"))
    }
}
