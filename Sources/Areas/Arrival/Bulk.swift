import Database
import Forms
import Foundation
import Property
import Tenancy
import Web

/// A list of people to be invited, as somebody's spreadsheet has it.
struct BulkList: Sendable {
    struct Row: Sendable {
        /// As a spreadsheet counts; 1 is the heading.
        let number: Int
        /// By the name of the form's field.
        let cells: [String: String]
        let draft: InvitationDraft?
        var problems: [FieldProblem]
        var person: Invitee?
    }

    static let most = 500
    static let fields = ["email", "role", "building", "unit", "language", "expires_at"]
    private static let headings = [
        "email": "email", "e-mail": "email", "mail": "email", "adresse": "email", "e-mail-adresse": "email",
        "e-mail address": "email", "role": "role", "rolle": "role", "building": "building", "gebäude": "building",
        "gebaeude": "building", "haus": "building", "unit": "unit", "einheit": "unit", "wohnung": "unit", "language": "language",
        "sprache": "language", "expires_at": "expires_at", "expires": "expires_at", "gültig bis": "expires_at",
        "gültig_bis": "expires_at", "gueltig_bis": "expires_at"
    ]

    var rows: [Row]

    /// - Throws: `FormErrors` on `csv` when the heading says neither who nor as what, or there are too many.
    init(_ file: CSVFile, _ office: Office) throws {
        let names = file.columns.map { Self.headings[$0.lowercased()] }
        guard names.contains("email"), names.contains("role") else {
            throw FormErrors([FieldProblem("csv", .own("column_missing"))])
        }
        guard file.lines.count <= Self.most else { throw FormErrors([FieldProblem("csv", .own("too_many_rows"))]) }
        rows = file.lines.map { line in
            let cells = Dictionary(
                zip(names, line.cells).compactMap { name, cell in name.map { ($0, cell) } },
                uniquingKeysWith: { first, _ in first })
            return Row(Int(line.number), cells, office)
        }
        refuseTwins()
    }

    private mutating func refuseTwins() {
        var seen: Set<String> = []
        for index in rows.indices {
            guard let email = rows[index].draft?.email, !seen.insert(email).inserted else { continue }
            rows[index].problems.append(FieldProblem("email", .own("twice")))
        }
    }

    /// What to ask about them; the answers go to `note`.
    func candidates(_ context: MemberContext) -> Query<[Candidates.Found]> {
        Candidates.find(rows.compactMap(\.draft), context.tenant.id, now: context.now)
    }

    /// Notes what is known here about them.
    mutating func note(_ answers: [Candidates.Found]) throws {
        var found = answers.makeIterator()
        for index in rows.indices {
            guard let draft = rows[index].draft, let one = found.next() else { continue }
            do {
                rows[index].person = try Invitee(draft, one)
            } catch let errors as FormErrors {
                rows[index].problems += errors.problems
            }
        }
    }

    var good: [Invitee] { rows.filter(\.problems.isEmpty).compactMap(\.person) }
    var bad: [Row] { rows.filter { !$0.problems.isEmpty } }
}

extension BulkList.Row {
    fileprivate init(_ number: Int, _ cells: [String: String], _ office: Office) {
        self.number = number
        self.cells = cells
        var (problems, draft): ([FieldProblem], InvitationDraft?) = ([], nil)
        do {
            draft = try Submission(cells.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }).read {
                InvitationDraft(&$0, office)
            }
        } catch let errors as FormErrors {
            problems = errors.problems
        } catch {
            problems = [FieldProblem("email", .wrongType)]
        }
        (self.problems, self.draft) = (problems, draft)
    }
}

/// The dry run's answer to programs.
struct BulkJSON: Codable, Sendable {
    struct Row: Codable {
        struct Problem: Codable {
            let field: String
            let code: String
        }

        let row: Int
        let email: String
        let role: String
        let errors: [Problem]
    }

    let good: Int
    let bad: Int
    let rows: [Row]

    init(_ list: BulkList) {
        good = list.good.count
        bad = list.bad.count
        rows = list.rows.map { row in
            Row(
                row: row.number, email: row.cells["email"] ?? "", role: row.cells["role"] ?? "",
                errors: row.problems.map { Row.Problem(field: $0.jsonField, code: $0.code.name) })
        }
    }
}
