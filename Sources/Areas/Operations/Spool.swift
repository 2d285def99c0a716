import Database
import Foundation
import Jobs
import Storage

/// An object that is stored, or whose bytes wait because the storage did not take them.
package struct KeptObject: Sendable {
    package let key: String
    fileprivate let id: UUID
    fileprivate let waiting: [UInt8]?

    package var isStored: Bool { waiting == nil }

    fileprivate init(key: String, id: UUID, waiting: [UInt8]?) {
        (self.key, self.id, self.waiting) = (key, id, waiting)
    }

    /// One that a row names already; nil when it cannot be a key of ours.
    package init?(stored key: String) {
        guard let parsed = ObjectKey(key) else { return nil }
        self.init(key: key, id: parsed.id, waiting: nil)
    }
}

extension ObjectStore {
    /// K8: a storage that is down fails no request. Two tries; then the bytes go with the transaction (`Tx.keep`).
    package func keep(_ bytes: [UInt8], tenant: Int32) async throws -> KeptObject {
        let key = ObjectKey(tenant: tenant)
        for _ in 1...2 {
            do {
                try await put(bytes, at: key)
                return KeptObject(key: key.description, id: key.id, waiting: nil)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                continue
            }
        }
        return KeptObject(key: key.description, id: key.id, waiting: bytes)
    }
}

extension ObjectStore {
    /// Removes objects whose change did not happen. What stays behind, the nightly sweep removes, for no row names it.
    ///
    /// - Parameter error: why it did not happen. Where that is not sure, because the answer to COMMIT was lost, nothing is removed.
    package func discard(_ objects: [KeptObject], after error: (any Error)? = nil) async {
        guard error?.leavesOutcomeUnknown != true else { return }
        for object in objects where object.isStored { try? await delete(object.key) }
    }
}

extension Tx {
    /// Puts what the storage did not take into the spool, with this transaction, and sees to it that it gets there later.
    package func keep(_ object: KeptObject) throws {
        guard spool(object) else { return }
        try enqueue(FlushSpool())
    }

    /// The same for a role that may not look whether the job is queued already: whoever calls this enqueues `FlushSpool` afterwards.
    /// - Returns: whether anything waits.
    @discardableResult
    package func spool(_ object: KeptObject) -> Bool {
        guard let bytes = object.waiting else { return false }
        atCommit(
            "insert into app.blob_spool(tenant_id, id, bytes) values (\(facts.tenant), \(object.id), \(bytes)) on conflict do nothing"
        )
        return true
    }
}

package enum BlobSpool {
    /// The bytes of an object that still waits; nil when the storage alone has it.
    /// - Parameter key: an expression that gives the object's key.
    package static func bytes(of key: SQL, _ tenant: Int32) -> Query<[UInt8]?> {
        .firstValue(
            "select bytes from app.blob_spool where tenant_id = \(tenant) and id = split_part((\(key)), '/', 2)::uuid",
            [UInt8].self)
    }
}

/// Takes out of the spool what the storage has had for so long that every process knows that it answers again: an open breaker
/// (Kit/Outbound) rests for a minute.
struct ClearSpool: Job {
    static let kind = "storage.clear"
    static let patience: TimeInterval = 120
    var uniqueKey: String? { "all" }

    func run(_ tx: Tx) async throws {
        let tenant = tx.facts.tenant
        try await tx.execute(
            """
            delete from app.blob_spool where tenant_id = \(tenant) and stored_at < now() - make_interval(secs => \(Self.patience))
            """)
        let more = try await tx.value(
            "select exists (select from app.blob_spool where tenant_id = \(tenant) and stored_at is not null)", Bool.self)
        if more { try tx.enqueue(ClearSpool(), at: tx.facts.now.addingTimeInterval(Self.patience)) }
    }
}

/// Brings what waits in the spool into the storage. Tried for a day; the nightly sweep starts it again for as long as something
/// waits.
package struct FlushSpool: Job {
    package static let kind = "storage.flush"
    package static let retry = Retry(
        waits: [.seconds(10), .seconds(30), .minutes(1), .minutes(2), .minutes(5)] + Array(repeating: .minutes(10), count: 144))
    package var uniqueKey: String? { "all" }

    package init() {}

    /// One object after the other: what is stored is gone from the spool, whatever becomes of the rest.
    func run(_ context: JobContext, _ store: ObjectStore) async throws {
        let tenant = context.tenant
        var (last, failure): (UUID?, (any Error)?)
        while let id = try await context.db.read(Self.next(after: last, tenant)) {
            last = id
            let bytes = try await context.db.read(
                Query.firstValue("select bytes from app.blob_spool where tenant_id = \(tenant) and id = \(id)", [UInt8].self))
            guard let bytes else { continue }
            do {
                try await store.put(bytes, at: ObjectKey(tenant: tenant, id: id))
            } catch {
                failure = error
                continue
            }
            try await context.db.write { tx in
                try await tx.execute("update app.blob_spool set stored_at = now() where tenant_id = \(tenant) and id = \(id)")
                try tx.enqueue(ClearSpool(), at: context.now.addingTimeInterval(ClearSpool.patience))
            }
        }
        if let failure { throw failure }
    }

    private static func next(after last: UUID?, _ tenant: Int32) -> Query<UUID?> {
        .firstValue(
            """
            select id from app.blob_spool where tenant_id = \(tenant) and stored_at is null and coalesce(id > \(last), true)
             order by id limit 1
            """, UUID.self)
    }
}
