import HTML
import UI

@testable import Setup

extension PageSamples {
    static let setup = [
        PageSample(name: "configuration", page: configuration(versions: 2, problems: [])),
        PageSample(
            name: "configuration-broken",
            page: configuration(
                versions: 0,
                problems: [ReviewProblem(place: "tenant.yaml, line 12:", message: "currency: \"EURO\" is not an ISO 4217 code")])),
        PageSample(name: "brand", page: brand(review: nil)),
        PageSample(name: "brand-checked", page: brand(review: goodReview)),
        PageSample(name: "brand-refused", page: brand(review: badReview, errors: [reasonMissing]), problem: true),
        PageSample(name: "categories", page: categoriesForm),
        PageSample(name: "notice-own", page: ownNotice),
        PageSample(name: "roles", page: rights),
        PageSample(name: "configuration-text", page: fileText(badReview), problem: true),
        PageSample(name: "configuration-merge", page: twoVersions, problem: true),
        PageSample(name: "configuration-history", page: history(3)),
        PageSample(name: "configuration-history-none", page: history(0)),
        PageSample(name: "configuration-version", page: oneVersion)
    ]

    private static let setupTabs = [
        Tab("Overview", "/admin/configuration", current: true), Tab("Brand", "/admin/configuration/brand"),
        Tab("History of the configuration", "/admin/configuration/history")
    ]
    private static let setupCrumbs = [Crumb("Configuration", "/admin/configuration"), Crumb("Brand")]
    private static let reasonMissing = FieldError(field: "reason", code: "required", message: "Fill this in")
    private static let oneDifference = DifferencePart(
        file: "tenant.yaml", summary: "1 line added, 1 removed",
        lines: [
            DifferenceLine(text: "⋯ 24 lines"), DifferenceLine(text: "  brand:"),
            DifferenceLine(isRemoved: true, text: "-   hue: 150                  # degrees: 25 red, 70 amber"),
            DifferenceLine(isAdded: true, text: "+   hue: 20                   # degrees: 25 red, 70 amber"),
            DifferenceLine(text: "  chroma: 0.12")
        ])
    private static let goodReview = ReviewPart(
        summary: "Nothing is wrong. This can be published.", tone: .ok, problems: [],
        impacts: ["14 of 220 open faults would have another deadline."], differences: [oneDifference])
    private static let badReview = ReviewPart(
        summary: "2 mistakes: this cannot be published.", tone: .bad,
        problems: [
            ReviewProblem(
                place: "tenant.yaml, line 25:", message: "brand.hue: must be a number from 0 to 360, not \"red\"",
                excerpt: "  hue: red"),
            ReviewProblem(place: "tenant.yaml, line 1:", message: long)
        ], impacts: [], differences: [oneDifference])

    private static func head(_ error: String? = nil) -> PublishPart {
        PublishPart(
            base: "3f2a", reason: Field("reason", label: "Reason", hint: "Stands in the history.", error: error, required: true))
    }

    private static func versionRow(_ index: Int) -> VersionRow {
        VersionRow(
            path: "/admin/configuration/history/\(index)", title: "Version \(index)",
            reason: index == 1 ? long : "New letterhead", author: index == 0 ? "Somebody at the server" : "Ada Blum",
            moment: moment, size: "tenant.yaml · 1 line added, 1 removed",
            badge: index == 0 ? Badge("changed on the server", tone: .warn) : nil)
    }

    private static func configuration(versions: Int, problems: [ReviewProblem]) -> ConfigurationPage {
        ConfigurationPage(
            tabs: setupTabs, problems: problems, facts: [Fact("Company", "Lindenhof"), Fact("Addresses", "lindenhof.example")],
            forms: [
                FormLink(
                    path: "/admin/configuration/brand", title: "Brand", text: "The company's name and its colour.", icon: .image),
                FormLink(path: "/admin/configuration/roles", title: "Roles and rights", text: long, icon: .key)
            ],
            files: [
                FileRow(name: "tenant.yaml", path: "/admin/configuration/text?file=tenant.yaml", size: "7,312 bytes"),
                FileRow(name: "logo.svg", path: nil, size: "812 bytes")
            ], versions: (0..<versions).map(versionRow), history: "/admin/configuration/history")
    }

    private static let contrast = ContrastPart(
        source: "/admin/configuration/brand/contrast",
        rows: [
            ContrastRow(
                pair: "White on button", ratio: "5.15 : 1", verdict: Badge("enough", tone: .ok, mark: .check), ink: "#ffffff",
                paper: "#1f7a4d"),
            ContrastRow(
                pair: "Brand on dark surface", ratio: "4.12 : 1", verdict: Badge("too little", tone: .bad, mark: .triangle),
                ink: "#1f7a4d", paper: "#16181d")
        ])

