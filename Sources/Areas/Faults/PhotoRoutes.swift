import Foundation
import UI
import Web

/// Photos, as pages and as bytes.
extension FaultRoutes {
    @Sendable func photo(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let desk = FaultDesk(context)
        let record = try await desk.record(try incoming.faultKey())
        let id = try incoming.id("photo")
        guard let index = record.photos.firstIndex(where: { $0.id == id }) else { throw Failure.notFound }
        return .page(desk.photo(record, index))
    }

    func file(_ incoming: Incoming, _ context: MemberContext, thumbnail: Bool) async throws -> Reply {
        let desk = FaultDesk(context)
        let id = try incoming.id("photo")
        let (photo, waiting) = try await context.read(
            FaultPhoto.find(id, desk.viewer, today: desk.today), FaultPhoto.waiting(id, desk.viewer.tenant, thumbnail: thumbnail))
        let bytes = try await photos.read(photo, thumbnail: thumbnail, waiting: waiting)
        return .file(FileReply(.bytes(bytes), type: "image/jpeg", etag: "\"\(photo.id.text)\"", maxAge: 3600))
    }
}
