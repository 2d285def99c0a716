import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// What those who look after documents do with them.
extension DocumentRoutes {
    @Sendable func compose(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = DocumentDesk(context)
        let folders = try await context.read(Folder.all(desk.viewer))
        var values = FormValues()
        if let folder = incoming.query.single("folder") { values.add("folder_id", folder) }
        let page = desk.compose(values, [], folders)
        return .page(page)
    }

    @Sendable func add(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = DocumentDesk(context)
        do {
            let draft = try incoming.submission.read { DocumentDraft(&$0) }
            return try await storing(draft.file, incoming, desk) { tx, file in
                let document = try await desk.shelf(tx).add(draft, file)
                return try Effect(
                    DocumentJSON(document), at: document.path, flash: Flash(desk.t.new.added(name: document.name)))
            }
        } catch let errors as FormErrors {
            let folders = try await context.read(Folder.all(desk.viewer))
            let page = desk.compose(incoming.values, errors.problems, folders)
            return .refused(page: { page }, errors.problems)
        } catch let error as FileRefused {
            let folders = try await context.read(Folder.all(desk.viewer))
            let page = desk.compose(incoming.values, [error.problem(in: "file")], folders)
            return error.reply(in: "file") { page }
        } catch let failure as Failure where context.face == .page && failure.status == .tooManyRequests {
            let folders = try await context.read(Folder.all(desk.viewer))
            let page = desk.compose(incoming.values, [FieldProblem("file", .own(failure.code))], folders)
            return .failed(page: { page }, failure)
        }
    }

    @Sendable func addVersion(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (DocumentDesk(context), try incoming.id("document"))
        // Nobody's upload is looked at before it is clear that the document is there.
        guard try await context.read(Document.isOpen(id, desk.viewer)) else { throw Failure.notFound }
        do {
            let draft = try incoming.submission.read { VersionDraft(&$0) }
            return try await storing(draft.file, incoming, desk) { tx, file in
                let document = try await desk.shelf(tx).addVersion(file, to: id)
                let words = desk.t.show.replaced(number: String(document.newest.number))
                return try Effect(DocumentJSON(document), at: document.path, flash: Flash(words))
            }
        } catch let errors as FormErrors {
            let record = try await desk.record(id)
            return .refused(
                page: { desk.show(record, FormErrors(errors.problems, values: incoming.values)) }, errors.problems)
        } catch let error as FileRefused {
            let record = try await desk.record(id)
            let errors = FormErrors([error.problem(in: "file")], values: incoming.values)
            return error.reply(in: "file") { desk.show(record, errors) }
        } catch let failure as Failure where context.face == .page && failure.status == .tooManyRequests {
            let record = try await desk.record(id)
            let errors = FormErrors([FieldProblem("file", .own(failure.code))], values: incoming.values)
            return .failed(page: { desk.show(record, errors) }, failure)
        }
    }

    /// Stores the file before the transaction, and takes it back when that does not happen.
    private func storing(
        _ upload: Upload?, _ incoming: Incoming, _ desk: DocumentDesk, _ body: (Tx, StoredFile) async throws -> Effect
    ) async throws -> Reply {
        let context = desk.context
        try await Self.uploading.spend(context.memberID.text, context.proved(), now: context.now)
        let stored = try await files.take([upload].compactMap(\.self), tenant: context.tenant.id)
        do {
            guard let file = stored.first else { throw FormErrors([FieldProblem("file", .required)]) }
            return try await context.once(incoming) { tx in try await body(tx, file) }
        } catch {
            await files.discard(stored, after: error)
            throw error
        }
    }

    @Sendable func edit(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (DocumentDesk(context), try incoming.id("document"))
        guard try await context.read(Document.isOpen(id, desk.viewer)) else { throw Failure.notFound }
        do {
            let draft = try incoming.submission.read { DocumentEdit(&$0) }
            let document = try await context.write { tx in try await desk.shelf(tx).edit(id, draft) }
            return try .done(DocumentJSON(document), at: document.path, flash: Flash(desk.t.show.saved))
        } catch let errors as FormErrors {
            let record = try await desk.record(id)
            return .refused(
                page: { desk.show(record, FormErrors(errors.problems, values: incoming.values)) }, errors.problems)
        } catch let failure as Failure where context.face == .page && failure.code == Failure.staleVersion.code {
            let record = try await desk.record(id)
            return .conflict(page: { desk.show(record, FormErrors([], values: incoming.values), stale: true) }, failure)
        }
    }

    @Sendable func delete(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (DocumentDesk(context), try incoming.id("document"))
        let document = try await context.read(Document.find(id, desk.viewer))
        try await context.write { tx in try await desk.shelf(tx).delete(id) }
        return .gone(at: desk.place(document.folder), flash: Flash(desk.t.show.deleted(name: document.name)))
    }

    @Sendable func restore(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (DocumentDesk(context), try incoming.id("document"))
        do {
            let document = try await context.write { tx in try await desk.shelf(tx).restore(id) }
            return try .done(DocumentJSON(document), at: document.path, flash: Flash(desk.t.bin.restored))
        } catch let failure as Failure where context.face == .page && failure.status == .conflict {
            return .gone(at: "/documents/bin", flash: Flash(desk.t.problem(code: failure.code), tone: .warn))
        }
    }

    @Sendable func bin(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = DocumentDesk(context)
        let (folders, documents) = try await context.read(
            Folder.binned(desk.viewer, now: context.now), Document.binned(desk.viewer, now: context.now))
        return .show(
            desk.bin(folders, documents),
            json: ListJSON(
                items: folders.map { BinnedJSON($0) } + documents.map { BinnedJSON($0) }, nextCursor: nil,
                total: folders.count + documents.count))
    }
}
