import Database
import Forms
import Foundation
import HTML
import UI
import Web

extension ImportsPage {
    init(
        _ page: KeysetPage<ImportRecord>, _ total: Int, _ request: ListRequest, _ errors: [FieldError], _ context: MemberContext
    ) {
        let t = PropertyMessages(context.language)
        self.init(
            action: "/imports", errors: errors,
            file: Field(
                "file", label: t.imports.file, hint: t.imports.fileHint, error: errors.message(for: "file"), required: true),
            summary: t.imports.summary(count: total),
            rows: page.lines.map { record in
                ImportLine(
                    path: record.path, name: record.filename, state: record.badge(t), rows: t.imports.rows(count: record.rows),
                    addedBy: record.addedBy, added: context.format.moment(record.addedAt), result: record.result(t))
            }, pager: request.pager(page, t.imports.summary(count: total)))
    }
}

extension ImportRecord {
    func badge(_ t: PropertyMessages) -> Badge {
        let text = t.imports.state(state: state.rawValue)
        return switch state {
        case .mapping: Badge(text, tone: .note, mark: .ring)
        case .checking, .importing: Badge(text, tone: .info, mark: .dot)
        case .checked: errors == 0 ? Badge(text, tone: .note, mark: .half) : Badge(text, tone: .warn, mark: .triangle)
        case .done: Badge(text, tone: .ok, mark: .check)
        case .failed: Badge(text, tone: .bad, mark: .triangle)
        case .expired: Badge(text, tone: .note, mark: .strike)
        }
    }

    fileprivate func result(_ t: PropertyMessages) -> String {
        guard state == .done, let counts else { return "" }
        return t.imports.result(
            buildings: counts.buildings.new, units: counts.units.new, people: counts.people.new,
            occupancies: counts.occupancies.new)
    }
}

extension ImportPage {
    init(_ look: ImportLook, _ problems: [FieldProblem], _ values: FormValues?, _ context: MemberContext) {
        let t = PropertyMessages(context.language)
        let record = look.record
        let number = context.format.number
        var facts = [
            Fact(t.imports.rowsLabel, number(record.rows)), Fact(t.imports.addedBy, record.addedBy),
            Fact(t.imports.added, context.format.dateTime(record.addedAt))
        ]
        if let runBy = record.runBy { facts.append(Fact(t.imports.runBy, runBy)) }
        if let finishedAt = record.finishedAt { facts.append(Fact(t.imports.finished, context.format.dateTime(finishedAt))) }
        let runProblem = problems.contains { $0.field == "skip_errors" }
        self.init(
            title: record.filename, crumbs: [Crumb(t.imports.title, "/imports"), Crumb(record.filename)], state: record.badge(t),
            facts: facts, progress: record.isBusy ? ImportProgress(record, t, context) : nil,
            problem: record.problem.map { t.problems(code: $0) },
            expired: record.state == .expired ? t.imports.expiredText(days: ExpireImports.days) : nil,
            mapping: [.mapping, .checked, .failed].contains(record.state)
                ? ImportMapping(record, runProblem ? [] : problems, values, t, context) : nil,
            head: record.state == .mapping ? record.columns : [],
            sample: record.state == .mapping
                ? look.sample.map { row in record.columns.indices.map { row.cells.indices.contains($0) ? row.cells[$0] : "" } }
                : [],
            counts: record.counts.map { $0.rows(t, number) } ?? [],
            countsTitle: record.state == .done ? t.imports.did : t.imports.would,
            errorSummary: record.counts == nil ? "" : t.imports.errors(count: record.errors),
            errors: record.isBusy ? [] : look.errors.map { ImportErrorRow($0, record, t) },
            errorsCSV: record.errors > 0 ? "\(record.path)/errors.csv" : nil,
            run: record.state == .checked
                ? ImportRunForm(
                    action: "\(record.path)/run", mustSkip: record.errors > 0,
                    problem: runProblem ? t.problems(code: "import_has_errors") : nil) : nil)
    }
}

extension ImportProgress {
    fileprivate init(_ record: ImportRecord, _ t: PropertyMessages, _ context: MemberContext) {
        let isChecking = record.state == .checking
        self.init(
            text: isChecking
                ? t.imports.checking(done: context.format.number(record.progress), rows: context.format.number(record.rows))
                : t.imports.importing,
            value: isChecking ? record.progress : 0, most: isChecking ? max(1, record.rows) : 0, again: record.path)
    }
}

extension ImportMapping {
    fileprivate init(
        _ record: ImportRecord, _ problems: [FieldProblem], _ values: FormValues?, _ t: PropertyMessages, _ context: MemberContext
    ) {
        let errors = ProblemText.errors(problems, context.language) { t.problems(code: $0) }
        let columns = record.columns.enumerated().map { Choice(String($0.offset), $0.element.isEmpty ? "–" : $0.element) }
        self.init(
            action: "\(record.path)/mapping", errors: errors,
            items: ImportField.ordered.map { field in
                let value = values.map { $0[field.rawValue] } ?? record.mapping[field].map(String.init) ?? ""
                return FormItem(
                    field: Field(
                        field.rawValue, label: t.imports.field(field: field.rawValue), value: value,
                        error: errors.message(for: field.rawValue)), choices: columns, prompt: t.imports.notInFile)
            }, open: record.state == .mapping || !problems.isEmpty)
    }
}

extension ImportErrorRow {
    init(_ error: ImportError, _ record: ImportRecord, _ t: PropertyMessages) {
        let column = record.mapping[error.field].flatMap { record.columns.indices.contains($0) ? record.columns[$0] : nil }
        self.init(
            number: String(error.number), column: column ?? t.imports.field(field: error.field.rawValue), value: error.value,
            text: t.imports.problem(code: error.code, detail: error.detail))
    }
}

extension ImportCounts {
    fileprivate func rows(_ t: PropertyMessages, _ number: (Int) -> String) -> [ImportCountRow] {
        let all: [(String, Count)] = [
            (t.buildings.title, buildings), (t.parts.entrances, entrances), (t.units.title, units), (t.persons.title, people),
            (t.imports.occupancies, occupancies)
        ]
        return all.map { name, count in
            ImportCountRow(name: name, new: number(count.new), changed: number(count.changed), same: number(count.same))
        }
    }
}

struct ImportJSON: Codable, Sendable {
    struct Problem: Codable, Sendable {
        let row: Int
        let column: String
        let value: String
        let code: String
        let message: String
    }

    let id: String
    let importId: String
    let filename: String
    let columns: [String]
    let mapping: [String: Int]
    let status: String
    let rows: Int
    let progress: Int
    let errorRows: Int
    let counts: ImportCounts?
    let problem: String?
    let addedBy: String
    let addedAt: Date
    let finishedAt: Date?
    /// The first hundred.
    let errors: [Problem]?

    init(_ record: ImportRecord, _ errors: [ImportError]? = nil) {
        id = record.id.text
        importId = record.id.text
        filename = record.filename
        columns = record.columns
        mapping = ImportField.names(record.mapping)
        status = record.state.rawValue
        rows = record.rows
        progress = record.progress
        errorRows = record.errors
        counts = record.counts
        problem = record.problem
        addedBy = record.addedBy
        addedAt = record.addedAt
        finishedAt = record.finishedAt
        let t = PropertyMessages(.en)
        self.errors = errors?.map {
            let row = ImportErrorRow($0, record, t)
            return Problem(row: $0.number, column: row.column, value: row.value, code: $0.code, message: row.text)
        }
    }
}
