import Database
import Faults
import Foundation
import Images

/// Writes one company's records in the transaction that it is given.
struct DemoWriter: Sendable {
    /// Another seed holds this company's lock.
    struct SomebodyElseWrites: Error {}

    let tenant: Int32
    let records: DemoRecords
    let passwordHash: String
    let prints: [Sketch: PreparedPhoto]
    let keep: DemoSeed.Keep
    let tokens: VisitorTokens

    /// Rows per statement: each stays far from the statement timeout of the role.
    static let portion = 1_000

    static func hasMembers(_ tenant: Int32) -> Query<Bool> {
        .value("select exists (select from app.member where tenant_id = \(tenant))", Bool.self)
    }

    /// Rows by table; `nil` when the company has members already.
    func write(_ tx: Tx) async throws -> [String: Int]? {
        // Asked for, not waited for: the role's lock timeout is shorter than a seed takes.
        let name = "portico demo seed \(tenant)"
        guard try await tx.value("select pg_try_advisory_xact_lock(hashtextextended(\(name), 0))", Bool.self) else {
            throw SomebodyElseWrites()
        }
        guard try await !tx.query(Self.hasMembers(tenant)) else { return nil }
        var rows: [String: Int] = [:]
        rows["member"] = try await portions(records.members) { try await tx.execute(insertMembers($0)) }
        rows["building"] = try await portions(records.buildings) { try await tx.execute(insertBuildings($0)) }
        rows["entrance"] = try await portions(records.entrances) { try await tx.execute(insertParts($0, "app.entrance")) }
        rows["common_part"] = try await portions(records.commonParts) { try await tx.execute(insertParts($0, "app.common_part")) }
        rows["unit"] = try await portions(records.units) { try await tx.execute(insertUnits($0)) }
        rows["occupancy"] = try await portions(records.occupancies) { try await tx.execute(insertOccupancies($0)) }
        rows["fault"] = try await portions(records.faults) { try await tx.execute(insertFaults($0)) }
        rows["report_code"] = try await tx.execute(insertCodes())
        if let visit = insertVisit() { rows["fault_visitor"] = try await tx.execute(visit) }
        rows["fault_entry"] = try await portions(records.faults) { try await tx.execute(insertEntries($0)) }
        rows["technician_skill"] = try await tx.execute(insertSkills())
        rows["technician_building"] = try await tx.execute(insertRounds())
        _ = try await tx.execute(markDeadlines())
        rows["fault_comment"] = try await portions(records.comments) { try await tx.execute(insertComments($0)) }
        rows["fault_suggestion"] = try await portions(records.faults) { try await tx.execute(insertSuggestions($0)) }
        if let outage = records.outage { rows["incident"] = try await write(outage, tx) }
        for conversation in records.conversations { rows.merge(try await write(conversation, tx), uniquingKeysWith: +) }
        rows["announcement"] = 0
        for one in records.news { rows["announcement", default: 0] += try await write(one, tx) }
        rows["document"] = try await writeShelf(tx)
        rows["counter"] = try await tx.execute(insertCounters())
        rows["invitation"] = try await tx.execute(insertInvitations())
        rows["delegation"] = try await tx.execute(insertDelegations())
        rows["unit_share"] = try await tx.execute(insertUnitShares())
        rows["vote"] = try await writeVotes(tx)
        rows["registration"] = try await tx.execute(insertRegistrations())
        if let entry = records.supportEntry { rows["support_entry"] = try await write(entry, tx) }
        rows["preview"] = try await tx.execute(insertPreviews())
        rows["personal_token"] = try await tx.execute(insertTokens())
        rows["device"] = 0
        for insert in insertDevices() { rows["device"] = try await tx.execute(insert) }
        rows["push_registration"] = try await tx.execute(insertPushDevices())
        rows["notification"] = try await portions(records.notices) { try await tx.execute(insertNotices($0)) }
        rows["delivery"] = try await tx.execute(insertDeliveries())
        rows["delivery_try"] = try await tx.execute(insertTries())
        rows["audit_line"] = try await portions(records.auditLines) { try await tx.execute(insertAuditLines($0)) }
        _ = try await tx.execute(markSignIns())
        rows["fault_photo"] = try await portions(records.photos, of: 20) {
            try await tx.execute(insertPhotos(try await stored($0)))
        }
        return rows
    }

    private func portions<Item>(
        _ items: [Item], of size: Int = portion, _ insert: ([Item]) async throws -> Int
    ) async throws -> Int {
        var count = 0
        for start in stride(from: 0, to: items.count, by: size) {
            count += try await insert(Array(items[start..<min(start + size, items.count)]))
        }
        return count
    }

    // MARK: Photos

    struct StoredPrint: Sendable {
        let photo: DemoRecords.Photo
        let key: String
        let thumbKey: String
        let full: PreparedPhoto.Picture
    }

    /// In small portions between statements, so that the transaction is never idle for long.
    private func stored(_ photos: [DemoRecords.Photo]) async throws -> [StoredPrint] {
        try await withThrowingTaskGroup(of: StoredPrint?.self) { group in
            for photo in photos { group.addTask { try await store(photo) } }
            return try await group.reduce(into: []) { stored, print in
                if let print { stored.append(print) }
            }
        }
    }

    private func store(_ photo: DemoRecords.Photo) async throws -> StoredPrint? {
        guard let print = prints[photo.sketch] else { return nil }
        let key = try await keep(print.full.bytes, tenant)
        let thumbKey = try await keep(print.thumb.bytes, tenant)
        return StoredPrint(photo: photo, key: key, thumbKey: thumbKey, full: print.full)
    }
}
