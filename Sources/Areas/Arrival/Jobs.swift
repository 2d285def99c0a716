import Database
import Foundation
import HTML
import Jobs
import Notifications
import Tenancy
import Web

/// Writes to the address of a registration: how to end it or, where somebody has that address already, that there is nothing to do.
struct AnswerRegistration: Job {
    static let kind = "arrival.answer-registration"
    let registration: UUID
}

/// The same again, for whoever did not get the first mail.
struct AnswerAgain: Job {
    static let kind = "arrival.answer-again"
    let email: String
}

/// Writes to somebody who forgot their password, if there is anybody with that address.
struct AnswerForgotten: Job {
    static let kind = "arrival.answer-forgotten"
    let email: String
}

/// Forgets registrations that nobody confirmed within 30 days, and links that are long over.
package struct PurgeArrivals: Job {
    package static let kind = "arrival.purge"
    let due: Date

    package init(due: Date) {
        self.due = due
    }
}

/// Everything that depends on whether an address is known happens here, where nobody waits for the answer.
package struct ArrivalJobs: Sendable {
    let tenants: Tenants

    /// How long links work.
    static let (verifiable, resettable) = (24.0 * 3600, 3600.0)
    /// Letters of a kind to one address in an hour; beyond that the earlier ones still work.
    static let letters = 3

    package init(tenants: Tenants) {
        self.tenants = tenants
    }

    package func register(in handlers: inout JobHandlers) {
        handlers.register(AnswerRegistration.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in try await answer(job.registration, "registration", tenant, tx) }
        }
        handlers.register(AnswerAgain.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in
                let newest = try await tx.firstValue(
                    """
                    select id from app.registration where tenant_id = \(tenant.id) and email = \(job.email) and verified_at is null
                     order by id desc limit 1
                    """, UUID.self)
                if let newest { try await answer(newest, "again", tenant, tx) }
            }
        }
        handlers.register(AnswerForgotten.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in try await answerForgotten(job.email, tenant, tx) }
        }
        handlers.register(TellOfFactor.self) { job, context in try await context.write { tx in try await job.run(tx) } }
        handlers.register(TellOfIdentity.self) { job, context in
            let tenant = try tenant(context)
            try await context.write { tx in try await job.run(tenant, tx) }
        }
        handlers.register(PurgeArrivals.self) { _, context in
            try await context.write { tx in try await purge(tx) }
        }
    }

    private func tenant(_ context: JobContext) throws -> Tenant {
        guard let tenant = tenants.tenant(id: context.tenant) else { throw JobFailure.park("The company has no configuration") }
        return tenant
    }

    private struct Waiting: Record {
        let email: String
        let name: String
        let language: String?
        let member: UUID?

        init(row: Row) throws {
            email = try row["email"]
            name = try row["name"]
            language = try row["language"]
            member = try row["member"]
        }
    }

    private func answer(_ registration: UUID, _ kind: String, _ tenant: Tenant, _ tx: Tx) async throws {
        let waiting = try await tx.first(
            """
            select r.email, r.name, r.language, m.id as member
              from app.registration r left join app.member m on m.tenant_id = r.tenant_id and lower(m.email) = r.email
             where r.tenant_id = \(tenant.id) and r.id = \(registration) and r.verified_at is null for update of r
            """, Waiting.self)
        guard let waiting else { return }
        if waiting.member != nil {
            try await tx.execute("delete from app.registration where tenant_id = \(tenant.id) and id = \(registration)")
        }
        guard try await mayWrite(kind, waiting.email, tx) else { return }
        if let member = waiting.member {
            try await tx.mail(
                to: member, Letter(.accountExists, path: "/password/forgot", dedupeKey: "account-exists:\(registration.text)"))
            return
        }
        let (token, expires) = (SessionToken(), tx.facts.now.addingTimeInterval(Self.verifiable))
        let link = try await keep(token, expires, registration: registration, tx)
        let language = waiting.language.flatMap(Language.init) ?? tenant.firstLanguage
        try await tx.mail(
            to: waiting.email,
            Letter(
                .emailVerification, path: ("/verify" as WebPath).adding(query: [("token", token.text)]),
                facts: ["name": waiting.name, "expires": tenant.words(for: expires, language)],
                dedupeKey: "verification:\(link.text)"),
            language: language)
    }

    private func answerForgotten(_ email: String, _ tenant: Tenant, _ tx: Tx) async throws {
        let member = try await tx.first(
            """
            select id, locale from app.member where tenant_id = \(tenant.id) and lower(email) = \(email) and disabled_at is null
            """, Forgetful.self)
        guard let member, try await mayWrite("forgotten", email, tx) else { return }
        let (token, expires) = (SessionToken(), tx.facts.now.addingTimeInterval(Self.resettable))
        let link = try await keep(token, expires, member: member.id, tx)
        let language = member.locale.flatMap(Language.init) ?? tenant.firstLanguage
        try await tx.mail(
            to: member.id,
            Letter(
                .passwordReset, path: ("/password/reset" as WebPath).adding(query: [("token", token.text)]),
                facts: ["expires": tenant.words(for: expires, language)], dedupeKey: "reset:\(link.text)"))
    }

    private struct Forgetful: Record {
        let id: UUID
        let locale: String?

        init(row: Row) throws {
            id = try row["id"]
            locale = try row["locale"]
        }
    }

    /// Earlier links go on working, so that nobody can make another one's worthless by asking for a new one.
    private func keep(_ token: SessionToken, _ expires: Date, registration: UUID? = nil, member: UUID? = nil, _ tx: Tx)
        async throws
        -> UUID
    {
        let id = UUID.v7(now: tx.facts.now)
        try await tx.execute(
            """
            insert into app.mailed_link(tenant_id, id, token_hash, registration_id, member_id, made_at, expires_at)
            values (\(tx.facts.tenant), \(id), \(token.hash), \(registration), \(member), \(tx.facts.now), \(expires))
            """)
        return id
    }

    /// A mailbox is not filled by strangers who know its address.
    private func mayWrite(_ kind: String, _ email: String, _ tx: Tx) async throws -> Bool {
        let hour = Date(timeIntervalSince1970: (tx.facts.now.timeIntervalSince1970 / 3600).rounded(.down) * 3600)
        let used = try await tx.value(
            """
            insert into app.rate_limit(tenant_id, bucket, starts_at, count)
            values (\(tx.facts.tenant), \("letter-\(kind):\(email)"), \(hour), 1)
            on conflict (tenant_id, bucket, starts_at) do update set count = app.rate_limit.count + 1 returning count
            """, Int.self)
        return used <= Self.letters
    }

    private func purge(_ tx: Tx) async throws {
        let old = tx.facts.now.addingTimeInterval(-30 * 86_400)
        _ = try await tx.batch(
            Query.execute(
                """
                delete from app.registration where tenant_id = \(tx.facts.tenant) and created_at < \(old)
                   and (verified_at is null or requested_role is null or decided_at is not null)
                """),
            Query.execute(
                "delete from app.mailed_link where tenant_id = \(tx.facts.tenant) and expires_at < \(old)"))
    }
}
