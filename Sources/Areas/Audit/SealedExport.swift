import Archive
import Database
import Foundation
import NIOCore
import Signing
import Threads
import UI
import Web

/// The log for whoever must be convinced by it: the CSV, a signature over it that openssl checks, the certificate, and how to check.
struct SealedExport: Sendable {
    let context: MemberContext
    let request: AuditRequest
    let threads: BoundedThreads

    /// Everything is written to a folder of its own, which is gone before the first byte leaves; however long the log is, a page of it
    /// stands in memory.
    func file(seal: String?) async throws -> FileReply {
        let identity = try await SealKey.current(context)
        let folder = context.house.settings.spool.appending(path: "sealed-\(UUID().uuidString)")
        let (csv, zip) = (folder.appending(path: "audit.csv"), folder.appending(path: "audit.zip"))
        try await threads.run { [now = context.now] in
            Self.sweep(folder.deletingLastPathComponent(), before: now.addingTimeInterval(-3600))
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data().write(to: csv)
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        let content = try FileHandle(forWritingTo: csv)
        try await request.write(context) { piece in try await threads.run { try content.write(contentsOf: piece) } }
        let (readme, now) = (Array(readme(identity, seal).utf8), context.now)
        let bytes = try await threads.run {
            try content.close()
            try ZipFile.write(
                [
                    .init("audit.csv", .file(csv.path)), .init("audit.csv.p7s", .bytes(try identity.sign(file: csv.path))),
                    .init("certificate.pem", .bytes(Array(identity.pem.utf8))), .init("README.txt", .bytes(readme))
                ], to: zip.path, at: now)
            return try FileHandle(forReadingFrom: zip)
        }
        let stream = FileReply.Content.stream { [threads] write in
            while let piece = try await threads.run({ try bytes.read(upToCount: 256 << 10) }), !piece.isEmpty {
                try await write(ByteBuffer(bytes: piece))
            }
        }
        let day = CalendarDate(now, in: context.tenant.timeZone)
        return FileReply(stream, type: "application/zip", filename: "audit-\(context.tenant.slug)-\(day).zip")
    }

    /// What a process that was killed in the middle has left.
    private static func sweep(_ spool: URL, before: Date) {
        let files = FileManager.default
        let left = try? files.contentsOfDirectory(at: spool, includingPropertiesForKeys: [.contentModificationDateKey])
        for folder in left ?? [] where folder.lastPathComponent.hasPrefix("sealed-") {
            let changed = try? folder.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
            if let changed, changed < before { try? files.removeItem(at: folder) }
        }
    }

    private func readme(_ identity: SealIdentity, _ seal: String?) -> String {
        let t = AuditMessages(context.language).export
        let command =
            "openssl cms -verify -binary -inform DER -in audit.csv.p7s -content audit.csv -CAfile certificate.pem -out /dev/null"
        return [
            t.about(company: context.tenant.name, moment: context.format.dateTime(context.now), name: context.session.name),
            t.check, "    \(command)", t.fingerprint(value: SealKey.fingerprint(identity.certificate)),
            t.chain(seal: seal ?? "–"), ""
        ].joined(separator: "\n\n")
    }
}
