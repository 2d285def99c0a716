import Faults
import Forms
import Foundation
import Images
import Operations
import Storage
import UI
import Web

/// A file that is stored, or on its way, and waits for its row.
package struct StoredFile: Sendable {
    package let id: UUID
    package let filename: String
    /// Media type.
    package let type: String
    package let bytes: Int
    /// Of the file as it was handed in.
    package let sha256: [UInt8]
    package let object: KeptObject
    /// Pictures alone have one.
    package let thumb: KeptObject?
    package let width: Int?
    package let height: Int?
    /// Of a text, as far as it is searched.
    package let content: String

    package var objects: [KeptObject] { [object] + [thumb].compactMap(\.self) }
}

/// Takes what people upload besides photos: documents as they are, pictures as the photo studio makes them.
package struct FileStudio: Sendable {
    private let photos: PhotoStudio
    private let store: ObjectStore
    /// Characters of a text that a search looks through.
    package static let searched = 100_000

    package init(photos: PhotoStudio, store: ObjectStore) {
        (self.photos, self.store) = (photos, store)
    }

    /// Checks and stores every upload; nothing stays behind when one of them is refused.
    ///
    /// - Throws: `FileRefused`, which names the file.
    package func take(_ uploads: [Upload], tenant: Int32) async throws -> [StoredFile] {
        var stored: [StoredFile] = []
        do {
            for upload in uploads { stored.append(try await take(upload, tenant)) }
            return stored
        } catch {
            await discard(stored, after: error)
            throw error
        }
    }

    private func take(_ upload: Upload, _ tenant: Int32) async throws -> StoredFile {
        let bytes = try await upload.bytes()
        guard !bytes.isEmpty, let kind = FileKind(bytes) else { throw FileRefused(upload.filename, .notTaken) }
        guard let name = FileName(upload.filename, kind) else { throw FileRefused(upload.filename, .nameDisagrees) }
        guard kind != .picture else { return try await picture(upload, name, tenant) }
        let content = kind == .text ? String(String(decoding: bytes, as: UTF8.self).unicodeScalars.prefix(Self.searched)) : ""
        return StoredFile(
            id: UUID.v7(), filename: name.text, type: kind.type, bytes: bytes.count, sha256: upload.digest,
            object: try await store.keep(bytes, tenant: tenant), thumb: nil, width: nil, height: nil, content: content)
    }

    private func picture(_ upload: Upload, _ name: FileName, _ tenant: Int32) async throws -> StoredFile {
        do {
            guard let photo = try await photos.develop([upload], tenant: tenant).first else {
                throw FileRefused(upload.filename, .notTaken)
            }
            return StoredFile(
                id: photo.id, filename: name.text, type: FileKind.picture.type, bytes: photo.bytes, sha256: upload.digest,
                object: photo.full, thumb: photo.thumb, width: photo.width, height: photo.height, content: "")
        } catch let error as PhotoRefused {
            throw FileRefused(upload.filename, .picture(error))
        }
    }

    /// What a file looks like that is no picture.
    struct Preview: Sendable {
        let full: KeptObject
        let thumb: KeptObject
        let width: Int
        let height: Int

        var objects: [KeptObject] { [full, thumb] }
    }

    /// Makes a picture that was drawn from somebody's file ours, as if they had sent it.
    ///
    /// - Returns: nil when it is none, or not a sound one.
    /// - Throws: `PhotoError.unavailable`, `Overloaded`.
    func develop(_ picture: [UInt8]?, tenant: Int32) async throws -> Preview? {
        guard let picture else { return nil }
        do {
            let photo = try await photos.images.prepare(picture)
            return Preview(
                full: try await store.keep(photo.full.bytes, tenant: tenant),
                thumb: try await store.keep(photo.thumb.bytes, tenant: tenant),
                width: photo.full.width, height: photo.full.height)
        } catch PhotoError.notAnImage, PhotoError.tooLarge, PhotoError.damaged {
            return nil
        }
    }

    /// Removes files whose change did not happen, as far as the error says so.
    package func discard(_ files: [StoredFile], after error: any Error) async {
        await discard(files.flatMap(\.objects), after: error)
    }

    func discard(_ objects: [KeptObject], after error: any Error) async { await store.discard(objects, after: error) }

    /// The bytes of an object that a row names.
    ///
    /// - Parameter waiting: what the spool has of it.
    /// - Throws: 503 while the storage is down.
    package func read(_ key: String, waiting: [UInt8]?) async throws -> [UInt8] { try await photos.read(key, waiting: waiting) }
}

/// What a file is called when it is fetched: as it came, with the ending of what it is.
struct FileName: Sendable {
    let text: String

    /// - Returns: nil when the ending says something else than the content. A name without one says nothing.
    init?(_ given: String, _ kind: FileKind) {
        let usual = kind.endings.first ?? kind.rawValue
        let parts = given.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1 else {
            text = String((given.isEmpty ? "file" : given).prefix(240)) + ".\(usual)"
            return
        }
        guard let ending = parts.last?.lowercased(), kind.endings.contains(ending) else { return nil }
        let stem = parts.dropLast().joined(separator: ".")
        // Pictures become JPEGs; the others stay what they are.
        text = String((stem.isEmpty ? "file" : stem).prefix(240)) + "." + (kind == .picture ? usual : ending)
    }

    /// Without its ending, as the name of what it holds.
    static func title(_ filename: String) -> String {
        let stem = filename.split(separator: ".").dropLast().joined(separator: ".")
        return String((stem.isEmpty ? filename : stem).prefix(200))
    }
}

/// A file that is not taken.
package struct FileRefused: Error, Sendable {
    enum Reason: Sendable {
        case notTaken, nameDisagrees
        case picture(PhotoRefused)
    }

    let filename: String
    let reason: Reason

    init(_ filename: String, _ reason: Reason) {
        (self.filename, self.reason) = (filename, reason)
    }

    package func problem(in field: String) -> FieldProblem {
        switch reason {
        case .notTaken: FieldProblem(field, .own("file_not_taken"))
        case .nameDisagrees: FieldProblem(field, .own("file_name_disagrees"))
        case .picture(let refused): refused.problem(in: field)
        }
    }

    /// 415 for what is not taken, 400 for a name that disagrees; of pictures as everywhere.
    package func failure(in field: String) -> Failure {
        var failure =
            switch reason {
            case .notTaken:
                Failure(.unsupportedMediaType, "unsupported_media", "\(filename) is no picture, PDF, office document or text")
            case .nameDisagrees: Failure(.badRequest, "validation_failed", "\(filename) is something else than its name says")
            case .picture(let refused): refused.failure(in: field)
            }
        failure.problems = [problem(in: field)]
        return failure
    }

    /// The form again: 422 for what can be mended by another name or a sound file, as for any field.
    package func reply(in field: String, page: @escaping @Sendable () throws -> any Page) -> Reply {
        let failure = failure(in: field)
        return failure.status == .badRequest ? .refused(page: page, failure.problems) : .failed(page: page, failure)
    }
}
