import Database
import Foundation
import Jobs
import OCR
import Operations
import Storage

/// A photo that came with a report, as the suggestion needs it.
struct ReportPhoto: Record, Sendable {
    let id: UUID
    let objectKey: String
    let thumbKey: String
    let width: Int
    let height: Int
    let bytes: Int
    /// What was read on it; empty when there was nothing, nil when nobody has read it.
    var words: String?

    init(row: Row) throws {
        id = try row["id"]
        objectKey = try row["object_key"]
        thumbKey = try row["thumb_key"]
        width = try row["width"]
        height = try row["height"]
        bytes = try row["bytes"]
        words = try row["words"]
    }

    static func of(_ fault: UUID, _ tenant: Int32) -> Query<[ReportPhoto]> {
        .many(
            """
            select id, object_key, thumb_key, width, height, bytes, words from app.fault_photo
             where tenant_id = \(tenant) and fault_id = \(fault) and stage = 'report' order by id
            """)
    }

    var legible: String? { words.flatMap { $0.isEmpty ? nil : $0 } }

    /// Nil when it cannot be had right now: then it is not looked at.
    func picture(thumbnail: Bool, _ context: JobContext, _ store: ObjectStore) async -> [UInt8]? {
        let waiting = try? await context.db.read(FaultPhoto.waiting(id, context.tenant, thumbnail: thumbnail))
        if let bytes = waiting ?? nil { return bytes }
        return try? await store.get(thumbnail ? thumbKey : objectKey)
    }
}

extension SuggestForFault {
    /// What stands on the photos, and keeps it with them. What was read before is not read again; what cannot be read in time has no words.
    /// - Parameter adviser: nil when there is no time to read.
    func words(on photos: ArraySlice<ReportPhoto>, _ context: JobContext, _ adviser: FaultAdviser?) async throws -> [String] {
        var photos = Array(photos)
        if let adviser, let reader = adviser.reader {
            let unread = photos.indices.filter { photos[$0].words == nil }
            let end = ContinuousClock.now + TextReader.patience
            for index in unread where end > .now {
                guard let picture = await photos[index].picture(thumbnail: false, context, adviser.store) else { continue }
                photos[index].words = try await PhotoWords.read(picture, reader, before: end)
            }
            try await keep(unread.map { photos[$0] }.filter { $0.words != nil }, context)
        }
        return photos.compactMap(\.legible)
    }

    /// Before the suggestion, which ends the job: what was read stays, also when the rest is done by `AssignAnyway`.
    private func keep(_ photos: [ReportPhoto], _ context: JobContext) async throws {
        guard !photos.isEmpty else { return }
        try await context.db.write { tx in
            try await tx.execute(
                """
                update app.fault_photo p set words = t.words
                  from unnest(\(photos.map(\.id)), \(photos.map(\.words))) as t(id, words)
                 where p.tenant_id = \(context.tenant) and p.id = t.id
                """)
        }
    }
}

/// The words on a photo: data of whoever wrote on what is on it.
enum PhotoWords {
    /// Characters that are kept.
    static let most = 500

    /// Empty when there is nothing to read, also when the photo ended the reader: it would again. Nil when it may be read another time.
    static func read(_ picture: [UInt8], _ reader: TextReader, before end: ContinuousClock.Instant) async throws -> String? {
        do {
            return kept(try await reader.read(picture, before: end).legible())
        } catch is CancellationError {
            throw CancellationError()
        } catch ReadingError.unreadable {
            return ""
        } catch {
            return nil
        }
    }

    /// Lines become one text without anything invisible in it.
    static func kept(_ lines: [String]) -> String {
        let scalars = lines.joined(separator: " / ").unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        // Postgres counts code points, a character may have many.
        return String(String.UnicodeScalarView(scalars.prefix(most))).trimmingCharacters(in: .whitespaces)
    }
}
