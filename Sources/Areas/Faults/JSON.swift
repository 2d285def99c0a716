import Foundation
import UI
import Web

/// A fault as programs see it: camelCase, ids as strings, times in UTC.
struct FaultJSON: Codable, Sendable {
    struct Ref: Codable, Sendable {
        let id: String
        let name: String
    }

    struct Amount: Codable, Sendable {
        let amount: Int64
        let currency: String
    }

    struct Link: Codable, Sendable {
        let id: String
        let number: String
    }

    struct Photo: Codable, Sendable {
        let id: String
        let stage: String
        let width: Int
        let height: Int
        let url: String
        let thumbnailUrl: String
        /// What a machine read on it.
        let words: String?
    }

    struct Entry: Codable, Sendable {
        let at: Date
        let actor: String?
        let kind: String
        let from: String?
        let to: String
        let note: String
    }

    let id: String
    let faultId: String
    let number: String
    let title: String
    let description: String
    let category: String
    let priority: String
    let status: String
    let building: Ref
    let unit: Ref?
    let locationNote: String
    /// Nil when a visitor reported it.
    let reporter: Ref?
    /// The owner in whose name a delegate reported it.
    let onBehalfOf: Ref?
    /// `member`, or `qr` when a visitor reported it through the code on a sheet.
    let source: String
    let assignee: Ref?
    let assigneeId: String?
    let resolution: String?
    /// For staff alone.
    let cost: Amount?
    /// For staff and for whoever gave it.
    let rating: Int?
    let ratingNote: String?
    let holdReason: String?
    /// A day: `2026-12-01`.
    let holdUntil: String?
    /// For staff alone: others may not see the other fault.
    let duplicateOf: Link?
    let reportedAt: Date
    let dueAt: Date
    let resolvedAt: Date?
    let closedAt: Date?
    let version: Int
    let allowedTransitions: [String]
    var photos: [Photo]?
    var history: [Entry]?
    /// What rules or a model think of it: `queued`, `done`, `fallback` or `skipped`.
    var aiState: String?
    var aiCategory: String?
    var aiPriority: String?
    var aiTags: [String]?
    var aiConfidence: Double?
    var aiSource: String?
    var aiAcceptedAt: Date?
    var comments: [FaultCommentJSON]?
    var duplicates: [Link]?

    init(_ fault: Fault, _ viewer: FaultViewer, now: Date) {
        id = fault.id.text
        faultId = fault.id.text
        number = fault.number
        title = fault.title
        description = fault.description
        category = fault.category
        priority = fault.priority.rawValue
        status = fault.state.rawValue
        building = Ref(id: fault.buildingID.text, name: fault.building)
        unit = fault.unitID.map { Ref(id: $0.text, name: fault.unit ?? "") }
        locationNote = fault.locationNote
        reporter = fault.reporterID.map { Ref(id: $0.text, name: viewer.sees(nameOf: $0, on: fault) ? fault.reporter ?? "" : "") }
        onBehalfOf = fault.behalfID.map { Ref(id: $0.text, name: viewer.sees(nameOf: $0, on: fault) ? fault.behalf ?? "" : "") }
        source = fault.reporterID == nil ? "qr" : "member"
        assignee = fault.assigneeID.map { Ref(id: $0.text, name: fault.assignee ?? "") }
        assigneeId = fault.assigneeID?.text
        resolution = fault.resolution
        cost = viewer.isStaff ? fault.cost.map { Amount(amount: $0.minor, currency: $0.currency) } : nil
        rating = viewer.seesRating(of: fault) ? fault.rating : nil
        ratingNote = viewer.seesRating(of: fault) ? fault.ratingNote : nil
        holdReason = fault.holdReason
        holdUntil = fault.holdUntil?.description
        duplicateOf = viewer.isStaff ? fault.duplicateOf.map { Link(id: $0.text, number: fault.original ?? "") } : nil
        reportedAt = fault.reportedAt
        dueAt = fault.dueAt
        resolvedAt = fault.resolvedAt
        closedAt = fault.closedAt
        version = fault.version
        allowedTransitions = viewer.acts(on: fault, now: now).map(\.target.rawValue)
    }

    func with(_ record: FaultRecord, _ viewer: FaultViewer) -> FaultJSON {
        var full = self
        full.comments = record.comments.map { FaultCommentJSON($0, viewer, record.fault) }
        full.duplicates = viewer.isStaff ? record.duplicates.map { Link(id: $0.id.text, number: $0.number) } : nil
        full.history = record.entries.map {
            Entry(
                at: $0.at, actor: viewer.sees(nameOf: $0.actorID, on: record.fault) ? $0.actor : nil, kind: $0.kind,
                from: $0.from?.rawValue, to: $0.to.rawValue, note: $0.note)
        }
        full.photos = record.photos.map {
            Photo(
                id: $0.id.text, stage: $0.stage, width: $0.width, height: $0.height, url: "/api/v1/files/\($0.id.text)",
                thumbnailUrl: "/api/v1/files/\($0.id.text)/thumbnail", words: $0.words)
        }
        if let suggestion = record.suggestion {
            full.aiState = suggestion.state.rawValue
            full.aiCategory = suggestion.category
            full.aiPriority = suggestion.priority?.rawValue
            full.aiTags = suggestion.tags
            full.aiConfidence = suggestion.confidence
            full.aiSource = suggestion.source
            full.aiAcceptedAt = suggestion.acceptedAt
        }
        return full
    }
}

/// A comment as programs see it.
struct FaultCommentJSON: Codable, Sendable {
    let id: String
    let at: Date
    /// Nil: a visitor.
    let author: FaultJSON.Ref?
    let comment: String
    let isInternal: Bool

    private enum CodingKeys: String, CodingKey {
        case id, at, author, comment
        case isInternal = "internal"
    }

    init(_ comment: FaultComment, _ viewer: FaultViewer, _ fault: Fault) {
        id = comment.id.text
        at = comment.at
        let isNamed = viewer.sees(nameOf: comment.authorID, on: fault)
        author = comment.authorID.map { FaultJSON.Ref(id: $0.text, name: isNamed ? comment.author ?? "" : "") }
        self.comment = comment.body
        isInternal = comment.isInternal
    }
}

/// One row of the list for programs.
struct FaultLineJSON: Codable, Sendable {
    let id: String
    let number: String
    let title: String
    let category: String
    let priority: String
    let status: String
    let building: String
    let unit: String?
    let assignee: String?
    let reportedAt: Date
    let dueAt: Date

    init(_ line: FaultLine) {
        id = line.id.text
        number = line.number
        title = line.title
        category = line.category
        priority = line.priority.rawValue
        status = line.state.rawValue
        building = line.building
        unit = line.unit
        assignee = line.assignee
        reportedAt = line.reportedAt
        dueAt = line.dueAt
    }
}

extension FaultViewer {
    /// Residents who see a common part's fault do not learn which neighbour reported it.
    func sees(nameOf person: UUID) -> Bool {
        seesAll || works || person == member
    }

    /// Whoever acted on the fault: staff by name, the neighbour who reported it, and in whose name, not. Those two know each other.
    func sees(nameOf actor: UUID?, on fault: Fault) -> Bool {
        guard let reporter = fault.reporterID else { return true }
        return (actor != reporter && actor != fault.behalfID) || reported(fault) || sees(nameOf: reporter)
    }
}
