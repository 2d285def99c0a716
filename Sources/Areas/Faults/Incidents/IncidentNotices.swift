import Audit
import Database
import Foundation
import HTML
import Jobs
import Notifications
import Tenancy
import UI
import Web

/// Which news an outage has for the people who live there.
enum IncidentNews: String, Codable, Sendable {
    case declared, updated, resolved
}

/// Tells everybody who lives where the outage is, each once and in their own language.
package struct TellAboutIncident: Job {
    package static let kind = "faults.tell-incident"
    let incident: UUID
    /// The history's entry that holds the words.
    let entry: UUID
    let news: IncidentNews
    let isUrgent: Bool

    private struct Facts: Record {
        let number: String
        let title: String
        let place: String
        let texts: [String: String]

        init(row: Row) throws {
            number = try row["number"]
            title = try row["title"]
            place = try row["place"]
            texts = try (row["texts"] as JSONBytes).decode([String: String].self)
        }
    }

    func run(_ tx: Tx, today: CalendarDate) async throws {
        let tenant = tx.facts.tenant
        let (facts, people) = try await tx.batch(
            Query.one(
                """
                select i.number, i.title, b.name || coalesce(', ' || n.name, '') as place, e.texts
                  from app.incident_entry e join app.incident i on i.tenant_id = e.tenant_id and i.id = e.incident_id
                  join app.building b on b.tenant_id = i.tenant_id and b.id = i.building_id
                  left join app.entrance n on n.tenant_id = i.tenant_id and n.id = i.entrance_id
                 where e.tenant_id = \(tenant) and e.id = \(entry)
                """, Facts.self),
            IncidentPeople.query(.id(incident), tenant, today: today))
        var told = ["number": facts.number, "title": facts.title, "place": facts.place]
        for (language, text) in facts.texts { told["text_\(language)"] = text }
        try await tx.notify(
            people.map(\.id),
            Notice(
                "incident.\(news.rawValue)", path: "/incidents/\(facts.number)", facts: told,
                dedupeKey: "incident:\(entry.text)", urgent: isUrgent))
    }
}

/// Somebody whom an outage concerns, and in which language they read.
struct IncidentPeople: Record, Sendable {
    let id: UUID
    let locale: String?

    init(row: Row) throws {
        id = try row["id"]
        locale = try row["locale"]
    }

    /// Who lives there today; owners where nobody else does; and whoever reported it or said "me too".
    static func query(_ key: FaultKey, _ tenant: Int32, today: CalendarDate) -> Query<[IncidentPeople]> {
        .many(
            """
            with place as (select * from app.incident where tenant_id = \(tenant) and id = \(key.incidentID(tenant))),
            living as (
              select o.member_id, o.kind, o.unit_id from place i
                join app.unit u on u.tenant_id = i.tenant_id and u.building_id = i.building_id
                 and (i.entrance_id is null or u.entrance_id = i.entrance_id)
                join app.occupancy o on o.tenant_id = u.tenant_id and o.unit_id = u.id
               where o.since <= \(today) and coalesce(o.until >= \(today), true))
            select m.id, m.locale from app.member m
             where m.tenant_id = \(tenant) and m.disabled_at is null and m.id in (
               select l.member_id from living l where l.kind = 'resident'
                  or not exists (select from living r where r.unit_id = l.unit_id and r.kind = 'resident')
               union select j.member_id from place i join app.incident_member j on j.tenant_id = i.tenant_id and j.incident_id = i.id
               union select f.reporter_id from place i
                 join app.incident_fault g on g.tenant_id = i.tenant_id and g.incident_id = i.id
                 join app.fault f on f.tenant_id = g.tenant_id and f.id = g.fault_id
                where f.reporter_id in (select l.member_id from living l))
             order by m.id
            """)
    }

    /// The languages in which they have to be told: those of the company that somebody reads, its first one at least.
    static func languages(_ people: [IncidentPeople], _ tenant: Tenant) -> [Language] {
        let spoken = tenant.locales.compactMap(Language.init)
        let read = Set(people.map { $0.locale.flatMap(Language.init) ?? spoken.first ?? .en })
        let needed = spoken.filter(read.contains)
        return needed.isEmpty ? Array(spoken.prefix(1)) : needed
    }
}

extension Incidents {
    /// Keeps what is sent and sends it, once per person.
    func send(_ key: FaultKey, _ notice: IncidentNotice) async throws -> Incident {
        let incident = try await locked(key, nil)
        let news = try await news(of: incident)
        let entry = try note(incident.id, "told", news.rawValue, texts: notice.texts)
        try tell(incident.id, "told")
        try tx.enqueue(
            TellAboutIncident(incident: incident.id, entry: entry, news: news, isUrgent: notice.isUrgent))
        try tx.audit(
            "incident.told", "incident", incident.id, AuditChange(after: notice.texts.mapValues { $0 as String? }))
        return incident
    }

    private func news(of incident: Incident) async throws -> IncidentNews {
        let entries = try await tx.query(IncidentEntry.of(.id(incident.id), viewer))
        return IncidentNews.next(incident, entries)
    }
}

extension IncidentNews {
    /// What there is to say now: that it is over, or that it is there, or how it goes on.
    static func next(_ incident: Incident, _ entries: [IncidentEntry]) -> IncidentNews {
        if incident.state == .resolved { return .resolved }
        let opened = entries.lastIndex { $0.kind == "declared" || $0.kind == "reopened" } ?? 0
        return entries.dropFirst(opened).contains { $0.kind == "told" } ? .updated : .declared
    }
}

/// Writes the first draft of a notice, by rules, in one language.
struct IncidentWording: Sendable {
    let tenant: Tenant
    let language: Language
    let settings: FaultSettings

    func draft(_ incident: Incident, _ news: IncidentNews) -> String {
        let t = FaultsMessages(language).incident
        let format = Format(language: language, timeZone: tenant.timeZone, currency: tenant.currency.code)
        let place = [incident.building, incident.entrance].compactMap(\.self).joined(separator: ", ")
        let category = settings.title(incident.category, language.rawValue)
        switch news {
        case .declared:
            return [
                t.draftDeclared(title: incident.title, category: category, place: place, since: format.dateTime(incident.since)),
                incident.expectedEnd.map { t.draftEnd(end: format.dateTime($0)) } ?? t.draftNoEnd, t.draftNoReport
            ].joined(separator: "\n\n")
        case .updated:
            return [
                t.draftUpdated(title: incident.title, category: category, place: place),
                incident.expectedEnd.map { t.draftEnd(end: format.dateTime($0)) } ?? t.draftNoEnd
            ].joined(separator: "\n\n")
        case .resolved:
            return [
                t.draftResolved(title: incident.title, category: category, place: place), incident.resolution ?? "",
                t.draftStill
            ].filter { !$0.isEmpty }.joined(separator: "\n\n")
        }
    }
}
