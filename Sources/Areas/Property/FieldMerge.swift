import Forms
import Foundation
import Web

/// An edit: the wanted values of the fields that were given, and what the form showed when it was opened. All as they are kept.
struct FieldEdit: Sendable {
    let wanted: [String: String]
    let opened: [String: String]
    let version: Int?

    init(_ kind: EstateKind, _ form: inout FormReader) {
        var wanted: [String: String] = [:]
        var opened: [String: String] = [:]
        for name in kind.fields {
            if form.has(name) { wanted[name] = kind.read(name, &form) }
            if form.has("opened_\(name)") { opened[name] = form.text("opened_\(name)", .max(500), .lines) }
        }
        self.wanted = wanted
        self.opened = opened
        version = form.optionalInt("version", in: 1...Int(Int32.max))
    }

    /// Three-way merge: what the form showed, what stands now, what is wanted.
    ///
    /// - Throws: `FieldConflict` when both sides changed the same field to different things; 409 when a stale version comes
    ///   without the values that it was based on (programs).
    func merged(with record: EstateRecord) throws -> [String: String] {
        let now = record.fields
        guard let version, version != record.version else { return now.merging(wanted) { $1 } }
        guard !opened.isEmpty else { throw Failure.staleVersion }
        var result = now
        var lines: [FieldConflict.Line] = []
        for name in record.kind.fields {
            guard let mine = wanted[name] else { continue }
            let (base, theirs) = (opened[name] ?? "", now[name] ?? "")
            if mine == base || mine == theirs { continue }
            if theirs == base {
                result[name] = mine
            } else {
                lines.append(.init(field: name, base: base, theirs: theirs, mine: mine))
            }
        }
        guard lines.isEmpty else { throw FieldConflict(record: record, lines: lines, merged: result) }
        return result
    }
}

/// Two people changed the same field to different things.
struct FieldConflict: Error, Sendable {
    struct Line: Sendable {
        let field: String
        let base: String
        let theirs: String
        let mine: String
    }

    let record: EstateRecord
    let lines: [Line]
    /// Everything that could be merged without asking.
    let merged: [String: String]
}
