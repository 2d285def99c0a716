import Database
import Foundation

/// What the recomputation of a company's chain found.
package struct AuditVerdict: Codable, Sendable {
    package enum Kind: String, Codable, CaseIterable, Sendable {
        /// A stored field of the line, or its seal, is not what was sealed.
        case altered
        /// The line is gone, or a seal in the middle.
        case removed
        /// The line came later than it says: it claims a time that was sealed already.
        case inserted
    }

    /// The first line in the chain's order that is wrong.
    package struct Finding: Codable, Sendable {
        package let kind: Kind
        /// Nil where its seal is gone as well.
        package let line: String?
        package let seal: Int64?
    }

    /// Lines that were sealed; with a finding, up to it.
    package var sealed: Int64 = 0
    /// Lines that wait for the next minute's seal.
    package var waiting = 0
    /// Hash of the last seal, hexadecimal. Whoever notes it elsewhere, with its number, can later prove that the chain still holds
    /// it (`portico audit verify --head`).
    package var head = ""
    package var finding: Finding?

    package var isIntact: Bool { finding == nil }
    /// "intact", "altered", "removed" or "inserted".
    package var result: String { finding?.kind.rawValue ?? "intact" }
}

/// A seal that somebody noted: number and hash.
package struct NotedSeal: Sendable {
    let number: Int64
    let hash: String

    /// Reads "1204:5f3a…", 64 hexadecimal digits.
    package init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let number = Int64(parts[0]), number > 0, parts[1].count == 64 else { return nil }
        self.number = number
        hash = parts[1].lowercased()
    }
}

/// Recomputes a company's chain. Reads only.
package struct AuditVerifier {
    private let tx: Tx
    private let portion: Int

    package init(_ tx: Tx, portion: Int = 2_000) {
        self.tx = tx
        self.portion = portion
    }

    /// Clocks of nodes differ, and transactions take a while: so much may lie between a line's time and its being written.
    private static let grace: Int64 = 3_600_000_000

    private struct Link: Sendable {
        let number: Int64
        let line: UUID
        let hash: [UInt8]
        let horizon: Int64
        let sealedAt: Int64
        let fields: SealedFields

        init(_ row: Row) throws {
            number = try row[at: 0]
            line = try row[at: 1]
            hash = try row[at: 2]
            horizon = try row[at: 3]
            sealedAt = try row[at: 4]
            fields = try SealedFields(row, from: 5)
        }

        /// The join found no line: its columns are all missing.
        var isGone: Bool { fields.texts[1] == nil }
    }

    private struct Walk {
        var number: Int64 = 0
        var hash = Seal.beginning
        var horizon: Int64 = 0
        /// When this run of the sealer and the one before it were.
        var sealedAt: Int64?
        var before: Int64?
    }

    package func verify(noted: NotedSeal? = nil) async throws -> AuditVerdict {
        var (walk, verdict) = (Walk(), AuditVerdict())
        while verdict.finding == nil {
            let links = try await tx.query(links(after: walk.number))
            for link in links {
                verdict.finding = check(link, &walk, noted)
                if verdict.finding != nil { break }
            }
            if links.count < portion { break }
        }
        verdict.sealed = walk.number
        verdict.head = walk.hash.hex
        if verdict.finding == nil, let noted, noted.number > walk.number {
            verdict.finding = AuditVerdict.Finding(kind: .removed, line: nil, seal: walk.number + 1)
        }
        verdict.waiting = try await tx.query(waiting)
        if verdict.finding == nil, let line = try await tx.query(stranger(walk)) {
            verdict.finding = AuditVerdict.Finding(kind: .inserted, line: line, seal: nil)
        }
        return verdict
    }

    private func check(_ link: Link, _ walk: inout Walk, _ noted: NotedSeal?) -> AuditVerdict.Finding? {
        let line = link.line.uuidString.lowercased()
        let finding = { (kind: AuditVerdict.Kind) in AuditVerdict.Finding(kind: kind, line: line, seal: link.number) }
        guard link.number == walk.number + 1 else {
            return AuditVerdict.Finding(kind: .removed, line: nil, seal: walk.number + 1)
        }
        guard !link.isGone else { return finding(.removed) }
        let seal = Seal(number: link.number, sealedAt: link.sealedAt, horizon: link.horizon)
        guard seal.hash(after: walk.hash, link.fields) == link.hash else { return finding(.altered) }
        if let noted, noted.number == link.number, noted.hash != link.hash.hex { return finding(.altered) }
        if walk.sealedAt != link.sealedAt { (walk.before, walk.sealedAt) = (walk.sealedAt, link.sealedAt) }
        if let before = walk.before, link.fields.at < before - Self.grace { return finding(.inserted) }
        (walk.number, walk.hash, walk.horizon) = (link.number, link.hash, link.horizon)
        return nil
    }

    // MARK: SQL

    private func links(after number: Int64) -> Query<[Link]> {
        .many(
            """
            select s.id, s.line_id, s.hash, s.horizon, (extract(epoch from s.sealed_at) * 1000000)::bigint, \(SealedFields.columns)
              from app.audit_seal s left join app.audit_line l on l.tenant_id = s.tenant_id and l.id = s.line_id
             where s.tenant_id = \(tx.facts.tenant) and s.id > \(number) order by s.id limit \(portion)
            """
        ) { try Link($0) }
    }

    private static let unsealed: SQL =
        "not exists (select from app.audit_seal s where s.tenant_id = l.tenant_id and s.line_id = l.id)"

    private var waiting: Query<Int> {
        .value("select count(*) from app.audit_line l where l.tenant_id = \(tx.facts.tenant) and \(Self.unsealed)", Int.self)
    }

    /// A line without a seal that the last run of the sealer must have seen, had it been there, or that claims a time before it.
    private func stranger(_ walk: Walk) -> Query<String?> {
        guard let sealedAt = walk.sealedAt else { return .known(nil) }
        return .firstValue(
            """
            select l.id::text from app.audit_line l
             where l.tenant_id = \(tx.facts.tenant) and \(Self.unsealed)
               and ((l.written_xid < \(walk.horizon) and pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= \(walk.horizon))
                    or l.at < timestamptz 'epoch' + \(sealedAt - Self.grace) * interval '1 microsecond')
             order by l.id limit 1
            """, String.self)
    }
}
