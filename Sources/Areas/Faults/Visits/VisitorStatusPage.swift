import Foundation
import HTML
import UI

/// `/s/{token}`.
package struct VisitorStatusPage: Sendable {
    var title: String
    var badges: [Badge]
    var summary: String
    var errors: [FieldError]
    var facts: [Fact]
    var description: SafeHTML
    var photos: [Picture]
    var resolution: SafeHTML?
    var resolutionPhotos: [Picture]
    var timeline: [TimelineEntry]
    var confirm: ConfirmForm?
    var reopen: ReasonForm?
    var cancel: ReasonForm?
    var version: Int
    var comment: WebPath
    var words: Field
    var files: Field
    /// "Keep this page's address", until there is a letter that has it.
    var keep: String
    /// Where the contact is deleted; nil when there is none.
    var forget: WebPath?
    /// That it was, or will be by itself.
    var contact: String
}

/// `/unsubscribe/reports/{token}`.
package struct VisitorStopPage: Sendable {
    var title: String
    var text: String
    /// POST; nil once it is done.
    var action: WebPath?
    var back: WebPath
}

struct VisitorStatusJSON: Codable, Sendable {
    struct Entry: Codable, Sendable {
        let at: Date
        /// `you` or `company`.
        let by: String
        let kind: String
        let status: String?
        let text: String
    }

    struct Photo: Codable, Sendable {
        let stage: String
        let url: String
    }

    let number: String
    let title: String
    let description: String
    let status: String
    let place: String
    let reportedAt: Date
    let resolution: String?
    let rating: Int?
    let ratingNote: String?
    let outage: String?
    /// Whether the company still has a name, mail address or phone number.
    let contactKept: Bool
    let allowedTransitions: [String]
    let version: Int
    let history: [Entry]
    let photos: [Photo]
}
