import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// Making, changing and removing folders.
extension DocumentRoutes {
    @Sendable func composeFolder(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = DocumentDesk(context)
        let parent = incoming.query.single("folder").flatMap { UUID(uuidString: $0) }
        let (folders, buildings) = try await context.read(Folder.all(desk.viewer), BuildingName.all(context.tenant.id))
        let page = desk.form(nil, nil, [], folders, buildings, parent: parent)
        return .page(page)
    }

    @Sendable func makeFolder(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = DocumentDesk(context)
        do {
            let draft = try incoming.submission.read { FolderDraft(&$0, roles: context.tenant.roles.map(\.key)) }
            return try await context.once(incoming) { tx in
                let folder = try await desk.shelf(tx).make(draft)
                return try Effect(
                    FolderJSON(folder, desk.viewer), at: folder.address, flash: Flash(desk.t.folder.made(name: folder.name)))
            }
        } catch let errors as FormErrors {
            let page = try await again(nil, incoming, errors.problems, desk)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where context.face == .page && failure.code == Failure.tooManyFolders.code {
            let page = try await again(nil, incoming, [FieldProblem("parent_id", .own(failure.code))], desk)
            return .failed(page: { page }, failure)
        }
    }

    @Sendable func folderEditor(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = DocumentDesk(context)
        let page = try await again(try incoming.id("folder"), nil, [], desk)
        return .page(page)
    }

    @Sendable func changeFolder(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (DocumentDesk(context), try incoming.id("folder"))
        let before = try await context.read(Folder.find(id, desk.viewer))
        do {
            // A role that the company has no more stays where it is: without it the folder would be everybody's.
            let roles = context.tenant.roles.map(\.key) + before.roles
            let draft = try incoming.submission.read { FolderDraft(&$0, roles: roles) }
            let folder = try await context.write { tx in try await desk.shelf(tx).change(id, draft) }
            return try .done(FolderJSON(folder, desk.viewer), at: folder.address, flash: Flash(desk.t.folder.saved))
        } catch let errors as FormErrors {
            let page = try await again(id, incoming, errors.problems, desk)
            return .refused(page: { page }, errors.problems)
        } catch let failure as Failure where context.face == .page && failure.code == Failure.staleVersion.code {
            let page = try await again(id, incoming, [], desk, stale: true)
            return .conflict(page: { page }, failure)
        } catch let failure as Failure where context.face == .page && failure.code == Failure.tooManyFolders.code {
            let page = try await again(id, incoming, [FieldProblem("parent_id", .own(failure.code))], desk)
            return .failed(page: { page }, failure)
        }
    }

    /// The form, with what was typed into it if it comes back.
    private func again(
        _ id: UUID?, _ incoming: Incoming?, _ problems: [FieldProblem], _ desk: DocumentDesk, stale: Bool = false
    ) async throws -> FolderFormPage {
        let (folders, buildings) = try await desk.context.read(
            Folder.all(desk.viewer),
            BuildingName.all(
                desk.viewer.tenant,
                first: id.map {
                    "select building_id from app.folder_building where tenant_id = \(desk.viewer.tenant) and folder_id = \($0)"
                }))
        let folder = folders.first { $0.id == id }
        if id != nil, folder == nil { throw Failure.notFound }
        let parent = incoming.flatMap { UUID(uuidString: $0.values["parent_id"]) }
        return desk.form(folder, incoming?.values, problems, folders, buildings, parent: parent, stale: stale)
    }

    @Sendable func deleteFolder(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (DocumentDesk(context), try incoming.id("folder"))
        let folder = try await context.read(Folder.find(id, desk.viewer))
        try await context.write { tx in try await desk.shelf(tx).deleteFolder(id) }
        return .gone(at: desk.place(folder.parent), flash: Flash(desk.t.show.deleted(name: folder.name)))
    }

    @Sendable func restoreFolder(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (DocumentDesk(context), try incoming.id("folder"))
        do {
            let folder = try await context.write { tx in try await desk.shelf(tx).restoreFolder(id) }
            return try .done(FolderJSON(folder, desk.viewer), at: folder.address, flash: Flash(desk.t.bin.restored))
        } catch let failure as Failure where context.face == .page && failure.status == .conflict {
            return .gone(at: "/documents/bin", flash: Flash(desk.t.problem(code: failure.code), tone: .warn))
        }
    }
}
