import Forms
import Foundation
import HTML
import Notifications
import UI
import Web

/// A notice that can be sent now.
struct IncidentNoticeRecord: Sendable {
    let incident: Incident
    let news: IncidentNews
    let people: Int
    let languages: [Language]
    /// By rules, for each language.
    let drafts: [String: String]
}

extension FaultDesk {
    func notice(_ key: FaultKey) async throws -> IncidentNoticeRecord {
        let (incident, entries, people) = try await context.read(
            Incident.find(key, viewer, today: today), IncidentEntry.of(key, viewer),
            IncidentPeople.query(key, viewer.tenant, today: today))
        let news = IncidentNews.next(incident, entries)
        let languages = IncidentPeople.languages(people, context.tenant)
        let drafts = languages.map { language in
            (
                language.rawValue,
                IncidentWording(tenant: context.tenant, language: language, settings: settings).draft(incident, news)
            )
        }
        return IncidentNoticeRecord(
            incident: incident, news: news, people: people.count, languages: languages,
            drafts: Dictionary(uniqueKeysWithValues: drafts))
    }

    func notice(_ record: IncidentNoticeRecord, preview: IncidentNotice? = nil, refused: FormErrors? = nil) -> IncidentNoticePage
    {
        let incident = record.incident
        let errors = self.errors(refused?.problems ?? [])
        let fields = record.languages.map { language in
            let name = "text_\(language.rawValue)"
            return Field(
                name, label: t.incident.text(code: language.rawValue),
                value: refused?.values[name] ?? preview?.texts[language.rawValue] ?? record.drafts[language.rawValue] ?? "",
                error: errors.message(for: name), required: true, maxLength: 2000)
        }
        return IncidentNoticePage(
            crumbs: [Crumb(t.incident.list, "/incidents"), Crumb(incident.number, incident.path), Crumb(t.incident.notice)],
            summary: t.incident.people(count: record.people), action: "\(incident.path)/notices", back: incident.path,
            errors: errors.inOrder(of: fields), texts: fields,
            isUrgent: preview?.isUrgent ?? refused.map { !$0.values["urgent"].isEmpty } ?? false,
            previews: preview.map { notice in
                record.languages.map { language in
                    let words = NoticePreview.of(
                        "incident.\(record.news.rawValue)",
                        [
                            "number": incident.number, "title": incident.title, "place": place(incident),
                            "text_\(language.rawValue)": notice.texts[language.rawValue] ?? ""
                        ],
                        path: incident.path, context.tenant, language)
                    return IncidentPreview(
                        language: t.incident.text(code: language.rawValue), code: language.rawValue, subject: words.subject,
                        paragraphs: words.paragraphs)
                }
            } ?? [])
    }
}
