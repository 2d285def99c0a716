import Database
import Faults
import Foundation
import Votes

/// All rows of one demo company, ready to be written. Rows refer to each other by their place in these lists; ids are in the rows.
struct DemoRecords: Sendable {
    struct Member: Sendable {
        var id: UUID
        var email: String
        let name: String
        var roles: [String]
        let createdAt: Date
        var disabledAt: Date?
    }

    struct Building: Sendable {
        let id: UUID
        let house: DemoCompany.House
        let createdAt: Date
    }

    struct Unit: Sendable {
        let id: UUID
        let building: Int
        let label: String
        let floor: Int
        let createdAt: Date
    }

    struct Occupancy: Sendable {
        let id: UUID
        let unit: Int
        let member: Int
        let kind: String
        let since: CalendarDate
        let until: CalendarDate?

        func holds(on day: CalendarDate) -> Bool {
            since <= day && (until.map { day <= $0 } ?? true)
        }
    }

    struct Fault: Sendable {
        let id: UUID
        let number: String
        let report: FaultReport
        let steps: [FaultStep]
        let standing: FaultStanding
        let dueAt: Date
    }

    struct Photo: Sendable {
        let id: UUID
        let fault: Int
        let stage: String
        let sketch: Sketch
        let member: Int
        let at: Date
    }

    struct Notice: Sendable {
        let id: UUID
        let member: Int
        let kind: String
        let fault: Int
        let dedupeKey: String
        let at: Date
        let readAt: Date?
    }

    struct Comment: Sendable {
        let id: UUID
        let fault: Int
        let author: Int
        let at: Date
        let body: String
        let isInternal: Bool
    }

    /// An outage that is open when the demo begins.
    struct Outage: Sendable {
        let id: UUID
        let number: String
        let year: Int
        let title: String
        let text: String
        let language: String
        let category: String
        let building: Int
        let at: Date
        let declaredBy: Int
        let faults: [Int]
        let joined: [Int]
    }

    struct AuditLine: Sendable {
        let id: UUID
        let at: Date
        let actor: Int?
        let action: String
        let entity: String
        let subject: UUID
        let before: [String: String?]
        let after: [String: String?]
    }

    var members: [Member] = []
    var entrances: [Part] = []
    var commonParts: [Part] = []
    /// By place in `units`.
    var unitFacts: [Int: UnitFacts] = [:]
    /// By the occupancy's id.
    var shares: [UUID: OwnedPart] = [:]
    var buildings: [Building] = []
    var units: [Unit] = []
    var occupancies: [Occupancy] = []
    var faults: [Fault] = []
    var photos: [Photo] = []
    var notices: [Notice] = []
    var auditLines: [AuditLine] = []
    var codes: [Code] = []
    /// The fault that came through one of them.
    var visit: Int?
    var invitations: [Invitation] = []
    var delegations: [Delegation] = []
    var registrations: [Registration] = []
    var tokens: [Token] = []
    var supportEntry: SupportEntry?
    var devices: [Device] = []
    var pushDevices: [PushDevice] = []
    var looks: [Look] = []
    var comments: [Comment] = []
    var conversations: [Conversation] = []
    var news: [News] = []
    /// Of what people say.
    var language = ""
    var outage: Outage?
    var votes: [DemoVote] = []
    /// The midnight that everything ends at, and its day.
    var end: (at: Date, day: CalendarDate) = (.distantPast, CalendarDate(clampingDaysSince2000: 0))
    /// Last number given, by year.
    var numbers: [Int: Int] = [:]
    /// Who signs in for a role on the sign-in page.
    var faces: [String: Int] = [:]

    func staff(_ role: String) -> [Int] {
        members.indices.filter { members[$0].roles.contains(role) && members[$0].disabledAt == nil }
    }
}

extension DemoRecords {
    /// Everything about a company up to the end of the span.
    init(_ company: DemoCompany, _ span: DemoSpan) {
        language = company.words.talk.language
        end = (span.until, span.lastDay)
        addHouses(company, span)
        addParts(company)
        addPeople(company, span)
        addFaults(company, span)
        addPhotos(company)
        addNotices(company, span)
        addVisits(company, span)
        addAuditLines(company, span)
        addShares(company)
        addArrivals(company, span)
        addDelegations(company, span)
        addTokens(company, span)
        addSupport(company, span)
        addDevices(company, span)
        addPushDevices(company, span)
        addLooks(company, span)
        addComments(company, span)
        addConversations(company, span)
        addNews(company, span)
        addOutage(company, span)
        votes = planVotes(company, span)
    }
}

/// The time that demo data covers: 18 months up to a midnight (UTC).
struct DemoSpan: Sendable {
    let until: Date
    let lastDay: CalendarDate

    static let days = 548

    /// Ends at the last midnight before `now`, so that every run of a day makes the same; `nil` beyond the calendar's years.
    init?(now: Date) {
        let until = Date(timeIntervalSince1970: (now.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
        let days = Int32(clamping: Int((until.timeIntervalSince1970 / 86_400).rounded(.down)) - 10_957)
        guard let day = CalendarDate(daysSince2000: days) else { return nil }
        self.until = until
        lastDay = day
    }

    var from: Date { daysAgo(Double(Self.days)) }
    /// When the company began with Portico: houses and staff are older than every fault.
    var founded: Date { daysAgo(Double(Self.days) + 30) }

    func daysAgo(_ days: Double) -> Date {
        until.addingTimeInterval(-days * 86_400)
    }

    /// The day (UTC) of a moment within the span; the span's last day for others.
    func day(_ date: Date) -> CalendarDate {
        let days = Int((date.timeIntervalSince1970 / 86_400).rounded(.down)) - 10_957
        return CalendarDate(daysSince2000: Int32(clamping: days)) ?? lastDay
    }

    func day(daysAgo days: Int) -> CalendarDate {
        lastDay.adding(days: -days) ?? lastDay
    }
}