    private static func brand(review: ReviewPart?, errors: [FieldError] = []) -> ConfigurationFormPage {
        ConfigurationFormPage(
            title: "Brand", lead: "The company's name and its colour.", crumbs: setupCrumbs, tabs: setupTabs,
            action: "/admin/configuration/brand", errors: errors,
            groups: [
                FormGroup(
                    title: "Brand", hint: "The logo is the file logo.svg.",
                    parts: [
                        FormPart(kind: .text, field: Field("name", label: "Name", value: "Lindenhof", required: true)),
                        FormPart(
                            kind: .text, field: Field("hue", label: "Hue", value: "150", hint: "Degrees", required: true),
                            inputmode: "decimal")
                    ])
            ], head: head(errors.message(for: "reason")), review: review, contrast: contrast, previews: [])
    }

    private static let categoriesForm = ConfigurationFormPage(
        title: "Fault categories", lead: "What people may report.", crumbs: setupCrumbs, tabs: setupTabs,
        action: "/admin/configuration/categories", errors: [],
        groups: [
            FormGroup(
                title: "Plumbing", hint: "plumbing",
                parts: [
                    FormPart(kind: .text, field: Field("categories.0.title_de", label: "Title in German", value: "Sanitär")),
                    FormPart(kind: .text, field: Field("categories.0.title_en", label: "Title in English", value: "Plumbing")),
                    FormPart(
                        kind: .choice, field: Field("categories.0.priority", label: "A new fault starts as", value: "high"),
                        choices: [Choice("high", "High"), Choice("low", "Low")]),
                    FormPart(
                        kind: .text, field: Field("categories.0.resolve_hours", label: "Resolved within hours"),
                        inputmode: "numeric"),
                    FormPart(
                        kind: .ticks, field: Field("categories.0.remove", label: "Remove"),
                        choices: [Choice("true", "Remove this category")])
                ], hidden: [HiddenValue("categories.0.key", "plumbing")])
        ], head: head(), review: nil, contrast: nil, previews: [])

    private static let ownNotice = ConfigurationFormPage(
        title: "Own text: A fault was assigned to you", lead: "The first line is the subject.", crumbs: setupCrumbs,
        tabs: setupTabs, action: "/admin/configuration/notices/fault.assigned", errors: [],
        groups: [
            FormGroup(
                title: "A fault was assigned to you", hint: "Fields in double braces: number, title",
                parts: [
                    FormPart(
                        kind: .area,
                        field: Field("text_en", label: "Text in English", value: "New: {{number}}\n\n{{title}}\n", hint: "Check.")
                    )
                ])
        ], head: head(), review: nil, contrast: nil,
        previews: [
            PreviewPart(title: "Preview in English", code: "en", subject: "New: F-2026-0412", text: "Water drips\n\n\(long)")
        ])

    private static let rights = RolesPage(
        crumbs: setupCrumbs, tabs: setupTabs, action: "/admin/configuration/roles", errors: [], roles: ["Resident", "Manager"],
        rows: ["faults:report", "configuration:publish"].map { name in
            RightRow(
                title: name == "faults:report" ? "Report faults" : "Change the configuration", name: name,
                cells: ["Resident", "Manager"].map {
                    RightCell(
                        label: "\($0): \(name)", role: $0, value: "\($0.lowercased()) \(name)",
                        isTicked: $0 == "Manager" || name == "faults:report")
                })
        }, keys: ["resident", "manager"], head: head(), review: nil)

    private static func fileText(_ review: ReviewPart) -> ConfigurationTextPage {
        ConfigurationTextPage(
            title: "As text", crumbs: setupCrumbs, tabs: setupTabs,
            files: [
                Tab("tenant.yaml", "/admin/configuration/text?file=tenant.yaml", current: true),
                Tab("logo.svg", "/admin/configuration/text?file=logo.svg")
            ], action: "/admin/configuration/text", errors: [], file: "tenant.yaml",
            text: Field(
                "text", label: "Text of tenant.yaml", value: "# Head\nname: \"Lindenhof & <Söhne>\"\nbrand:\n  hue: red\n",
                hint: "Passwords never stand here.", required: true), head: head(), review: review)
    }

    private static let twoVersions = ConfigurationMergePage(
        crumbs: setupCrumbs, action: "/admin/configuration/publications", errors: [],
        theirs: "Ada Blum, 21 Nov 2026, 14:05: New letterhead",
        files: [
            MergeFile(
                name: "tenant.yaml", hidden: [HiddenValue("files.0.name", "tenant.yaml")],
                text: Field("files.0.text", label: "tenant.yaml", value: "name: Mine\n", required: true),
                note: "Both changes touch the same lines.", now: "name: Theirs\n", difference: oneDifference)
        ], head: head(), review: nil, back: "/admin/configuration")

    private static func history(_ count: Int) -> ConfigurationHistoryPage {
        ConfigurationHistoryPage(
            tabs: setupTabs, crumbs: setupCrumbs, summary: "\(count) versions", csv: "/admin/configuration/history.csv",
            rows: (0..<count).map(versionRow), pager: nil)
    }

    private static let oneVersion = ConfigurationVersionPage(
        title: "Version 3", crumbs: setupCrumbs, tabs: setupTabs, errors: [], badge: Badge("Back to version 1", tone: .note),
        facts: [Fact("By", "Ada Blum"), Fact("Reason", long)], differences: [oneDifference],
        revert: "/admin/configuration/history/3/revert", toNow: [oneDifference], review: nil, head: head())
}
