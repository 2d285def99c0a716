import Audit
import Database
import Forms
import Foundation
import Property
import Web

/// What part of the whole property each unit of a building has: what votes by shares are weighed with.
struct UnitShareLine: Record, Sendable {
    let id: UUID
    let label: String
    let share: Share?

    init(row: Row) throws {
        id = try row["id"]
        label = try row["label"]
        let (top, bottom): (Int64?, Int64?) = (try row["numerator"], try row["denominator"])
        share = top.flatMap { top in bottom.flatMap { Share(top, $0) } }
    }

    static func of(_ building: UUID, _ tenant: Int32) -> Query<[UnitShareLine]> {
        .many(
            """
            select u.id, u.label, s.numerator, s.denominator from app.unit u
              left join app.unit_share s on s.tenant_id = u.tenant_id and s.id = u.id
             where u.tenant_id = \(tenant) and u.building_id = \(building) and u.archived_at is null order by u.floor, u.label limit 2000
            """)
    }

    static func sum(_ building: UUID, _ tenant: Int32) -> Query<String> {
        .value(
            """
            select app.fraction_sum(array_agg(s.numerator::numeric), array_agg(s.denominator::numeric)) from app.unit u
              join app.unit_share s on s.tenant_id = u.tenant_id and s.id = u.id
             where u.tenant_id = \(tenant) and u.building_id = \(building) and u.archived_at is null
            """, String.self)
    }
}

/// A line for each unit, as it comes out of a spreadsheet: its name, then its share behind a colon, semicolon or tab.
struct SharesDraft: Sendable {
    let building: UUID
    let lines: [(label: String, share: Share?)]

    init(_ form: inout FormReader) {
        building = form.uuid("building_id")
        let typed = form.text("shares", .required, .max(100_000), .lines)
        var lines: [(label: String, share: Share?)] = []
        for (number, line) in typed.split(separator: "\n").enumerated() {
            let cut = line.lastIndex { ":;\t".contains($0) }
            let label = (cut.map { line[..<$0] } ?? line).trimmingCharacters(in: .whitespaces)
            let text = cut.map { line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces) } ?? ""
            let share = Share(text)
            if label.isEmpty || (share == nil && !text.isEmpty) || cut == nil {
                form.fail("shares", .own("share_line_\(number + 1)"))
                break
            }
            lines.append((label: label, share: share))
        }
        self.lines = lines
    }
}

extension Votes {
    /// Sets the shares of the named units; one without a share has none from now on. Registers that were taken stay as they are.
    ///
    /// - Throws: `FormErrors` for a name that no unit of the building has.
    func setShares(_ draft: SharesDraft) async throws -> Int {
        let units = try await tx.query(UnitShareLine.of(draft.building, tenant.id))
        guard !units.isEmpty else { throw Failure.notFound }
        let byLabel = Dictionary(units.map { ($0.label.lowercased(), $0.id) }) { first, _ in first }
        var (ids, shares): ([UUID], [Share]) = ([], [])
        var cleared: [UUID] = []
        for (number, line) in draft.lines.enumerated() {
            guard let id = byLabel[line.label.lowercased()] else {
                throw FormErrors([FieldProblem("shares", .own("share_line_\(number + 1)"))])
            }
            if let share = line.share {
                ids.append(id)
                shares.append(share)
            } else {
                cleared.append(id)
            }
        }
        _ = try await tx.batch(
            Query.execute("delete from app.unit_share where tenant_id = \(tenant.id) and id = any(\(cleared + ids))"),
            Query.execute(
                """
                insert into app.unit_share(tenant_id, id, numerator, denominator)
                select distinct on (t.id) \(tenant.id), t.* from unnest(\(ids), \(shares.map(\.numerator)), \(shares.map(\.denominator)))
                       as t(id, numerator, denominator) order by t.id
                """))
        try tx.audit(
            "building.shares_changed", "building", draft.building, AuditChange(after: ["shares": "\(ids.count)"]))
        return ids.count
    }
}
