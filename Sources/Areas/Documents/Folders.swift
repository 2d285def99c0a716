import Audit
import Database
import Forms
import Foundation
import Live
import Web

/// What can be done to folders. Each function is one transaction's worth.
extension Shelf {
    /// - Throws: `FormErrors` for a name that is there already or a parent that is not, 409 beyond what a company may have.
    func make(_ draft: FolderDraft) async throws -> Folder {
        try await Self.holdTree(tx)
        let parent = try await parent(of: draft)
        let count = try await tx.value("select count(*) from app.folder where tenant_id = \(tenant)", Int.self)
        guard count < Folder.most, (parent?.path.count ?? 0) < Folder.deepest else { throw Failure.tooManyFolders }
        try await requireName(draft, besides: nil)
        let id = UUID.v7(now: now)
        try await tx.execute(
            """
            insert into app.folder(tenant_id, id, parent_id, name, path, roles, made_by, made_at)
            values (\(tenant), \(id), \(draft.parent), \(draft.name), \((parent?.path ?? []) + [id]), \(draft.roles), \(viewer.member), \(now))
            """)
        try await place(draft.buildings, in: id)
        try note("folder.made", id, draft.parent, AuditChange(after: trail(draft)))
        return try await tx.query(Folder.find(id, viewer))
    }

    /// Renames, moves, and says whose it is. With it moves everything that lies in it.
    ///
    /// - Throws: 409 for a stale version; `FormErrors` for a folder within itself.
    func change(_ id: UUID, _ draft: FolderDraft) async throws -> Folder {
        try await Self.holdTree(tx)
        let before = try await tx.query(Folder.find(id, viewer))
        if let version = draft.version, version != before.version { throw Failure.staleVersion }
        let parent = try await parent(of: draft)
        guard parent?.path.contains(id) != true else { throw FormErrors([FieldProblem("parent_id", .own("within_itself"))]) }
        try await requireName(draft, besides: id)
        let path = (parent?.path ?? []) + [id]
        let depth = try await tx.value(
            "select coalesce(max(cardinality(path)), 1) from app.folder where tenant_id = \(tenant) and \(id) = any(path)",
            Int32.self)
        guard Int(depth) - before.path.count + path.count <= Folder.deepest else { throw Failure.tooManyFolders }
        try await tx.execute(
            """
            update app.folder set path = \(path) || path[\(Int32(clamping: before.path.count + 1)):]
             where tenant_id = \(tenant) and \(id) = any(path)
            """)
        try await tx.execute(
            """
            update app.folder set name = \(draft.name), parent_id = \(draft.parent), roles = \(draft.roles), version = version + 1
             where tenant_id = \(tenant) and id = \(id)
            """)
        try await tx.execute("delete from app.folder_building where tenant_id = \(tenant) and folder_id = \(id)")
        try await place(draft.buildings, in: id)
        try note(
            "folder.edited", id, draft.parent,
            AuditChange(
                before: [
                    "name": before.name, "folder": before.parent?.text, "roles": before.roles.joined(separator: ", "),
                    "buildings": buildings(before.buildings)
                ], after: trail(draft)))
        if let left = before.parent { tx.signal(LiveTopic("folder", left)) }
        return try await tx.query(Folder.find(id, viewer))
    }

    /// Into the bin, with everything that lies in it.
    func deleteFolder(_ id: UUID) async throws {
        let folder = try await tx.query(Folder.find(id, viewer))
        try await tx.execute(
            "update app.folder set deleted_at = \(now), version = version + 1 where tenant_id = \(tenant) and id = \(id)")
        try note("folder.deleted", id, folder.parent, AuditChange(before: ["name": folder.name]))
    }

    /// Out of the bin, with everything that lay in it and was not put there by itself.
    ///
    /// - Throws: 404; 409 while what it lies in is in the bin, or another folder has its name.
    func restoreFolder(_ id: UUID) async throws -> Folder {
        try await Self.holdTree(tx)
        let isTaken = try await tx.value(
            """
            select exists (select from app.folder f join app.folder o on o.tenant_id = f.tenant_id and o.name = f.name
                              and o.parent_id is not distinct from f.parent_id and o.id <> f.id and o.deleted_at is null
                            where f.tenant_id = \(tenant) and f.id = \(id))
            """, Bool.self)
        guard !isTaken else { throw Failure.nameTaken }
        let touched = try await tx.execute(
            """
            update app.folder set deleted_at = null, version = version + 1
             where tenant_id = \(tenant) and id = \(id) and deleted_at >= \(EmptyBin.limit(now))
            """)
        guard touched == 1 else { throw Failure.notFound }
        guard try await tx.query(Folder.isOpen(id, viewer)) else { throw Failure.folderBinned }
        let folder = try await tx.query(Folder.find(id, viewer))
        try note("folder.restored", id, folder.parent)
        return folder
    }

    // MARK: Parts

    /// - Throws: `FormErrors` for a folder that is not there.
    func requireFolder(_ id: UUID?) async throws {
        guard let id else { return }
        guard try await tx.query(Folder.isOpen(id, viewer)) else { throw FormErrors([FieldProblem("folder_id", .notFound)]) }
    }

    /// Changes of the tree happen one after the other, so that no folder ends up within itself.
    static func holdTree(_ tx: Tx) async throws {
        try await tx.execute("select pg_advisory_xact_lock(hashtextextended('folders', \(Int(tx.facts.tenant))))")
    }

    private func parent(of draft: FolderDraft) async throws -> Folder? {
        guard let id = draft.parent else { return nil }
        guard try await tx.query(Folder.isOpen(id, viewer)) else { throw FormErrors([FieldProblem("parent_id", .notFound)]) }
        return try await tx.query(Folder.find(id, viewer))
    }

    private func requireName(_ draft: FolderDraft, besides id: UUID?) async throws {
        let isTaken = try await tx.value(
            """
            select exists (select from app.folder f where f.tenant_id = \(tenant) and f.parent_id is not distinct from \(draft.parent)
                              and f.name = \(draft.name) and f.deleted_at is null and f.id is distinct from \(id))
            """, Bool.self)
        if isTaken { throw FormErrors([FieldProblem("name", .taken)]) }
    }

    private func place(_ buildings: [UUID], in id: UUID) async throws {
        guard !buildings.isEmpty else { return }
        let placed = try await tx.execute(
            """
            insert into app.folder_building(tenant_id, folder_id, building_id)
            select \(tenant), \(id), b.id from app.building b where b.tenant_id = \(tenant) and b.id = any(\(buildings))
            """)
        guard placed == buildings.count else { throw FormErrors([FieldProblem("building_ids", .notFound)]) }
    }

    private func trail(_ draft: FolderDraft) -> [String: String?] {
        [
            "name": draft.name, "folder": draft.parent?.text, "roles": draft.roles.joined(separator: ", "),
            "buildings": buildings(draft.buildings)
        ]
    }

    /// Which ones, as far as a line of the trail holds them.
    private func buildings(_ ids: [UUID]) -> String {
        ids.map(\.text).sorted().prefix(50).joined(separator: ", ") + (ids.count > 50 ? " … (\(ids.count))" : "")
    }

    private func note(_ action: String, _ id: UUID, _ parent: UUID?, _ change: AuditChange = AuditChange()) throws {
        try tx.audit(action, "folder", id, change)
        if let parent { tx.signal(LiveTopic("folder", parent)) }
    }
}

extension Failure {
    static let nameTaken = Failure(.conflict, "name_taken", "There is another folder of that name")
}
