import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// Uploading a file, saying what its columns mean, looking at the dry run, taking it over.
struct ImportRoutes: Sendable {
    func add(to routes: Routes) {
        routes.get("imports", may: .editProperty, use: list)
        routes.post("imports", may: .editProperty, body: .uploads, use: upload)
        routes.get("imports/{id}", may: .editProperty, use: show)
        routes.post("imports/{id}/mapping", may: .editProperty, use: map)
        routes.post("imports/{id}/run", may: .editProperty, use: run)
        routes.get("imports/{id}/errors.csv", may: .editProperty, use: errors)
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

    @Sendable func upload(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        do {
            let uploads = try incoming.submission.read { $0.files("file", min: 1, max: 1, maxBytes: CSVFile.Limit.bytes) }
            guard let upload = uploads.first else { throw FormErrors([FieldProblem("file", .required)]) }
            let bytes = try await upload.bytes()
            let file = try await ImportJobs.readers.run { try CSVFile(bytes) }
            let name = upload.filename.isEmpty ? "import.csv" : upload.filename
            return try await context.once(incoming) { tx in
                let record = try await Imports(tx: tx).add(file, filename: name)
                return try Effect(ImportJSON(record), at: record.path)
            }
        } catch let errors as FormErrors {
            let page = try await page(incoming, context, ProblemText.errors(errors.problems, context.language))
            return .refused(page: { page }, errors.problems)
        } catch let refused as CSVFile.Refused {
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
            let mapping = try incoming.submission.read { form in
                var mapping: [ImportField: Int] = [:]
                for field in ImportField.ordered {
                    mapping[field] = form.optionalInt(field.rawValue, in: 0...CSVFile.Limit.columns)
                }
                return mapping
            }
            let record = try await context.write { tx in try await Imports(tx: tx).map(id, mapping) }
            return try .done(ImportJSON(record), at: record.path)
        } catch let errors as FormErrors {
            let page = ImportPage(try await look(incoming, context), errors.problems, incoming.values, context)
            return .refused(page: { page }, errors.problems)
        }
    }

    @Sendable func run(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let skipping = try incoming.submission.read { $0.flag("skip_errors") }
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
