import Database
import Forms
import Foundation

/// News as somebody writes them: all of them, also when they are changed.
struct AnnouncementDraft: Sendable {
    let title: String
    let body: String
    let audience: Audience
    let roles: [String]
    let buildings: [UUID]
    let entrances: [UUID]
    let units: [UUID]
    let isImportant: Bool
    let isPinned: Bool
    let takesComments: Bool
    let expiresOn: CalendarDate?
    let files: [Upload]
    /// Files to take away again.
    let removed: [UUID]
    let version: Int?

    /// - Parameter known: the company's roles.
    init(_ form: inout FormReader, roles known: [String]) {
        title = form.text("title", .required, .max(140))
        body = form.text("body", .required, .max(20_000), .lines)
        audience = form.choice("audience", default: .company)
        roles = form.texts("roles", max: 50)
        buildings = form.uuids("building_ids", max: PlaceChoice.most)
        entrances = form.uuids("entrance_ids", max: PlaceChoice.most)
        units = form.uuids("unit_ids", max: PlaceChoice.most)
        isImportant = form.flag("important")
        isPinned = form.flag("pinned")
        takesComments = form.flag("comments")
        expiresOn = form.optionalDate("expires_on").flatMap { CalendarDate($0.description) }
        files = form.files("files", max: AnnouncementFile.most)
        removed = form.uuids("remove_file_ids", max: AnnouncementFile.most)
        version = form.version()
        if !Set(roles).isSubset(of: known) { form.fail("roles", .notAllowed) }
        if let field = audience.field, !form.hasProblem(field), targets == 0 { form.fail(field, .required) }
    }

    /// Of the chosen audience alone; what else is ticked means nothing.
    var targets: Int {
        switch audience {
        case .company: 0
        case .role: roles.count
        case .building: buildings.count
        case .entrance: entrances.count
        case .unit: units.count
        }
    }
}

/// When news are published: at once, unless later.
struct PublicationDraft: Sendable {
    let at: Date?
    let version: Int?

    init(_ form: inout FormReader, zone: TimeZone) {
        at = form.optionalInstant("publish_at", in: zone)
        version = form.version()
    }
}

struct WithdrawalDraft: Sendable {
    let reason: String

    init(_ form: inout FormReader) {
        reason = form.text("reason", .required, .max(1000), .lines)
    }
}

struct NewsCommentDraft: Sendable {
    let body: String

    init(_ form: inout FormReader) {
        body = form.text("body", .required, .max(5000), .lines)
    }
}
