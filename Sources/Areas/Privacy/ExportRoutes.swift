import Database
import Foundation
import HTML
import Identity
import NIOCore
import Storage
import UI
import Web

/// A copy of somebody's data: asked for and fetched by themselves at `/account/exports`, or by somebody of the office.
struct ExportRoutes: Sendable {
    let store: ObjectStore

    func add(to routes: Routes) {
        routes.memberGet("account/exports", on: .page) { try await list(of: $1.memberID, $0, $1) }
        routes.memberGet("me/exports", on: .api) { try await list(of: $1.memberID, $0, $1) }
            .tells("Lists the copies of your data that were made.").lists(DataExportJSON.self)
        routes.memberPost("account/exports", on: .page) { try await ask(for: $1.memberID, $0, $1) }
        routes.memberPost("me/exports", on: .api) { try await ask(for: $1.memberID, $0, $1) }
            .tells("Makes a copy of everything that is kept about you: a ZIP of JSON, CSV and your uploads.")
            .creates(DataExportJSON.self).fails(429)
        routes.memberGet("account/exports/{export}/file", on: .page) { try await fetch(of: $1.memberID, $0, $1) }
        routes.memberGet("me/exports/{export}/file", on: .api) { try await fetch(of: $1.memberID, $0, $1) }
            .tells("The copy, for seven days.").gives(file: "application/zip").fails(410)
        routes.get("people/{id}/exports", may: .exportPeople) { try await list(of: try await person($0, $1), $0, $1) }
            .tells("Lists the copies of somebody's data that were made.").lists(DataExportJSON.self)
        routes.post("people/{id}/exports", may: .exportPeople) { try await ask(for: try await person($0, $1), $0, $1) }
            .tells("Makes a copy of everything that is kept about somebody, who sees that it was made.")
            .creates(DataExportJSON.self).fails(429)
        routes.get("people/{id}/exports/{export}/file", may: .exportPeople) {
            try await fetch(of: try await person($0, $1), $0, $1)
        }
        .tells("The copy, for seven days.").gives(file: "application/zip").fails(410)
    }

    /// - Throws: 404, 403 for somebody who may do more than the viewer: their data would say more than the viewer may see.
    private func person(_ incoming: Incoming, _ context: MemberContext) async throws -> UUID {
        let standing = try await context.read(Standing.find(try incoming.id(), context.tenant.id))
        guard RoleDesk(context).mayTouch(standing.roles) else { throw Failure.forbidden }
        return standing.id
    }

    private func list(of member: UUID, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        // What stands here belongs to the person alone, also while somebody of the office only looks at pages.
        guard context.session.preview == nil else { throw Failure.previewOnly }
        let (cursor, size) = (try incoming.cursor(), try incoming.limit())
        let (standing, lines, total) = try await context.read(
            Standing.find(member, context.tenant.id), DataExport.page(of: member, cursor, size: size, context.tenant.id),
            DataExport.count(of: member, context.tenant.id))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            ExportsPage(page, total, of: standing, context),
            json: ListJSON(
                items: page.lines.map { DataExportJSON($0, now: context.now) }, nextCursor: page.next?.text, total: total))
    }

    private func ask(for member: UUID, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.requireFresh()
        try await DataExports.asking.spend(member.text, context.proved(), now: context.now)
        return try await context.once(incoming) { tx in
            let export = try await DataExports(tx: tx).request(for: member, by: context.memberID)
            return try Effect(
                DataExportJSON(export, now: context.now), at: ExportsPage.path(of: member, context),
                flash: Flash(PrivacyMessages(context.language).exports.asked))
        }
    }

    private func fetch(of member: UUID, _ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id("export")
        let export = try await context.read(DataExport.find(id, of: member, context.tenant.id))
        switch export.state(at: context.now) {
        case .waiting: throw Failure.notFound
        case .expired: throw Failure.exportExpired
        case .ready: break
        }
        guard let key = export.objectKey else { throw Failure.exportExpired }
        try await context.write { tx in try DataExports(tx: tx).fetched(export) }
        let bytes = try await store.get(key)
        let day = CalendarDate(export.requestedAt, in: context.tenant.timeZone)
        return .file(FileReply(.bytes(bytes), type: "application/zip", filename: "data-\(context.tenant.slug)-\(day).zip"))
    }
}

extension Failure {
    static let exportExpired = Failure(.gone, "export_expired", "This file is no longer there; ask for a new one")
}

struct DataExportJSON: Codable, Sendable {
    let id: String
    let memberId: String
    let requestedBy: String
    let requestedAt: Date
    let state: String
    let bytes: Int?
    let expiresAt: Date?

    init(_ export: DataExport, now: Date) {
        id = export.id.text
        memberId = export.memberID.text
        requestedBy = export.requester
        requestedAt = export.requestedAt
        state = export.state(at: now).rawValue
        bytes = export.bytes
        expiresAt = export.expiresAt
    }
}
