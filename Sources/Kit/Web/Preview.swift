import Foundation
import HTML
import Hummingbird
import UI

/// Somebody of the company looks at another one's pages with the other's eyes: for a while, with a reason, and read-only.
///
/// The session stays the viewer's. Everything that asks who the member is gets the one who is looked at, so that pages are exactly
/// theirs; everything that notes who acts (the transaction's actor, the log) gets the viewer.
public struct Preview: Sendable, Equatable {
    public let id: UUID
    public let viewer: UUID
    public let viewerName: String
    /// Read with the session: whoever may no longer look is signed out.
    public let viewerRoles: [String]
    public let endsAt: Date

    public init(id: UUID, viewer: UUID, viewerName: String, viewerRoles: [String], endsAt: Date) {
        self.id = id
        self.viewer = viewer
        self.viewerName = viewerName
        self.viewerRoles = viewerRoles
        self.endsAt = endsAt
    }
}

extension Permission {
    /// See the pages of one member as that member sees them.
    public static let seeAs = Permission("people:see_as")
}

extension Failure {
    public static let previewOnly = Failure(
        .forbidden, "preview_read_only", "You only look at what this person sees; end the preview first: DELETE /api/v1/preview")
}

extension Session {
    /// Whose session it is, whoever's pages it shows.
    public var holder: UUID { preview?.viewer ?? memberID }
}

extension MemberContext {
    static let previewEnd: WebPath = "/preview/revocation"

    /// - Throws: 403 for what stays closed to somebody who only looks: every change, and what belongs to the other in person.
    func requireOpen(_ isSeen: Bool) throws {
        guard session.preview == nil || isSeen else { throw Failure.previewOnly }
    }

    func banner(of preview: Preview) -> PreviewBanner {
        let t = WebMessages(language).preview
        return PreviewBanner(text: t.banner(name: session.name, time: format.time(preview.endsAt)), end: Self.previewEnd)
    }

    /// What went wrong, below the banner with the way out.
    func shown(_ error: any Error, _ request: Hummingbird.Request) -> Response? {
        let failure = Edge.failure(for: error)
        guard session.preview != nil, face == .page, failure.status.code < 500 else { return nil }
        var view = view()
        view.problem = true
        return Answer.html(house.doors.failurePage(failure, view), failure.status, view, request)
    }
}
