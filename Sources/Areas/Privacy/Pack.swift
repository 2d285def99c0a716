import Archive
import Database
import Foundation
import HTML
import Identity
import Storage
import Tenancy
import Threads
import UI
import Web

/// One person's file in the making.
struct Pack: Sendable {
    let export: DataExport
    let tenant: Tenant
    let records: [PersonalData]
    let store: ObjectStore
    let threads: BoundedThreads
    let now: Date

    /// Rows of one list; whoever did more than that finds it cut, and the file says so.
    static let mostRows = 50_000
    /// Bytes of what was uploaded.
    static let mostBytes = 200 << 20

    /// Uploads wait in a folder of their own, so that one of them at a time stands in memory.
    func bytes(in spool: URL, _ db: Walled) async throws -> [UInt8] {
        let folder = spool.appending(path: "pack-\(export.id.text)")
        try await threads.run {
            // What a try that was cut off has left.
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        var (entries, notes): ([ZipFile.Entry], [String]) = ([], [])
        for table in records.flatMap(\.tables) {
            let rows = try await db.read(rows(of: table))
            if rows.count > Self.mostRows { notes.append(table.name) }
            entries += try Self.entries(table, Array(rows.prefix(Self.mostRows)))
        }
        let uploads = try await uploads(into: folder, db, &notes)
        entries.insert(.init("README.txt", .bytes(Array(readme(notes).utf8))), at: 0)
        let zip = folder.appending(path: "data.zip")
        return try await threads.run { [entries] in
            try ZipFile.write(entries + uploads, to: zip.path, at: now)
            return Array(try Data(contentsOf: zip))
        }
    }

    private func rows(of table: PersonalData.Table) -> Query<[[String]]> {
        .many(
            """
            select array_replace(cells, null, '') as cells from (\(table.rows(export.memberID, tenant.id))) as t
             limit \(Self.mostRows + 1)
            """
        ) { row in try row["cells"] }
    }

    private static func entries(_ table: PersonalData.Table, _ rows: [[String]]) throws -> [ZipFile.Entry] {
        var csv = CSV(head: table.columns)
        for row in rows { csv.append(row) }
        let records = rows.map { Dictionary(zip(table.columns, $0), uniquingKeysWith: { first, _ in first }) }
        return [
            .init("\(table.name).json", .bytes(try JSON.encode(records))), .init("\(table.name).csv", .bytes(csv.bytes))
        ]
    }

    private struct Upload: Record {
        let label: String
        let key: String

        init(row: Row) throws {
            label = try row["label"]
            key = try row["object_key"]
        }
    }

    private func uploads(into folder: URL, _ db: Walled, _ notes: inout [String]) async throws -> [ZipFile.Entry] {
        var (entries, room): ([ZipFile.Entry], Int) = ([], Self.mostBytes)
        for query in records.compactMap(\.uploads) {
            let sql = query(export.memberID, tenant.id)
            for upload in try await db.read(Query.many("\(sql) limit 2000", Upload.self)) {
                guard let bytes = try await object(upload.key, db) else { continue }
                guard bytes.count <= room else {
                    notes.append("uploads")
                    return entries
                }
                room -= bytes.count
                let kind = bytes.starts(with: [0xFF, 0xD8]) ? "jpg" : bytes.starts(with: [0x89, 0x50]) ? "png" : "webp"
                let name = "upload-\(entries.count + 1)-\(upload.label).\(kind)"
                let file = folder.appending(path: name)
                try await threads.run { try Data(bytes).write(to: file) }
                entries.append(.init(name, .file(file.path)))
            }
        }
        return entries
    }

    /// Also what still waits for the storage (`app.blob_spool`). Nil where it is lost: the rest of somebody's data does not wait for
    /// that.
    private func object(_ key: String, _ db: Walled) async throws -> [UInt8]? {
        do {
            return try await store.get(key)
        } catch StorageError.notFound {
            let id = ObjectKey(key)?.id
            return try await db.read(
                Query.firstValue("select bytes from app.blob_spool where tenant_id = \(tenant.id) and id = \(id)", [UInt8].self))
        }
    }

    private func readme(_ cut: [String]) -> String {
        let language = tenant.locales.compactMap(Language.init).first ?? .en
        let t = PrivacyMessages(language).pack
        let format = Format(language: language, timeZone: tenant.timeZone, currency: tenant.currency.code)
        let parts = [
            t.about(name: export.member, company: tenant.name, moment: format.dateTime(now)), t.contents,
            cut.isEmpty ? nil : t.cut(lists: cut.joined(separator: ", "))
        ]
        return parts.compactMap(\.self).joined(separator: "\n\n") + "\n"
    }
}
