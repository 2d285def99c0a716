import Audit
import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// A filter of the list under a name.
struct FaultView: Record, Sendable {
    let id: UUID
    let ownerID: UUID
    let name: String
    let query: String
    let shared: Bool
    let isDefault: Bool

    init(row: Row) throws {
        id = try row["id"]
        ownerID = try row["owner_id"]
        name = try row["name"]
        query = try row["query"]
        shared = try row["shared"]
        isDefault = try row["is_default"]
    }

    /// The viewer's own, and for staff those that others share.
    static func all(_ viewer: FaultViewer) -> Query<[FaultView]> {
        let others: SQL = viewer.isStaff ? "or shared" : SQL.empty
        return .many(
            """
            select id, owner_id, name, query, shared, is_default from app.fault_view
             where tenant_id = \(viewer.tenant) and (owner_id = \(viewer.member) \(others)) order by name, id limit 100
            """)
    }

    var path: WebPath { WebPath("/faults?" + query) ?? "/faults" }
}

struct FaultViewDraft: Sendable {
    let name: String
    let shared: Bool
    let isDefault: Bool

    init(_ form: inout FormReader) {
        name = form.text("name", .required, .max(60))
        shared = form.flag("shared")
        isDefault = form.flag("is_default")
    }
}

extension FaultListRequest {
    /// What a saved view keeps: names in order, empty values left out, no page position.
    var normalised: String {
        let path = ("/faults" as WebPath).adding(query: values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        return path.string.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
    }

    /// The bare address: it opens with the member's default view.
    var isBare: Bool { values.isEmpty && cursor == .first && size == 20 && !wantsAll }
}

/// What can be done to saved views.
struct FaultViews {
    let tx: Tx
    let viewer: FaultViewer

    /// Saves a view; the same name of the same member is replaced.
    ///
    /// - Throws: 403 when a resident wants to share one.
    func save(_ draft: FaultViewDraft, query: String) async throws -> FaultView {
        guard viewer.isStaff || !draft.shared else { throw Failure.forbidden }
        guard query.utf8.count <= 2000 else { throw Failure.refused([.init("name", .tooLong(max: 2000))]) }
        if draft.isDefault {
            try await tx.execute(
                """
                update app.fault_view set is_default = false
                 where tenant_id = \(viewer.tenant) and owner_id = \(viewer.member) and is_default
                """)
        }
        let view = try await tx.one(
            """
            insert into app.fault_view(tenant_id, id, owner_id, name, query, shared, is_default, created_at)
            values (\(viewer.tenant), \(UUID.v7(now: tx.facts.now)), \(viewer.member), \(draft.name), \(query), \(draft.shared),
                    \(draft.isDefault), \(tx.facts.now))
            on conflict (tenant_id, owner_id, name)
              do update set query = excluded.query, shared = excluded.shared, is_default = excluded.is_default
            returning id, owner_id, name, query, shared, is_default
            """, FaultView.self)
        try tx.audit("fault_view.saved", "fault_view", view.id, AuditChange(after: ["name": view.name, "query": view.query]))
        return view
    }

    /// - Throws: 404 for anybody else's.
    func remove(_ id: UUID) async throws {
        let gone = try await tx.execute(
            "delete from app.fault_view where tenant_id = \(viewer.tenant) and owner_id = \(viewer.member) and id = \(id)")
        guard gone == 1 else { throw Failure.notFound }
        try tx.audit("fault_view.removed", "fault_view", id)
    }
}

extension KeptAnswers.Topic {
    static let views = Self("fault_view")
}

struct FaultViewJSON: Codable, Sendable {
    let id: String
    let name: String
    let query: String
    let shared: Bool
    let isDefault: Bool
    let isOwn: Bool

    init(_ view: FaultView, _ viewer: FaultViewer) {
        id = view.id.text
        name = view.name
        query = view.query
        shared = view.shared
        isDefault = view.isDefault
        isOwn = view.ownerID == viewer.member
    }
}
