import Audit
import Database
import Forms
import Foundation
import Passwords
import Web

/// A member's second factor as their security page shows it.
struct FactorState: Record, Sendable {
    let authenticatorSince: Date?
    let codesLeft: Int
    let passkeys: Int

    init(row: Row) throws {
        authenticatorSince = try row["confirmed_at"]
        codesLeft = try row["codes_left"]
        passkeys = try row["passkeys"]
    }

    static func find(_ member: UUID, _ tenant: Int32) -> Query<FactorState> {
        .one(
            """
            select (select confirmed_at from app.totp t
                     where t.tenant_id = m.tenant_id and t.member_id = m.id and confirmed_at is not null),
                   (select count(*) from app.recovery_code c
                     where c.tenant_id = m.tenant_id and c.member_id = m.id and used_at is null) as codes_left,
                   (select count(*) from app.passkey p where p.tenant_id = m.tenant_id and p.member_id = m.id) as passkeys
              from app.member m where m.tenant_id = \(tenant) and m.id = \(member)
            """)
    }
}

/// Setting up a second factor and removing it, by whoever has proved who they are.
struct SecondFactor: Sendable {
    let passwords: PasswordHasher
    let context: MemberContext

    /// What is known only now, and shown once.
    struct Enrolled: Sendable {
        let codes: [String]
        /// The browser's new session token (T67); nil for programs.
        let token: SessionToken?
    }

    /// The first code of the app that was offered a secret. Every other sign-in of the member ends: none of them knew of the factor.
    ///
    /// - Throws: `FormErrors` for a wrong code, 409 when no secret is on offer.
    func confirm(_ code: String) async throws -> Enrolled {
        let (tenant, member, sealer) = (context.tenant.id, context.memberID, context.house.sealer)
        let shown = try await context.read(Authenticator.find(member, tenant, confirmed: false))
        guard let shown else { throw Failure.nothingOffered }
        guard try shown.match(code, at: context.now, sealer, tenant) != nil else { throw Self.wrongCode }
        let codes = try await HashedCodes.ten(passwords)
        return try await context.write { tx in
            _ = try await Self.lock(member, tx)
            let locked = Authenticator.find(member, tenant, confirmed: false, lock: true)
            guard let shown = try await tx.query(locked), let step = try shown.match(code, at: context.now, sealer, tenant)
            else { throw Self.wrongCode }
            try await shown.confirm(of: member, step: step, tx)
            try await codes.store(for: member, tx)
            try tx.publish(FactorChanged(member: member, what: .added, occasion: UUID.v7().text))
            return Enrolled(codes: codes.texts, token: try await Self.begin(by: .authenticator, context, tx))
        }
    }

    /// Factors of one member change one after the other.
    ///
    /// - Returns: whether the password alone signs in.
    static func lock(_ member: UUID, _ tx: Tx) async throws -> Bool {
        try await tx.value(
            "select factor_since is null from app.member where tenant_id = \(tx.facts.tenant) and id = \(member) for update",
            Bool.self)
    }

    /// From now on the password alone does not sign in.
    ///
    /// - Returns: the browser's new session token.
    static func begin(by factor: Factor, _ context: MemberContext, _ tx: Tx) async throws -> SessionToken? {
        let (tenant, member) = (context.tenant.id, context.memberID)
        try await tx.execute(
            """
            update app.member set factor_since = coalesce(factor_since, \(context.now))
             where tenant_id = \(tenant) and id = \(member)
            """)
        try await Sessions.closeAll(of: member, but: context.session.id, tx)
        try await Challenge.forgetAll(of: member, tx)
        try tx.audit("member.factor_added", "member", member, AuditChange(after: ["factor": factor.rawValue]))
        return try await renewedToken(context, tx)
    }

    /// Ten new codes; the old ones work no longer.
    func renewCodes() async throws -> Enrolled {
        guard context.session.hasFactor else { throw Failure.noFactor }
        let codes = try await HashedCodes.ten(passwords)
        return try await context.write { tx in
            try await codes.store(for: context.memberID, tx)
            try tx.audit("member.recovery_codes_made", "member", context.memberID)
            return Enrolled(codes: codes.texts, token: nil)
        }
    }

    /// Gives up the authenticator.
    ///
    /// - Returns: the browser's new session token.
    func remove() async throws -> SessionToken? {
        let (tenant, member) = (context.tenant.id, context.memberID)
        return try await context.write { tx in
            _ = try await Self.lock(member, tx)
            try await tx.execute("delete from app.totp where tenant_id = \(tenant) and member_id = \(member)")
            try tx.audit(
                "member.factor_removed", "member", member, AuditChange(before: ["factor": Factor.authenticator.rawValue]))
            return try await Self.lessen(context, tx)
        }
    }

    /// One factor less: recovery codes stay as long as there is another one.
    ///
    /// - Returns: the browser's new session token.
    static func lessen(_ context: MemberContext, _ tx: Tx) async throws -> SessionToken? {
        let (tenant, member) = (context.tenant.id, context.memberID)
        let isLeft = try await tx.value(
            """
            select exists (select from app.passkey where tenant_id = \(tenant) and member_id = \(member))
                or exists (select from app.totp where tenant_id = \(tenant) and member_id = \(member) and confirmed_at is not null)
            """, Bool.self)
        if !isLeft {
            for table in ["app.recovery_code", "app.sign_in_challenge"] as [SQL] {
                try await tx.execute("delete from \(table) where tenant_id = \(tenant) and member_id = \(member)")
            }
            try await tx.execute("update app.member set factor_since = null where tenant_id = \(tenant) and id = \(member)")
        }
        try await Sessions.closeAll(of: member, but: context.session.id, tx)
        try tx.publish(FactorChanged(member: member, what: isLeft ? .oneRemoved : .removed, occasion: UUID.v7().text))
        return try await renewedToken(context, tx)
    }

    private static func renewedToken(_ context: MemberContext, _ tx: Tx) async throws -> SessionToken? {
        try await Sessions.prove(context.session, isBrowser: context.face == .page, tx)
    }

    private static var wrongCode: FormErrors { FormErrors([FieldProblem("code", .own("wrong_code"))]) }
}

extension Failure {
    static let nothingOffered = Failure(
        .conflict, "nothing_offered", "There is nothing to confirm; set up an authenticator first")
    static let noFactor = Failure(.notFound, "no_second_factor", "There is no second factor yet")
}
