import Audit
import Database
import Foundation
import Jobs
import PDF
import Storage

/// Removes for good what has lain in the bin for 30 days, with its files.
package struct EmptyBin: Job {
    package static let kind = "documents.empty-bin"
    package static let patience: TimeInterval = 30 * 86_400
    package let due: Date

    package init(due: Date) {
        self.due = due
    }
}

package enum DocumentJobs {
    package static func register(in handlers: inout JobHandlers, files: FileStudio, store: ObjectStore) {
        // The reader takes one after the other.
        let (reader, lane) = (PDFReader(), JobLane(most: 1, ofCompany: 1))
        handlers.register(ReadPDF.self) { job, context in
            try await lane.run(context) { try await job.run(reader, files, context) }
        }
        handlers.register(EmptyBin.self) { job, context in
            while true {
                let keys = try await context.db.write { tx in try await job.run(tx) }
                // What stays behind here is the nightly sweep's business.
                for key in keys { try? await store.delete(key) }
                if keys.isEmpty { break }
            }
        }
    }
}

extension EmptyBin {
    private static let portion = 200

    /// What was deleted before is removed, and comes back no more.
    static func limit(_ now: Date) -> Date { now.addingTimeInterval(-patience) }

    /// Documents first, a portion at a time; then the folders that hold nothing any more, from the bottom up.
    ///
    /// - Returns: keys of objects that no row names now; none once there is nothing left to remove.
    func run(_ tx: Tx) async throws -> [String] {
        let tenant = tx.facts.tenant
        let limit = Self.limit(tx.facts.now)
        let gone: SQL = """
            select d.id from app.document d left join app.folder f on f.tenant_id = d.tenant_id and f.id = d.folder_id
             where d.tenant_id = \(tenant)
               and (d.deleted_at < \(limit)
                 or exists (select from app.folder a where a.tenant_id = f.tenant_id and a.id = any(f.path) and a.deleted_at < \(limit)))
             order by d.id limit \(Self.portion) for update of d
            """
        // Nothing is taken out of the bin meanwhile.
        try await Shelf.holdTree(tx)
        let ids = try await tx.values(gone, UUID.self)
        guard ids.isEmpty else {
            let keys = try await tx.values(
                """
                with gone as (delete from app.document_version where tenant_id = \(tenant) and document_id = any(\(ids))
                              returning object_key, thumb_key, preview_key)
                select key from gone, unnest(array[object_key, thumb_key, preview_key]) as key where key is not null
                """, String.self)
            try await tx.execute("delete from app.document where tenant_id = \(tenant) and id = any(\(ids))")
            for id in ids { try tx.audit("document.removed", "document", id) }
            return keys
        }
        // Children before parents: a statement for each depth.
        for _ in 0..<Folder.deepest {
            let removed = try await tx.values(
                """
                delete from app.folder f
                 where f.tenant_id = \(tenant)
                   and exists (select from app.folder a where a.tenant_id = f.tenant_id and a.id = any(f.path) and a.deleted_at < \(limit))
                   and not exists (select from app.folder c where c.tenant_id = f.tenant_id and c.parent_id = f.id)
                   and not exists (select from app.document d where d.tenant_id = f.tenant_id and d.folder_id = f.id)
                returning f.id
                """, UUID.self)
            for id in removed { try tx.audit("folder.removed", "folder", id) }
        }
        return []
    }
}
