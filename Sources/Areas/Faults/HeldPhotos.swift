import Database
import Forms
import Foundation
import Jobs
import Operations
import UI
import Web

/// A photo of a form that came back, which waits for the form's next try.
struct HeldPhoto: Record, Sendable {
    let id: UUID
    let filename: String
    let objectKey: String
    let thumbKey: String
    let width: Int
    let height: Int
    let bytes: Int

    init(row: Row) throws {
        id = try row["id"]
        filename = try row["filename"]
        objectKey = try row["object_key"]
        thumbKey = try row["thumb_key"]
        width = try row["width"]
        height = try row["height"]
        bytes = try row["bytes"]
    }

    /// How long it waits.
    static let patience: TimeInterval = 3600
    static let field = "held_photos"
    static let columns: SQL = "id, filename, object_key, thumb_key, width, height, bytes"

    fileprivate var stored: StoredPhoto? {
        guard let full = KeptObject(stored: objectKey), let thumb = KeptObject(stored: thumbKey) else { return nil }
        return StoredPhoto(id: id, full: full, thumb: thumb, width: width, height: height, bytes: bytes)
    }
}

/// The photos that a browser has chosen already: a form that comes back, because something is missing in it or because the outage is
/// known, keeps them, so that nobody chooses them again. They are checked, re-encoded and limited like any other photo, belong to the
/// browser or member that sent them, and are gone after an hour.
struct HeldPhotos: Sendable {
    let photos: PhotoStudio
    /// Whose they are: 32 bytes.
    let holder: [UInt8]
    /// For what comes back to one browser or network in an hour.
    static let holding = RateLimit("held-photos", 30, per: 3600)

    /// Those named, and the new ones of the form; what is no photo, or too much, is left for the form's own errors.
    func hold(_ submission: Submission, for subject: String, _ walled: Walled) async throws -> [HeldPhoto] {
        let named = Set(submission.all(HeldPhoto.field).compactMap { UUID(uuidString: $0.value) })
        let uploads = submission.files.filter { $0.name == "photos" && $0.size > 0 }
        let fresh = try await uploads.isEmpty ? [] : develop(uploads, named.count, subject, walled)
        guard !named.isEmpty || !fresh.isEmpty else { return [] }
        return try await walled.write { tx in
            for (photo, name) in fresh { insert(photo, name, tx) }
            // Written with the commit, so that they are not there to be read yet.
            let earlier = try await tx.query(find(Array(named), tx.facts))
            return earlier + fresh.map { HeldPhoto($0.0, $0.1) }
        }
    }

    private func develop(_ uploads: [Upload], _ held: Int, _ subject: String, _ walled: Walled) async throws
        -> [(StoredPhoto, String)]
    {
        guard uploads.count + held <= 10, uploads.allSatisfy({ $0.size <= 10 << 20 }) else { return [] }
        do {
            try await Self.holding.spend(subject, walled, now: walled.facts.now)
        } catch let failure as Failure where failure.status == .tooManyRequests {
            return []
        }
        var ready: [(StoredPhoto, String)] = []
        for upload in uploads {
            // One that is no photo is named by the form's own errors; the others need not be chosen again.
            guard let stored = try await sound(upload, walled.facts.tenant) else { continue }
            ready.append((stored, upload.filename))
        }
        return ready
    }

    private func sound(_ upload: Upload, _ tenant: Int32) async throws -> StoredPhoto? {
        do {
            let stored = try await photos.develop([upload], tenant: tenant)
            guard stored.allSatisfy({ $0.full.isStored && $0.thumb.isStored }) else {
                await photos.discard(stored)
                return nil
            }
            return stored.first
        } catch is PhotoRefused {
            return nil
        }
    }

    private func insert(_ photo: StoredPhoto, _ filename: String, _ tx: Tx) {
        tx.atCommit(
            """
            insert into app.held_photo(tenant_id, id, holder, filename, object_key, thumb_key, width, height, bytes, held_at)
            values (\(tx.facts.tenant), \(photo.id), \(holder), \(String(filename.prefix(255))), \(photo.full.key), \(photo.thumb.key),
                    \(photo.width)::int, \(photo.height)::int, \(photo.bytes)::int, \(tx.facts.now))
            """)
    }

    private func find(_ ids: [UUID], _ facts: TxFacts) -> Query<[HeldPhoto]> {
        .many("select \(HeldPhoto.columns) from app.held_photo \(own(ids, facts)) order by id", HeldPhoto.self)
    }

    private func own(_ ids: [UUID], _ facts: TxFacts) -> SQL {
        """
        where tenant_id = \(facts.tenant) and id = any(\(ids)) and holder = \(holder)
          and held_at > \(facts.now.addingTimeInterval(-HeldPhoto.patience))
        """
    }

    /// Takes them for good; those of others, and those whose hour is over, are not there.
    func take(_ ids: [UUID], _ tx: Tx) async throws -> [StoredPhoto] {
        guard !ids.isEmpty else { return [] }
        let taken = try await tx.query(
            Query.many(
                "delete from app.held_photo \(own(ids, tx.facts)) returning \(HeldPhoto.columns)", HeldPhoto.self))
        return taken.sorted { $0.id.text < $1.id.text }.compactMap(\.stored)
    }

    /// Gives back what was taken for a change that did not happen, as far as the error says so: never a photo of a fault.
    func giveBack(_ taken: [StoredPhoto], _ walled: Walled, after error: any Error) async {
        guard !taken.isEmpty, !error.leavesOutcomeUnknown else { return }
        // What cannot be written is swept at night, as an object that no row knows.
        try? await walled.write { tx in for photo in taken { insert(photo, "", tx) } }
    }
}

extension HeldPhoto {
    fileprivate init(_ photo: StoredPhoto, _ filename: String) {
        (id, self.filename, objectKey, thumbKey) = (photo.id, String(filename.prefix(255)), photo.full.key, photo.thumb.key)
        (width, height, bytes) = (photo.width, photo.height, photo.bytes)
    }
}

/// As a form shows them: ticked, and left out when somebody unticks them.
package struct HeldChoices: Sendable {
    var field: Field
    var choices: [Choice]
    var ticked: Set<String> { Set(choices.map(\.value)) }

    static let none = HeldChoices(field: Field(HeldPhoto.field, label: ""), choices: [])
}

extension HeldChoices {
    init(_ held: [HeldPhoto], _ t: FaultsMessages) {
        field = Field(HeldPhoto.field, label: t.report.held, hint: t.report.heldHint)
        choices = held.enumerated().map { index, photo in
            Choice(photo.id.text, photo.filename.isEmpty ? t.report.heldPhoto(index: index + 1) : photo.filename)
        }
    }
}

/// Removes photos that waited in vain, with their objects.
package struct ForgetHeldPhotos: Job {
    package static let kind = "faults.forget-held-photos"
    package let due: Date

    package init(due: Date) {
        self.due = due
    }

    func run(_ context: JobContext, _ adviser: FaultAdviser) async throws {
        let tenant = context.tenant
        let keys = try await context.write { tx in
            try await tx.values(
                """
                with gone as (delete from app.held_photo where tenant_id = \(tenant)
                                 and held_at < \(tx.facts.now.addingTimeInterval(-HeldPhoto.patience)) returning object_key, thumb_key)
                select object_key from gone union all select thumb_key from gone
                """, String.self)
        }
        // What stays behind here is the nightly sweep's business.
        for key in keys { try? await adviser.store.delete(key) }
    }
}
