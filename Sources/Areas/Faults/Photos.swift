import Database
import Forms
import Foundation
import Images
import Operations
import Storage
import Web

/// A photo that is stored, or on its way, and waits for its row.
package struct StoredPhoto: Sendable {
    package let id: UUID
    package let full: KeptObject
    package let thumb: KeptObject
    package let width: Int
    package let height: Int
    package let bytes: Int
}

/// Turns uploads into stored photos: checked, upright, without metadata, with a thumbnail.
package struct PhotoStudio: Sendable {
    package let images: ImageWorkshop
    let store: ObjectStore

    package init(images: ImageWorkshop, store: ObjectStore) {
        self.images = images
        self.store = store
    }

    /// Prepares and stores every upload; nothing stays behind when one of them is refused.
    ///
    /// - Throws: `PhotoRefused`, which names the file.
    package func develop(_ uploads: [Upload], tenant: Int32) async throws -> [StoredPhoto] {
        var stored: [StoredPhoto] = []
        do {
            for upload in uploads { stored.append(try await develop(upload, tenant)) }
            return stored
        } catch {
            await discard(stored)
            throw error
        }
    }

    private func develop(_ upload: Upload, _ tenant: Int32) async throws -> StoredPhoto {
        let photo: PreparedPhoto
        do {
            photo = try await images.prepare(try await upload.bytes())
        } catch let error as PhotoError {
            throw PhotoRefused(filename: upload.filename, error: error)
        }
        let id = UUID.v7()
        let full = try await store.keep(photo.full.bytes, tenant: tenant)
        let thumb = try await store.keep(photo.thumb.bytes, tenant: tenant)
        return StoredPhoto(
            id: id, full: full, thumb: thumb, width: photo.full.width, height: photo.full.height, bytes: photo.full.bytes.count)
    }

    /// Removes photos whose change did not happen, as far as the error says so.
    package func discard(_ photos: [StoredPhoto], after error: (any Error)? = nil) async {
        await store.discard(photos.flatMap { [$0.full, $0.thumb] }, after: error)
    }

    /// The bytes of a photo.
    /// - Parameter waiting: what the spool has of it.
    /// - Throws: 503 while the storage is down.
    func read(_ photo: FaultPhoto, thumbnail: Bool, waiting: [UInt8]?) async throws -> [UInt8] {
        try await read(thumbnail ? photo.thumbKey : photo.objectKey, waiting: waiting)
    }

    /// The bytes of an object that a row names.
    package func read(_ key: String, waiting: [UInt8]?) async throws -> [UInt8] {
        if let waiting { return waiting }
        do {
            return try await store.get(key)
        } catch StorageError.unavailable {
            var failure = Failure(
                .serviceUnavailable, "storage_unavailable", "The photo cannot be shown right now; try again later")
            failure.headers[.retryAfter] = "60"
            throw failure
        }
    }
}

/// A file among the photos that is none, or not a sound one.
package struct PhotoRefused: Error, Sendable {
    let filename: String
    let error: PhotoError
}
