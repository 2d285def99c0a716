import Foundation
import HTML
import UI

@testable import Faults

extension PageSamples {
    static let incidents = [
        PageSample(name: "incidents", page: incidentList([outage, over])),
        PageSample(name: "incidents-none", page: incidentList([])),
        PageSample(name: "incident", page: incident(manage: management)),
        PageSample(name: "incident-resident", page: incident(join: "/incidents/O-2026-0003/members")),
        PageSample(name: "incident-form", page: incidentForm([])),
        PageSample(
            name: "incident-form-refused",
            page: incidentForm([FieldError(field: "title", code: "required", message: "Fill this in")]), problem: true),
        PageSample(name: "incident-notice", page: incidentNotice([])),
        PageSample(
            name: "incident-notice-preview",
            page: incidentNotice([
                IncidentPreview(
                    language: "Text in English", code: "en", subject: "Outage: No heating, Lindenstraße 12",
                    paragraphs: ["Hello,", "There is an outage.", "https://lindenhof.example/incidents/O-2026-0003"])
            ])),
        PageSample(name: "report-known-outage", page: knownOutage)
    ]

    private static let outage = IncidentRow(
        path: "/incidents/O-2026-0003", number: "O-2026-0003", title: "No heating", place: "Lindenstraße 12",
        badge: Badge("Open", tone: .bad, mark: .triangle), category: "Heating", since: moment(daysAgo: 0.2),
        affected: "4 reports, 12 joined")
    private static let over = IncidentRow(
        path: "/incidents/O-2026-0002", number: "O-2026-0002", title: long, place: "\(long), Entrance B",
        badge: Badge("Over", tone: .ok, mark: .check), category: "Elevator", since: moment(daysAgo: 12),
        affected: "1 report, 0 joined")

    private static func incidentList(_ rows: [IncidentRow]) -> IncidentsPage {
        IncidentsPage(
            tabs: [Tab("All", "/incidents", current: true), Tab("Open", "/incidents?state=open")],
            summary: rows.isEmpty ? "No outages" : "\(rows.count) outages", rows: rows, pager: Pager(summary: "2 outages"),
            csv: "/incidents.csv", declare: "/incidents/new")
    }

    private static func incident(join: WebPath? = nil, manage: IncidentManagement? = nil) -> IncidentPage {
        IncidentPage(
            title: "No heating", crumbs: [Crumb("Outages", "/incidents"), Crumb("O-2026-0003")], badge: outage.badge, errors: [],
            facts: [Fact("Place", "Lindenstraße 12", path: "/buildings/1"), Fact("since", "21 Nov 2026, 08:10")],
            timeline: [
                TimelineEntry(
                    actor: "Maria Kern", text: "declared an outage", moment: moment, icon: .warning, tone: .bad),
                TimelineEntry(
                    actor: "Maria Kern", text: "told everybody there", moment: moment, icon: .envelope,
                    note: "There is an outage.\n\nWe are working on it.")
            ], join: join, hasJoined: false, manage: manage)
    }

    private static let management = IncidentManagement(
        notice: "/incidents/O-2026-0003/notices", edit: "/incidents/O-2026-0003/edit", gathered: ticked([rows[2]]),
        release: "/incidents/O-2026-0003/faults/release", fitting: ticked([rows[0]]), gather: "/incidents/O-2026-0003/faults",
        resolve: IncidentEndForm(
            action: "/incidents/O-2026-0003/resolution",
            resolution: Field("resolution", label: "What was done?", required: true),
            faults: Field("fault_ids", label: "Resolve these faults, too", hint: "With the same words."),
            choices: [Choice("409", "F-2026-0409 · No hot water")], ticked: ["409"], open: true), version: 3)

    private static func ticked(_ rows: [FaultRow]) -> [FaultRow] {
        rows.map { row in
            var row = row
            row.id = row.number
            return row
        }
    }

    private static func incidentForm(_ errors: [FieldError]) -> IncidentFormPage {
        IncidentFormPage(
            heading: "Declare an outage", crumbs: [Crumb("Outages", "/incidents"), Crumb("Declare an outage")],
            action: "/incidents",
            back: "/incidents", errors: errors, hidden: [HiddenValue("from", "F-2026-0409")],
            title: Field("title", label: "What is out?", error: errors.message(for: "title"), required: true, maxLength: 140),
            category: Field("category", label: "What is it about?", value: "heating", required: true),
            categories: [Choice("heating", "Heating")], place: Field("place", label: "Where is it?", required: true),
            places: [ChoiceGroup("Lindenstraße 12", [Choice("building-1", "Lindenstraße 12, the whole building")])],
            since: Field("since", label: "since", value: "2026-11-21T08:10"),
            expectedEnd: Field("expected_end", label: "expected until", hint: "Leave it empty when nobody knows yet"),
            faults: Field("fault_ids", label: "Open faults that fit", hint: "Those that are ticked become part of the outage."),
            offered: [Choice("409", "F-2026-0409 · No hot water", hint: "Lindenstraße 12, Apt 1.1")], ticked: ["409"],
            submit: "Declare an outage")
    }

    private static func incidentNotice(_ previews: [IncidentPreview]) -> IncidentNoticePage {
        IncidentNoticePage(
            crumbs: [Crumb("Outages", "/incidents"), Crumb("O-2026-0003", "/incidents/O-2026-0003"), Crumb("Notice")],
            summary: "43 people will be told", action: "/incidents/O-2026-0003/notices", back: "/incidents/O-2026-0003",
            errors: [],
            texts: [
                Field("text_de", label: "Text in German", value: "Es gibt eine Störung.", required: true, maxLength: 2000),
                Field("text_en", label: "Text in English", value: "There is an outage.", required: true, maxLength: 2000)
            ], isUrgent: false, previews: previews)
    }

    private static var knownOutage: ReportFaultPage {
        var page = report([], title: "")
        page.held = HeldChoices(
            field: Field("held_photos", label: "Photos that you chose already", hint: "Untick what shall not go along."),
            choices: [Choice("1", "IMG_2041.heic")])
        page.outages = [
            KnownOutage(row: outage, end: "21 Nov 2026, 18:00", join: "/incidents/O-2026-0003/members"),
            KnownOutage(row: over)
        ]
        return page
    }
}
