import Audit
import Database
import Forms
import Foundation
import Passwords
import Web
import WebAuthn

/// A passkey as its member sees it.
struct PasskeyLine: Record, Sendable {
    let id: UUID
    let name: String
    let host: String
    let isBackedUp: Bool
    let madeAt: Date
    let usedAt: Date?

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        host = try row["host"]
        isBackedUp = try row["backed_up"]
        madeAt = try row["made_at"]
        usedAt = try row["used_at"]
    }

    private static let columns: SQL = "select id, name, host, backed_up, made_at, used_at from app.passkey"

    /// The newest first; one more than `size`.
    static func page(of member: UUID, _ cursor: Cursor, size: Int, _ tenant: Int32) -> Query<[PasskeyLine]> {
        let (seek, order): (SQL, SQL) =
            switch cursor {
            case .first: (SQL.empty, "desc")
            case .after(let id): ("and id < \(id)", "desc")
            case .before(let id): ("and id > \(id)", "asc")
            }
        return .many(
            "\(columns) where tenant_id = \(tenant) and member_id = \(member) \(seek) order by id \(order) limit \(size + 1)")
    }

    static func count(of member: UUID, _ tenant: Int32) -> Query<Int> {
        .value("select count(*) from app.passkey where tenant_id = \(tenant) and member_id = \(member)", Int.self)
    }

    /// Nil also for somebody else's.
    static func find(_ id: UUID, of member: UUID, _ tenant: Int32) -> Query<PasskeyLine?> {
        .first("\(columns) where tenant_id = \(tenant) and id = \(id) and member_id = \(member)")
    }
}

/// A member's passkeys: made, renamed and removed by whoever has proved to be the member.
struct Passkeys: Sendable {
    let passwords: PasswordHasher
    let context: MemberContext

    static let most = 20

    struct Made: Sendable {
        let id: UUID
        /// Only with the first factor, and shown once.
        let codes: [String]?
        /// The browser's new session token (T67); nil where the session stays as it is.
        let token: SessionToken?
    }

    /// With the first factor every other sign-in of the member ends: none of them knew of it.
    ///
    /// - Throws: `FormErrors`.
    func add(_ form: NewPasskeyForm) async throws -> Made {
        let new: NewPasskey
        do {
            new = try NewPasskey(
                clientData: form.clientData, attestation: form.attestation, at: context.outer.passkeySite,
                challenge: PasskeyChallenge(.make, context).isGood)
        } catch {
            throw Self.refused("passkey_invalid")
        }
        // Hashed before the transaction, which would wait for it.
        let codes = context.session.hasFactor ? nil : try await HashedCodes.ten(passwords)
        return try await context.write { tx in
            let isFirst = try await SecondFactor.lock(context.memberID, tx)
            guard try await PasskeyChallenge.spend(new.challenge, tx) else { throw Self.refused("passkey_invalid") }
            let id = try await insert(new, form, tx)
            try tx.audit("member.passkey_added", "member", context.memberID, AuditChange(after: ["name": form.name]))
            try tx.publish(FactorChanged(member: context.memberID, what: .passkeyAdded, occasion: id.text))
            guard isFirst else { return Made(id: id, codes: nil, token: nil) }
            // Somebody has removed the last factor at the same moment.
            guard let codes else { throw Failure.staleVersion }
            try await codes.store(for: context.memberID, tx)
            let token = try await SecondFactor.begin(by: .passkey, context, tx)
            return Made(id: id, codes: codes.texts, token: token)
        }
    }

    private func insert(_ new: NewPasskey, _ form: NewPasskeyForm, _ tx: Tx) async throws -> UUID {
        let (tenant, member, id) = (context.tenant.id, context.memberID, UUID.v7(now: context.now))
        guard try await tx.query(PasskeyLine.count(of: member, tenant)) < Self.most else {
            throw FormErrors([FieldProblem("name", .own("too_many_passkeys"))])
        }
        let isNew = try await tx.execute(
            """
            insert into app.passkey(tenant_id, id, member_id, name, host, credential_id, public_key, algorithm, counter, transports,
                                    can_back_up, backed_up, made_at)
            values (\(tenant), \(id), \(member), \(form.name), \(context.outer.host), \(new.id), \(new.key),
                    \(Int32(clamping: new.algorithm)), \(new.counter), \(form.transports), \(new.canBackUp), \(new.isBackedUp),
                    \(context.now))
            on conflict do nothing
            """)
        guard isNew == 1 else { throw Self.refused("passkey_known") }
        return id
    }

    /// - Throws: 404 when the member has no such passkey.
    func rename(_ id: UUID, to name: String) async throws {
        let (tenant, member) = (context.tenant.id, context.memberID)
        try await context.write { tx in
            let before = try await tx.firstValue(
                "select name from app.passkey where tenant_id = \(tenant) and id = \(id) and member_id = \(member) for update",
                String.self)
            guard let before else { throw Failure.notFound }
            guard before != name else { return }
            try await tx.execute("update app.passkey set name = \(name) where tenant_id = \(tenant) and id = \(id)")
            try tx.audit(
                "member.passkey_renamed", "member", member, AuditChange(before: ["name": before], after: ["name": name]))
        }
    }

    /// Ends every other sign-in: whoever has the device may be in. With the last factor the recovery codes go, too.
    ///
    /// - Returns: the browser's new session token.
    /// - Throws: 404 when the member has no such passkey.
    func remove(_ id: UUID) async throws -> SessionToken? {
        let (tenant, member) = (context.tenant.id, context.memberID)
        return try await context.write { tx in
            _ = try await SecondFactor.lock(member, tx)
            let name = try await tx.firstValue(
                "delete from app.passkey where tenant_id = \(tenant) and id = \(id) and member_id = \(member) returning name",
                String.self)
            guard let name else { throw Failure.notFound }
            try tx.audit("member.passkey_removed", "member", member, AuditChange(before: ["name": name]))
            return try await SecondFactor.lessen(context, tx)
        }
    }

    private static func refused(_ code: String) -> FormErrors { FormErrors([FieldProblem("passkey", .own(code))]) }
}

struct PasskeyJSON: Codable, Sendable {
    let id: String
    let name: String
    let host: String
    let backedUp: Bool
    let createdAt: Date
    let lastUsedAt: Date?
    /// Only in the answer that makes the first factor.
    var recoveryCodes: [String]?

    init(_ line: PasskeyLine, recoveryCodes: [String]? = nil) {
        id = line.id.text
        name = line.name
        host = line.host
        backedUp = line.isBackedUp
        createdAt = line.madeAt
        lastUsedAt = line.usedAt
        self.recoveryCodes = recoveryCodes
    }
}

extension Failure {
    static let noPasskey = Failure(.notFound, "no_passkey", "There is no passkey for this host")
}
