import HTML
import QR
import UI

@testable import Platform

extension PageSamples {
    static let platform = [
        PageSample(name: "operator-sign-in", page: OperatorSignInPage(.en, email: "", []), signedIn: false),
        PageSample(
            name: "operator-sign-in-wrong",
            page: OperatorSignInPage(.en, email: "ada@platform.example", [.init("email", .own("invalid_credentials"))]),
            signedIn: false, problem: true),
        PageSample(
            name: "operator-set-up",
            page: OperatorSetUpPage(
                name: "Ada Vogel", action: "/set-up/x", errors: [], code: QRCode("otpauth://totp/Portico:ada"),
                secret: "JBSW Y3DP EHPK 3PXP",
                password: Field("password", label: "Password", hint: "At least 12 characters.", required: true),
                again: Field("password_confirm", label: "The password again", required: true),
                field: Field("code", label: "Code", hint: "Six digits.", required: true)), signedIn: false),
        PageSample(
            name: "companies",
            page: companies([
                company("Lindenhof Hausverwaltung", Badge("Well", tone: .ok, mark: .check), seen: moment),
                company(long, Badge("Configuration refused", tone: .bad, mark: .triangle), seen: nil)
            ])),
        PageSample(name: "companies-none", page: companies([])),
        PageSample(name: "company", page: company([entry("Ada Vogel", inside), entry(long, ended)], problems: [])),
        PageSample(
            name: "company-without-reason",
            page: company(
                [], problems: [FieldError(field: "reason", code: "required", message: "Fill this in", label: "Reason")]),
            problem: true),
        PageSample(
            name: "platform-entry",
            page: EntryPage(
                title: "Entry into Lindenhof", crumbs: [Crumb("Companies", "/companies"), Crumb("Entry into Lindenhof")],
                state: Badge("Asked for", tone: .info, mark: .ring), facts: [Fact("Who", "Ada Vogel"), Fact("Reason", long)],
                link: SafeURL("http://lindenhof.localhost:8000/support/1/2"), host: "lindenhof.localhost",
                end: "/companies/lindenhof/entries/1/revocation")),
        PageSample(
            name: "support-door",
            page: SupportDoorPage(
                title: "Entry into Lindenhof", lead: "You enter Lindenhof as platform support.",
                facts: [Fact("Who", "Ada Vogel"), Fact("Reason", "Ticket 4711, mails get lost")], action: "/support/1/2"),
            signedIn: false),
        PageSample(
            name: "support",
            page: SupportPage(
                summary: "2 entries", csv: "/admin/support.csv", rows: [entry("Ada Vogel", inside), entry(long, ended)],
                pager: Pager(summary: "2 entries"))),
        PageSample(
            name: "support-none",
            page: SupportPage(summary: "No entries", csv: "/admin/support.csv", rows: [], pager: Pager(summary: ""))),
        PageSample(name: "fleet-jobs", page: fleetJobs([fleetJob("Send a message", nil), fleetJob(long, long)])),
        PageSample(name: "fleet-jobs-none", page: fleetJobs([])),
        PageSample(name: "fleet-mail", page: fleetMail([mail("welcome", ""), mail("fault.assigned", long)])),
        PageSample(name: "fleet-mail-none", page: fleetMail([])),
        PageSample(
            name: "fleet-schedules",
            page: FleetSchedulesPage(
                summary: "2 schedules, 1 overdue",
                rows: [
                    schedule("Seal the audit log", Badge("On time", tone: .ok, mark: .check), late: ""),
                    schedule(long, Badge("1 overdue", tone: .bad, mark: .triangle), late: "lindenhof, harbour")
                ])),
        PageSample(name: "fleet-schedules-none", page: FleetSchedulesPage(summary: "0 schedules, none overdue", rows: [])),
        PageSample(
            name: "platform-log",
            page: LogPage(
                chips: [Chip(label: "Company", value: "lindenhof", remove: "/log")], csv: "/log.csv",
                rows: [
                    LogRow(
                        action: "Asked to enter", details: "minutes: 30, mode: look, reason: \(long)", who: "Ada Vogel",
                        address: "2001:db8::1", company: "lindenhof", path: "/companies/lindenhof", moment: moment),
                    LogRow(
                        action: "Sign-in failed", details: "", who: "Nobody known, or a command", address: "", company: "",
                        moment: moment)
                ], pager: Pager(summary: ""))),
        PageSample(name: "platform-log-none", page: LogPage(chips: [], csv: "/log.csv", rows: [], pager: Pager(summary: "")))
    ]

