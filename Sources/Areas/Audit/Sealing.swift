import Database
import Foundation
import Jobs

/// Seals what has been written since the last time; runs every minute for each company.
package struct SealAudit: Job {
    package static let kind = "audit.seal"
    package let due: Date
    package var uniqueKey: String? { "audit.seal" }

    package init(due: Date) {
        self.due = due
    }
}

package enum AuditJobs {
    package static func register(in handlers: inout JobHandlers) {
        handlers.register(SealAudit.self) { _, context in
            try await context.write { tx in _ = try await AuditSealer(tx).seal() }
        }
    }
}

/// Continues a company's chain. Writers of lines never wait for it, nor it for them.
package struct AuditSealer {
    private let tx: Tx
    /// Lines that are sealed with one statement.
    private let portion: Int

    package init(_ tx: Tx, portion: Int = 1_000) {
        self.tx = tx
        self.portion = portion
    }

    private struct Head: Record {
        let number: Int64
        let hash: [UInt8]
        let horizon: Int64

        init(row: Row) throws {
            number = try row["id"]
            hash = try row["hash"]
            horizon = try row["horizon"]
        }
    }

    /// A line that waits, the moment, and the oldest transaction that was still open then.
    private struct Waiting: Sendable {
        let id: UUID
        let now: Int64
        let oldest: Int64
        let written: Int64
        let fields: SealedFields

        init(_ row: Row) throws {
            id = try row[at: 0]
            now = try row[at: 1]
            oldest = try row[at: 2]
            written = try row[at: 3]
            fields = try SealedFields(row, from: 4)
        }
    }

    /// Seals every line that is visible and has no seal; gives their number.
    ///
    /// Where a line stands in the chain says only that it was sealed then. What makes sure that none is skipped is the horizon:
    /// each run looks again at everything that was not surely over when the last one looked.
    package func seal() async throws -> Int {
        let tenant = tx.facts.tenant
        let name = "portico audit seal \(tenant)"
        // Whoever finds another one at work has nothing to do: that one, or the next minute's, seals the same lines.
        guard try await tx.value("select pg_try_advisory_xact_lock(hashtextextended(\(name), 0))", Bool.self) else { return 0 }
        var head: Head? = try await tx.first(
            "select id, hash, horizon from app.audit_seal where tenant_id = \(tenant) order by id desc limit 1")
        let since = head?.horizon ?? 0
        var (count, sealedAt): (Int, Int64?) = (0, nil)
        while true {
            let waiting = try await tx.query(waiting(since: since))
            guard let first = waiting.first else { return count }
            let moment = sealedAt ?? first.now
            sealedAt = moment
            head = try await append(waiting, to: head, at: moment)
            count += waiting.count
            if waiting.count < portion { return count }
        }
    }

    /// In the order of their transactions. A database that was restored into another cluster counts transactions anew: then the
    /// horizon means nothing, and all lines are looked at.
    private func waiting(since horizon: Int64) -> Query<[Waiting]> {
        .many(
            """
            select l.id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, s.oldest, l.written_xid, \(SealedFields.columns)
              from (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest) s, app.audit_line l
             where l.tenant_id = \(tx.facts.tenant) and l.written_xid >= case when s.oldest < \(horizon) then 0 else \(horizon) end
               and not exists (select from app.audit_seal k where k.tenant_id = l.tenant_id and k.line_id = l.id)
             order by l.written_xid, l.id limit \(portion)
            """
        ) { try Waiting($0) }
    }

    private func append(_ lines: [Waiting], to head: Head?, at moment: Int64) async throws -> Head? {
        let full = lines.count == portion
        // A full portion may have left lines of its last transaction for the next one.
        let horizon = min(lines.first?.oldest ?? 0, full ? lines.last?.written ?? 0 : .max)
        var (number, hash) = (head?.number ?? 0, head?.hash ?? Seal.beginning)
        var (numbers, hashes): ([Int64], [[UInt8]]) = ([], [])
        for line in lines {
            number += 1
            hash = Seal(number: number, sealedAt: moment, horizon: horizon).hash(after: hash, line.fields)
            numbers.append(number)
            hashes.append(hash)
        }
        return try await tx.first(
            """
            with new as (
              insert into app.audit_seal(tenant_id, id, line_id, hash, horizon, sealed_at)
              select \(tx.facts.tenant), n.id, n.line_id, n.hash, \(horizon), timestamptz 'epoch' + \(moment) * interval '1 microsecond'
                from unnest(\(numbers), \(lines.map(\.id)), \(hashes)) as n(id, line_id, hash)
              returning id, hash, horizon)
            select id, hash, horizon from new order by id desc limit 1
            """)
    }
}
