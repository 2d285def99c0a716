import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// Uploading a file, saying what its columns mean, looking at the dry run, taking it over.
struct ImportRoutes: Sendable {
    func add(to routes: Routes) {
        routes.chapter("Imports")
        routes.get("imports", may: .editProperty, use: list)
            .tells("Lists imports of buildings, units and people, newest first.").asks(.text("q")).lists(ImportJSON.self)
        routes.post("imports", may: .editProperty, body: .uploads, use: upload)
            .tells("Brings a CSV file along; its columns are guessed and its rows checked by a job.")
            .takes { _ = Self.files(&$0) }.creates(ImportJSON.self)
        routes.get("imports/{id}", may: .editProperty, use: show)
            .tells("An import: its columns, how far it is, the first of its errors.").gives(ImportJSON.self)
        routes.post("imports/{id}/mapping", may: .editProperty, use: map)
            .tells("Says which column holds what, by number; the rows are checked anew.")
            .takes { _ = Self.mapping(&$0) }.gives(ImportJSON.self)
        routes.post("imports/{id}/run", may: .editProperty, use: run)
            .tells("Carries a checked import out.").takes { _ = Self.skips(&$0) }.gives(ImportJSON.self)
        routes.get("imports/{id}/errors.csv", may: .editProperty, use: errors)
            .tells("All errors as CSV.").gives(file: "text/csv")
    }

    @Sendable func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let request = try ListRequest(incoming, "/imports", [])
        let (page, total) = try await imports(request, context)
        return .show(
            ImportsPage(page, total, request, [], context),
            json: ListJSON(items: page.lines.map { ImportJSON($0) }, nextCursor: page.next?.text, total: total))
    }

    private func imports(_ request: ListRequest, _ context: MemberContext) async throws -> (KeysetPage<ImportRecord>, Int) {
        let (lines, total) = try await context.read(
            ImportRecord.page(context.tenant.id, request.cursor, size: request.size), ImportRecord.count(context.tenant.id))
        return (KeysetPage(lines, size: request.size, cursor: request.cursor) { $0.id }, total)
    }

    // MARK: Upload

    private static func files(_ form: inout FormReader) -> [Upload] {
        form.files("file", min: 1, max: 1, maxBytes: CSVFile.Limit.bytes)
    }

    /// The number of the column for each field.
    private static func mapping(_ form: inout FormReader) -> [ImportField: Int] {
        var mapping: [ImportField: Int] = [:]
        for field in ImportField.ordered { mapping[field] = form.optionalInt(field.rawValue, in: 0...CSVFile.Limit.columns) }
        return mapping
    }

    private static func skips(_ form: inout FormReader) -> Bool { form.flag("skip_errors") }

    @Sendable func upload(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        do {
            let uploads = try incoming.submission.read { Self.files(&$0) }
            guard let upload = uploads.first else { throw FormErrors([FieldProblem("file", .required)]) }
            let bytes = try await upload.bytes()
            let file = try await ImportJobs.readers.run { try CSVFile(bytes) }
            let name = upload.filename.isEmpty ? "import.csv" : upload.filename
            return try await context.once(incoming) { tx in
                let record = try await Imports(tx: tx).add(file, filename: name)
                return try Effect(ImportJSON(record), at: record.path)
            }
        } catch let errors as FormErrors where context.face == .page {
            let page = try await page(incoming, context, ProblemText.errors(errors.problems, context.language))
            return .refused(page: { page }, errors.problems)
        } catch let refused as CSVFile.Refused {
            guard context.face == .page else { throw Failure(refused, .api) }
            let words = PropertyMessages(context.language).imports.refused(code: refused.code, row: refused.row)
            let page = try await page(incoming, context, [FieldError(field: "file", code: refused.code, message: words)])
            return .failed(page: { page }, Failure(refused, context.face))
        }
    }

    private func page(_ incoming: Incoming, _ context: MemberContext, _ errors: [FieldError]) async throws -> ImportsPage {
        let request = try ListRequest(incoming, "/imports", [])
        let (page, total) = try await imports(request, context)
        return ImportsPage(page, total, request, errors, context)
    }

    // MARK: One import

    @Sendable func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let look = try await look(incoming, context)
        return .show(ImportPage(look, [], nil, context), json: ImportJSON(look.record, look.errors))
    }

    private func look(_ incoming: Incoming, _ context: MemberContext) async throws -> ImportLook {
        let id = try incoming.id()
        let (record, sample, errors) = try await context.read(
            ImportRecord.find(id, context.tenant.id), ImportCells.of(id, context.tenant.id, limit: 5),
            ImportError.of(id, context.tenant.id, limit: 100))
        return ImportLook(record: record, sample: sample, errors: errors)
    }

    @Sendable func map(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        do {
            let mapping = try incoming.submission.read { Self.mapping(&$0) }
            let record = try await context.write { tx in try await Imports(tx: tx).map(id, mapping) }
            return try .done(ImportJSON(record), at: record.path)
        } catch let errors as FormErrors {
            let page = ImportPage(try await look(incoming, context), errors.problems, incoming.values, context)
            return .refused(page: { page }, errors.problems)
        }
    }

    @Sendable func run(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let skipping = try incoming.submission.read { Self.skips(&$0) }
        do {
            let record = try await context.write { tx in try await Imports(tx: tx).run(id, skipping: skipping) }
            return try .done(ImportJSON(record), at: record.path)
        } catch let failure as Failure where failure.code == Failure.importHasErrors.code {
            let page = ImportPage(
                try await look(incoming, context), [FieldProblem("skip_errors", .own(failure.code))], nil, context)
            return .failed(page: { page }, failure)
        }
    }

    @Sendable func errors(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let t = PropertyMessages(context.language)
        let record = try await context.read(ImportRecord.find(id, context.tenant.id))
        var csv = CSV(head: [t.imports.row, t.imports.column, t.imports.value, t.imports.whatToDo])
        var last = 0
        while true {
            // All errors of a row come together, so that none is lost between two pages.
            let errors = try await context.read(ImportError.of(id, context.tenant.id, after: last, limit: 5_000))
            let full = errors.count == 5_000
            let end = errors.last?.number ?? 0
            let cut = full && errors.first?.number != end
            for error in errors where !cut || error.number < end { csv.append(ImportErrorRow(error, record, t).cells) }
            guard full else { break }
            last = cut ? end - 1 : end
        }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "import-errors.csv"))
    }
}

/// An import with what its page shows of it.
struct ImportLook: Sendable {
    let record: ImportRecord
    let sample: [ImportCells]
    let errors: [ImportError]
}

extension Failure {
    /// 422 for people, 400 for programs; 413 for what is too large.
    fileprivate init(_ refused: CSVFile.Refused, _ face: Face) {
        let words = PropertyMessages(.en).imports.refused(code: refused.code, row: refused.row)
        self.init(
            refused.code == "csv_too_large" ? .contentTooLarge : face == .api ? .badRequest : .unprocessableContent, refused.code,
            words)
        problems = [FieldProblem("file", .own(refused.code))]
    }
}
