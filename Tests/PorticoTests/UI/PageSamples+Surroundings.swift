import HTML
import UI

@testable import Faults
@testable import Identity
@testable import Notifications
@testable import Operations
@testable import Property

extension PageSamples {
    static let surroundings = [
        PageSample(
            name: "home",
            page: HomePage(
                greeting: "Good afternoon, Maria", day: "Saturday, 21 November 2026", report: "/faults/new", stats: stats,
                sections: [
                    section("Overdue", [overdue]), section("Not assigned", [reported]),
                    section("Waiting for an answer", [], empty: "No answer is outstanding")
                ])),
        PageSample(
            name: "home-none",
            page: HomePage(greeting: "Hello, Nora", day: "Saturday", report: "/faults/new", sections: [section("My reports", [])])
        ),
        PageSample(
            name: "home-long",
            page: HomePage(greeting: long, day: long, stats: stats, sections: [section(long, [overdue, reported], title: long)])),
        PageSample(
            name: "inbox",
            page: InboxPage(
                tabs: [Tab("All", "/notifications", current: true), Tab("Unread", "/notifications?unread=1", count: 2)],
                summary: "2 unread notices",
                rows: [
                    notice("New fault F-2026-0412: Water dripping from the ceiling", .flag, .info, unread: true),
                    notice(
                        "F-2026-0401 is resolved. Is everything in order? Stairwell light flickers", .check, .ok, unread: true),
                    notice("Somebody looks after F-2026-0398: " + long, .person, .note, unread: false)
                ], readAll: "/notifications/read", pager: Pager(next: "/notifications?after=x", summary: "1–3 of 40"))),
        PageSample(
            name: "inbox-none",
            page: InboxPage(
                tabs: [Tab("All", "/notifications", current: true)], summary: "Everything read", rows: [], readAll: nil,
                pager: nil)),
        PageSample(
            name: "jobs",
            page: JobsPage(
                tabs: jobTabs, summary: "2 jobs",
                rows: [job("faults.tell", failed: true), job("images.thumbnail", failed: false)], pager: nil)),
        PageSample(name: "jobs-none", page: JobsPage(tabs: jobTabs, summary: "No jobs", rows: [], pager: nil)),
        PageSample(name: "account", page: account),
        PageSample(name: "sign-in", page: signIn([], demo: 4), signedIn: false),
        PageSample(name: "sign-in-providers", page: signIn(["Google", "Lindenhof ID"], takesPassword: true), signedIn: false),
        PageSample(name: "sign-in-no-password", page: signIn(["Lindenhof ID"], takesPassword: false), signedIn: false),
        PageSample(name: "sign-in-kept", page: signIn([], demo: 0, note: "What you typed is kept."), signedIn: false),
        PageSample(
            name: "sign-in-refused",
            page: signIn(
                [FieldError(field: "email", code: "invalid_credentials", message: "E-mail address and password do not match.")],
                demo: 0),
            signedIn: false, problem: true),
        PageSample(name: "error-404", page: ErrorPage(status: 404), signedIn: false),
        PageSample(name: "error-500", page: ErrorPage(status: 500), signedIn: false)
    ]

    private static let stats = [
        Stat("Overdue", value: "3", change: "1 more than yesterday", tone: .bad, path: "/faults?overdue=1"),
        Stat("Not assigned", value: "5", change: "the oldest waits 4 hours", tone: .warn, path: "/faults?assignee=none"),
        Stat("Waiting for an answer", value: "2", path: "/faults?state=resolved"),
        Stat("Open faults", value: "41", path: "/faults")
    ]

    private static func section(_ name: String, _ badges: [Badge], title: String? = nil, empty: String = "Nothing is late")
        -> HomeSection
    {
        HomeSection(
            title: name,
            rows: badges.isEmpty
                ? []
                : rows.prefix(3).map {
                    HomeRow(path: $0.path, title: title ?? $0.title, detail: "\($0.number) · \($0.place)", badges: badges)
                },
            more: badges.isEmpty ? nil : "/faults", emptyTitle: empty, emptyText: "Every open fault is within its deadline.")
    }

    private static func notice(_ text: String, _ icon: Icon, _ tone: Tone, unread: Bool) -> NoticeRow {
        NoticeRow(
            path: "/faults/F-2026-0412", text: text, moment: moment, icon: icon, tone: tone,
            read: unread ? "/notifications/1/read" : nil)
    }

    private static let jobTabs = [
        Tab("Parked", "/admin/jobs", current: true, count: 1), Tab("Waiting", "/admin/jobs?state=waiting")
    ]

    private static func job(_ kind: String, failed: Bool) -> JobRow {
        JobRow(
            id: "0193-aa01", name: "Tell people about a fault", kind: kind,
            state: failed ? Badge("Parked", tone: .bad, mark: .triangle) : Badge("Waiting", tone: .info, mark: .ring),
            tries: "3 of 3", moment: moment, error: failed ? "NotFound: fault 0193\n" + long : nil,
            retry: failed ? "/admin/jobs/1/retry" : nil,
            discard: "/admin/jobs/1/discard")
    }

    private static let account = AccountPage(
        action: "/account", errors: [], facts: [Fact("E-mail address", "maria@lindenhof.example")],
        name: Field("name", label: "Name", value: "Maria Kern", required: true),
        language: Field("locale", label: "Language", value: "en", required: true),
        languages: [Choice("en", "English"), Choice("de", "Deutsch")],
        theme: Field("theme", label: "Appearance", value: "auto", required: true),
        themes: [Choice("auto", "Like my device"), Choice("light", "Light"), Choice("dark", "Dark")],
        density: Field("density", label: "Rows of lists", value: "normal", required: true),
        densities: [Choice("normal", "With room"), Choice("compact", "Close together")],
        timeZone: Field(
            "time_zone", label: "Time zone", value: "Europe/Berlin", hint: "Times are shown in this zone.", required: true),
        timeZones: [Choice("Europe/Berlin", "Europe/Berlin"), Choice("Europe/London", "Europe/London")],
        password: "/account/password",
        version: 2)

    private static func signIn(_ providers: [String], takesPassword: Bool) -> SignInPage {
        var page = signIn([], demo: 0)
        page.takesPassword = takesPassword
        page.providers = providers.map { ProviderLink(title: $0, path: "/login/oidc/\($0)?next=%2Ffaults") }
        return page
    }

    private static func signIn(_ errors: [FieldError], demo: Int, note: String? = nil) -> SignInPage {
        SignInPage(
            action: "/login", errors: errors,
            email: Field(
                "email", label: "E-mail address", error: errors.message(for: "email"), required: true, autocomplete: "username",
                focused: errors.isEmpty),
            password: Field("password", label: "Password", required: true, autocomplete: "current-password"), next: "/faults",
            note: note, passkey: prompt("/login", "Sign in with a passkey"),
            forgotten: "/password/forgot", register: errors.isEmpty ? "/register" : nil,
            demo: [("Maria Kern", "Manager"), ("Jan Weber", "Technician"), ("Nora Blum", "Resident"), ("Karl Ott", "Owner")]
                .prefix(demo).map {
                    DemoSignInRow(name: $0.0, initials: "MK", role: $0.1, email: "demo@lindenhof.example", password: "demo")
                })
    }
}
