import Foundation

/// An outage as programs see it.
struct IncidentJSON: Codable, Sendable {
    struct Entry: Codable, Sendable {
        let at: Date
        let actor: String?
        let kind: String
        let note: String
        let texts: [String: String]
    }

    let id: String
    let incidentId: String
    let number: String
    let title: String
    let category: String
    let building: FaultJSON.Ref
    let entrance: FaultJSON.Ref?
    let status: String
    let since: Date
    let expectedEnd: Date?
    let declaredAt: Date
    let resolvedAt: Date?
    let resolution: String?
    let faultCount: Int
    let joinedCount: Int
    let hasJoined: Bool
    let version: Int
    /// For those who see all faults.
    var faults: [FaultLineJSON]?
    /// For managers: open faults of the place that no outage has.
    var fitting: [FaultLineJSON]?
    var history: [Entry]?

    init(_ incident: Incident) {
        id = incident.id.text
        incidentId = incident.id.text
        number = incident.number
        title = incident.title
        category = incident.category
        building = FaultJSON.Ref(id: incident.buildingID.text, name: incident.building)
        entrance = incident.entranceID.map { FaultJSON.Ref(id: $0.text, name: incident.entrance ?? "") }
        status = incident.state.rawValue
        since = incident.since
        expectedEnd = incident.expectedEnd
        declaredAt = incident.declaredAt
        resolvedAt = incident.resolvedAt
        resolution = incident.resolution
        faultCount = incident.faults
        joinedCount = incident.joined
        hasJoined = incident.hasJoined
        version = incident.version
    }

    init(_ record: IncidentRecord, _ desk: FaultDesk) {
        self.init(record.incident)
        if desk.viewer.seesAll { faults = record.gathered.map(FaultLineJSON.init) }
        if desk.viewer.manages { fitting = record.fitting.map(FaultLineJSON.init) }
        history = record.entries.map {
            Entry(at: $0.at, actor: desk.viewer.isStaff ? $0.actor : nil, kind: $0.kind, note: $0.note, texts: $0.texts)
        }
    }
}

/// What can be told now: drafts by language.
struct IncidentNoticeJSON: Codable, Sendable {
    let news: String
    let people: Int
    let drafts: [String: String]

    init(_ record: IncidentNoticeRecord) {
        news = record.news.rawValue
        people = record.people
        drafts = record.drafts
    }
}
