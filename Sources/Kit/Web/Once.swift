import Database
import Foundation
import HTML
import UI

/// What a creating request did, kept under its idempotency key so that the same request again gets the same answer.
public struct Effect: Codable, Sendable {
    public var json: String
    public var path: String
    public var flash: Flash?

    public init(_ json: some Encodable, at path: WebPath, flash: Flash? = nil) throws {
        self.json = String(decoding: try JSON.encode(json), as: UTF8.self)
        self.path = path.string
        self.flash = flash
    }

    var reply: Reply {
        .created(json: Array(json.utf8), at: WebPath(path) ?? "/", flash: flash)
    }
}

extension MemberContext {
    /// Runs a creating change at most once per idempotency key, in the change's own transaction.
    ///
    /// A double click waits for the first click and gets its answer; a program whose first request is still running gets 409.
    /// The same key with another body is 422 (pages) or 409 (programs, FLOWS-0 §4: 422).
    public func once(_ incoming: Incoming, _ body: (Tx) async throws -> Effect) async throws -> Reply {
        guard let key = incoming.formKey else { return try await write(body).reply }
        let print = Array(incoming.submission.fingerprint(without: ["csrf_token", "form_key"]).utf8) + Array(incoming.path.utf8)
        let effect = try await write { tx in
            if let earlier = try await claim(key, print, tx) { return earlier }
            let effect = try await body(tx)
            tx.atCommit(
                """
                update app.idempotency set answer = \(try JSONBytes(encoding: effect))
                 where tenant_id = \(tenant.id) and member_id = \(memberID) and key = \(key)
                """)
            return effect
        }
        return effect.reply
    }

    /// Takes the key, or finds what was done under it. The insert waits for a transaction that holds the same key.
    private func claim(_ key: String, _ print: [UInt8], _ tx: Tx) async throws -> Effect? {
        if face == .api {
            let free = try await tx.value(
                "select pg_try_advisory_xact_lock(hashtextextended(\(key), \(Int(tenant.id))))", Bool.self)
            guard free else { throw Failure(.conflict, "in_flight", "The first request with this key is still running") }
        }
        let fresh = try await tx.execute(
            """
            insert into app.idempotency(tenant_id, member_id, key, fingerprint)
            values (\(tenant.id), \(memberID), \(key), \(print)) on conflict do nothing
            """)
        if fresh == 1 { return nil }
        let claim = try await tx.one(
            """
            select fingerprint, answer from app.idempotency
             where tenant_id = \(tenant.id) and member_id = \(memberID) and key = \(key)
            """, ClaimedKey.self)
        guard claim.fingerprint == print else { throw Failure.idempotencyMismatch }
        guard let answer = claim.answer else {
            throw Failure(.conflict, "in_flight", "The first request with this key is still running")
        }
        return try answer.decode(Effect.self)
    }
}

extension Failure {
    public static let idempotencyMismatch = Failure(
        .unprocessableContent, "idempotency_mismatch", "This key was used for something else")
}

private struct ClaimedKey: Record {
    let fingerprint: [UInt8]
    let answer: JSONBytes?

    init(row: Row) throws {
        fingerprint = try row["fingerprint"]
        answer = try row["answer"]
    }
}