    private static let inside = Badge("Inside", tone: .warn, mark: .dot)
    private static let ended = Badge("Run out", mark: .check)

    private static func companies(_ rows: [CompanyRow]) -> CompaniesPage {
        CompaniesPage(
            action: "/companies", words: Field("q", label: "Search"),
            stats: [
                Stat("Companies", value: "41"), Stat("Parked", value: "3", tone: .bad, path: "/jobs?state=parked"),
                Stat("Late", value: "0", tone: .ok, path: "/jobs?state=late")
            ], summary: "41 companies", chips: [], clear: nil, csv: "/companies.csv",
            problems: rows.isEmpty ? [] : ["tenants/new/tenant.yaml:3:1: hosts: is missing"], rows: rows,
            pager: Pager(next: "/companies?after=x", summary: "41 companies"))
    }

    private static func company(_ name: String, _ state: Badge, seen: Moment?) -> CompanyRow {
        CompanyRow(
            path: "/companies/lindenhof", name: name, place: "lindenhof · lindenhof.localhost", state: state, members: "412",
            jobs: "3 waiting, 1 parked, 0 late", mail: "0 waiting, 2 failed", seen: seen)
    }

    private static func company(_ entries: [EntryRow], problems: [FieldError]) -> CompanyPage {
        CompanyPage(
            name: "Lindenhof", crumbs: [Crumb("Companies", "/companies"), Crumb("Lindenhof")],
            state: Badge("Needs a look", tone: .warn, mark: .half),
            stats: [Stat("Members", value: "412"), Stat("Parked", value: "1", tone: .bad, path: "/jobs?company=lindenhof")],
            facts: [Fact("Hosts", "lindenhof.localhost"), Fact("Platform log", "What operators did here", path: "/log")],
            problems: entries.isEmpty ? [] : [long], errors: problems, enter: "/companies/lindenhof/entries",
            reason: Field(
                "reason", label: "Reason", hint: "At least ten characters.", error: problems.first?.message, required: true),
            minutes: Field("minutes", label: "For how long", value: "30", required: true),
            spans: [Choice("15", "15 minutes"), Choice("30", "30 minutes")],
            mode: Field("mode", label: "What for", value: "look", required: true),
            modes: [Choice("look", "Only look"), Choice("change", "Look and change")], entries: entries)
    }

    private static func entry(_ name: String, _ state: Badge) -> EntryRow {
        EntryRow(
            name: name, path: "/companies/lindenhof/entries/1", reason: "Ticket 4711, mails get lost", mode: "Only look",
            state: state, asked: moment(daysAgo: 1), until: moment, end: state == inside ? "/admin/support/1/revocation" : nil,
            acts: "/admin/audit?actor=1")
    }

    private static func fleetJobs(_ rows: [FleetJobRow]) -> FleetJobsPage {
        FleetJobsPage(
            tabs: [Tab("Parked", "/jobs", current: true, count: rows.count), Tab("Late", "/jobs?state=late", count: 0)],
            summary: "\(rows.count) jobs", chips: [], rows: rows, pager: Pager(summary: ""))
    }

    private static func fleetJob(_ name: String, _ error: String?) -> FleetJobRow {
        FleetJobRow(
            name: name, kind: "notices.send · 0199", company: "Lindenhof", path: "/companies/lindenhof",
            state: Badge("Parked", tone: .bad, mark: .triangle), tries: "3 of 3 tries", moment: moment, error: error,
            replay: "/jobs/lindenhof/1/replay", discard: "/jobs/lindenhof/1/discard")
    }

    private static func fleetMail(_ rows: [FleetMailRow]) -> FleetMailPage {
        FleetMailPage(
            tabs: [Tab("Given up", "/mail", current: true), Tab("Sent", "/mail?state=sent")], chips: [], rows: rows,
            pager: Pager(summary: ""))
    }

    private static func mail(_ kind: String, _ detail: String) -> FleetMailRow {
        FleetMailRow(
            kind: kind, company: "Lindenhof", path: "/companies/lindenhof", whereTo: "Mail to an address at mail.example",
            state: Badge("Given up", tone: .bad, mark: .triangle), tries: "3 tries", moment: moment, detail: detail,
            retry: "/mail/lindenhof/1/retry")
    }

    private static func schedule(_ name: String, _ state: Badge, late: String) -> FleetScheduleRow {
        FleetScheduleRow(
            name: name, key: "audit.seal", companies: "41", last: late.isEmpty ? moment : nil, next: moment, state: state,
            late: late)
    }
}
