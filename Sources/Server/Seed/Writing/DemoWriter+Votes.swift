import Database
import Foundation
import Votes

extension DemoWriter {
    /// A unit's part of its house, by its area: uneven fractions that add up to one whole.
    func insertUnitShares() -> SQL {
        let rows = records.units.indices.compactMap { unit in records.unitFacts[unit].map { (unit: unit, area: Int64($0.area)) } }
        var sums: [Int: Int64] = [:]
        for row in rows { sums[records.units[row.unit].building, default: 0] += row.area }
        return """
            insert into app.unit_share(tenant_id, id, numerator, denominator)
            select \(tenant), t.* from unnest(\(rows.map { records.units[$0.unit].id }), \(rows.map(\.area)),
                                             \(rows.map { sums[records.units[$0.unit].building] ?? 1 })) as t
            """
    }

    func writeVotes(_ tx: Tx) async throws -> Int {
        for (number, vote) in records.votes.enumerated() {
            var order = 0
            try await vote.write(tx, day: records.end.day, now: records.end.at) { at in
                order += 1
                return .demo(at: at, order: order, "vote/\(number)/\(order)")
            }
        }
        return records.votes.count
    }
}
