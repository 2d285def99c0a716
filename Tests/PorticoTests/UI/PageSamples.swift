import Foundation
import HTML
import QR
import Testing
import UI

@testable import Faults

/// Every page in its usual, its empty and its longest state; for the gallery and the gates on weight and accessibility.
struct PageSample: Sendable, CustomTestStringConvertible {
    var name: String
    var page: any Page
    /// False for pages that people see before they sign in.
    var signedIn = true
    var problem = false
    var testDescription: String { name }
}

enum PageSamples {
    static let all: [PageSample] =
        faults + reporting + detail + property + surroundings + audit + figures + notices + visits + arrival + search
        + incidents + delegation + messages + news + signIns + security + votes + manual + standing + privacy + platform + setup

    static let long =
        String(repeating: "Grundstücksverkehrsgenehmigungszuständigkeitsübertragung ", count: 2) + "und noch etwas mehr"
    static let moment = ViewSamples.format(.en).moment(ViewSamples.now)

    static func moment(daysAgo days: Double) -> Moment {
        ViewSamples.format(.en).dayMoment(ViewSamples.now.addingTimeInterval(-days * 86_400))
    }
}

// MARK: - Faults

extension PageSamples {
    static let reported = Badge("Reported", tone: .info, mark: .ring)
    static let overdue = Badge("Overdue", tone: .bad, mark: .triangle)
    static let rows = [
        row(
            412, "Water dripping from the ceiling in the bathroom", "Lindenstraße 12, Apt 3.2", [reported, overdue], "Plumbing",
            ""),
        row(
            411, "Lift stops between 2nd and 3rd floor", "Parkallee 4, Common parts",
            [Badge("In progress", tone: .info, mark: .dot)], "Elevator", "Jan Weber"),
        row(
            409, "No hot water since yesterday evening", "Lindenstraße 12, Apt 1.1",
            [Badge("Assigned", tone: .note, mark: .half)], "Heating", "Aylin Demir"),
        row(
            406, "Broken window handle", "Am Markt 7, Apt 4", [Badge("On hold", tone: .warn, mark: .half)], "Structure",
            "Jan Weber"),
        row(
            401, "Stairwell light flickers", "Am Markt 7, Common parts", [Badge("Resolved", tone: .ok, mark: .check)],
            "Electrical", "Jan Weber"),
        row(
            398, "Door lock sticks when it is cold", "Parkallee 4, Apt 12", [Badge("Closed", mark: .check)], "Security",
            "Aylin Demir"),
        row(397, "Graffiti at the entrance", "Parkallee 4, Common parts", [Badge("Cancelled", mark: .strike)], "Common area", "")
    ]

    static func row(_ number: Int, _ title: String, _ place: String, _ badges: [Badge], _ category: String, _ assignee: String)
        -> FaultRow
    {
        FaultRow(
            path: "/faults/F-2026-0\(number)", number: "F-2026-0\(number)", title: title, place: place, badges: badges,
            category: category,
            assignee: assignee, due: number > 401 ? moment(daysAgo: Double(410 - number)) : nil,
            reported: moment(daysAgo: Double(413 - number)))
    }

    static let filter = FaultFilterFields(
        action: "/faults", words: Field("q", label: "Search"), state: Field("state", label: "State"),
        states: [Choice("open", "All open")],
        category: Field("category", label: "Category", value: "plumbing"),
        categories: [Choice("plumbing", "Plumbing"), Choice("heating", "Heating")],
        building: Field("building", label: "Building"), buildings: [Choice("1", "Lindenstraße 12"), Choice("2", "Parkallee 4")],
        assignee: Field("assignee", label: "Assigned to"), assignees: [Choice("none", "Nobody"), Choice("1", "Jan Weber")],
        month: Field("month", label: "Reported"), months: [Choice("this", "This month"), Choice("last", "Last month")],
        due: Field("due", label: "Due"), days: [Choice("today", "Today"), Choice("tomorrow", "Tomorrow")])

    static let faults = [
        PageSample(
            name: "faults",
            page: faultList(rows, chips: [Chip(label: "Category", value: "Plumbing", remove: "/faults")], clear: "/faults")),
        PageSample(name: "faults-none", page: faultList([])),
        PageSample(
            name: "faults-no-match",
            page: faultList([], chips: [Chip(label: "Search", value: "zzz", remove: "/faults")], clear: "/faults")),
        PageSample(
            name: "faults-long",
            page: faultList(
                (0..<50).map {
                    row(100 + $0, long, long, [reported, overdue], long, "Maximiliane Freifrau von Hohenstein-Lauterbach")
                })),
        PageSample(
            name: "mine",
            page: MyFaultsPage(
                summary: "3 open faults",
                groups: [FaultGroup(title: "Overdue", rows: [rows[0]]), FaultGroup(title: "Due today", rows: [rows[1], rows[2]])])
        ),
        PageSample(
            name: "sheets",
            page: SheetsPage(
                crumbs: crumbs, summary: "1 fault", back: "/faults",
                sheets: [
                    WorkSheet(
                        number: "F-2026-0412", title: rows[0].title, address: "https://lindenhof.example/faults/F-2026-0412",
                        code: QRCode("https://lindenhof.example/faults/F-2026-0412"),
                        facts: [Fact("Place", "Lindenstraße 12, Apt 3.2"), Fact("Due", moment.text)],
                        description: SafeHTML(trusted: "<p>About a glass per hour.</p>"), printed: "printed on 21 Nov 2026")
                ])),
        PageSample(name: "sheets-none", page: SheetsPage(crumbs: crumbs, summary: "No faults", back: "/faults", sheets: [])),
        PageSample(name: "batch", page: batch(2)), PageSample(name: "batch-none", page: batch(0)),
        PageSample(name: "batch-many-people", page: batch(2, people: 20)),
        PageSample(
            name: "batch-done",
            page: BatchDonePage(
                crumbs: crumbs, summary: "1 done, 0 already so, 1 not possible", undo: "/faults/batches/1/undo",
                rows: [
                    BatchDoneRow(
                        path: rows[0].path, number: rows[0].number, title: rows[0].title, result: Badge("Done", tone: .ok)),
                    BatchDoneRow(
                        path: rows[6].path, number: rows[6].number, title: rows[6].title,
                        result: Badge("Not possible", tone: .warn))
                ])),
        PageSample(
            name: "batch-running",
            page: BatchDonePage(
                crumbs: crumbs, summary: "600 done, 0 already so, 0 not possible",
                progress: BatchProgress(done: 600, total: 2500, text: "600 of 2,500 faults"), rows: [])),
        PageSample(name: "faults-views", page: withViews),
        PageSample(name: "board", page: board([rows[0], rows[2]])),
        PageSample(name: "board-none", page: board([])),
        PageSample(
            name: "technicians",
            page: TechniciansPage(
                crumbs: crumbs, summary: "2 people", csv: "/faults/technicians.csv",
                rows: [
                    TechnicianRow(
                        path: "/faults/technicians/1", name: "Jan Weber", skills: "Heating, Plumbing",
                        buildings: "Lindenstraße 12",
                        load: "3"),
                    TechnicianRow(path: "/faults/technicians/2", name: "Aylin Demir", skills: "", buildings: "", load: "0")
                ])),
        PageSample(
            name: "technicians-none",
            page: TechniciansPage(crumbs: crumbs, summary: "Nobody", csv: "/faults/technicians.csv", rows: [])),
        PageSample(
            name: "technician",
            page: TechnicianPage(
                name: "Jan Weber", action: "/faults/technicians/1", back: "/faults/technicians", crumbs: crumbs, errors: [],
                skills: Field("skills", label: "Skills", hint: "Nothing is given without."), categories: categories,
                hasSkills: ["heating"], buildings: Field("buildings", label: "Buildings"),
                houses: [Choice("1", "Lindenstraße 12")],
                hasBuildings: ["1"])),
        PageSample(name: "mine-none", page: MyFaultsPage(summary: "Nothing open", groups: []))
    ]

    static let withViews: FaultsPage = {
        var page = faultList(Array(rows.prefix(2)))
        page.views = [Tab("All", "/faults?view=all"), Tab("Open plumbing", "/faults?category=plumbing", current: true)]
        page.save = SaveViewForm(
            action: "/faults/views?q=x", name: Field("name", label: "Name of the view", required: true), mayShare: true,
            open: true)
        page.ownView = "/faults/views/1/remove"
        page.bulk = BulkBar(
            action: "/faults/batch", hidden: [HiddenValue("category", "plumbing")], all: "Change all 312 faults",
            print: "Print the first 50 sheets")
        return page
    }()

    static func batch(_ count: Int, people: Int = 2) -> BatchPage {
        BatchPage(
            crumbs: crumbs, back: "/faults", errors: [], summary: "\(count) faults", isEmpty: count == 0,
            sample: Array(rows.prefix(count)), action: "/faults/batch", hidden: [HiddenValue("all", "1")],
            acts: [
                BatchActForm(
                    act: "assign", title: "Assign", icon: .personPlus, open: true,
                    assignee: Field("assignee_id", label: "Who looks after it?", required: true),
                    people: (1...people).map { Choice("\($0)", "Jan Weber (\($0))") }),
                BatchActForm(
                    act: "priority", title: "Set priority", icon: .flag, open: false,
                    priority: Field("priority", label: "Priority"),
                    priorities: [Choice("high", "High")]),
                BatchActForm(
                    act: "comment", title: "Say something", icon: .chat, open: false,
                    comment: Field("comment", label: "Comment", required: true))
            ])
    }

    static func board(_ rows: [FaultRow]) -> BoardPage {
        BoardPage(
            crumbs: crumbs, filter: filter, summary: "12 faults", chips: [], clear: nil,
            columns: [
                BoardColumn(
                    id: "column-reported", title: "Reported", count: rows.isEmpty ? "0" : "12", tone: .info,
                    cards: rows.map { row in
                        BoardCard(
                            row: row, age: "3 days old", id: "move-\(row.number)", move: "/faults/F-2026-0412/move",
                            targets: [Choice("assigned", "Assigned"), Choice("cancelled", "Cancelled")], version: 1)
                    }, more: rows.isEmpty ? nil : "/faults/board?column=reported&cursor=x", newest: nil),
                BoardColumn(id: "column-closed", title: "Closed", count: "0", tone: .neutral, cards: [], more: nil, newest: nil)
            ], list: "/faults", back: "/faults/board")
    }

    static func faultList(_ rows: [FaultRow], chips: [Chip] = [], clear: WebPath? = nil) -> FaultsPage {
        FaultsPage(
            filter: filter, summary: rows.isEmpty ? "No faults" : "312 faults", chips: chips, clear: clear, csv: "/faults.csv",
            rows: rows,
            pager: Pager(previous: "/faults?before=x", next: "/faults?after=y", summary: "26–50 of 312"), report: "/faults/new",
            board: "/faults/board", technicians: "/faults/technicians")
    }
}

// MARK: - Reporting and changing

extension PageSamples {
    static let categories = [
        Choice("plumbing", "Plumbing"), Choice("heating", "Heating"), Choice("electrical", "Electrical"),
        Choice("elevator", "Elevator"),
        Choice("common_area", "Common area"), Choice("other", "Other")
    ]

    static let reporting = [
        PageSample(name: "report", page: report([], title: "")),
        PageSample(
            name: "report-refused",
            page: report(
                [
                    FieldError(field: "title", code: "required", message: "Write a title, for example “Kitchen tap drips”."),
                    FieldError(field: "category", code: "required", message: "Please choose", label: "What is it about?")
                ], title: "", similar: [rows[0]]), problem: true),
        PageSample(name: "report-long", page: report([], title: long, similar: Array(rows.prefix(3)))),
        PageSample(
            name: "edit",
            page: EditFaultPage(
                action: "/faults/F-2026-0412", back: "/faults/F-2026-0412", crumbs: crumbs, errors: [],
                title: Field("title", label: "In a few words", value: rows[0].title, required: true, maxLength: 140),
                description: Field(
                    "description", label: "What happened?", value: "Since this morning.\n\n- lamp is off", required: true),
                category: Field("category", label: "What is it about?", value: "plumbing", required: true),
                categories: categories,
                priority: Field("priority", label: "Priority", value: "high", required: true),
                priorities: [
                    Choice("urgent", "Urgent", hint: "Danger or serious damage"), Choice("high", "High"),
                    Choice("normal", "Normal")
                ],
                opened: [HiddenValue("version", "3"), HiddenValue("opened_title", rows[0].title)])),
        PageSample(
            name: "merge",
            page: MergeFaultPage(
                action: "/faults/F-2026-0412", back: "/faults/F-2026-0412", crumbs: crumbs,
                theirs: "Jan Weber, 21 Nov 2026, 14:05",
                lines: [
                    MergeLine(
                        name: "title", label: "In a few words", base: "Water drips", theirs: "Water drips on the lamp",
                        yours: "Water drips fast"),
                    MergeLine(
                        name: "priority", label: "Priority", base: "Normal", theirs: "High", yours: "Urgent", theirsValue: "high",
                        yoursValue: "urgent")
                ],
                carried: [HiddenValue("version", "4"), HiddenValue("category", "plumbing")]))
    ]

    static let crumbs = [Crumb("Faults", "/faults"), Crumb("F-2026-0412")]

    static func report(_ errors: [FieldError], title: String, similar: [FaultRow] = []) -> ReportFaultPage {
        ReportFaultPage(
            action: "/faults", back: "/faults", errors: errors,
            place: Field("place", label: "Where is it?", required: true),
            places: [ChoiceGroup("Lindenstraße 12", [Choice("building-1", "Common parts"), Choice("unit-2", "Apt 3.2")])],
            locationNote: Field(
                "location_note", label: "More exactly", hint: "For example: cellar, second door on the left", maxLength: 200),
            category: Field("category", label: "What is it about?", error: errors.message(for: "category"), required: true),
            categories: categories,
            title: Field(
                "title", label: "In a few words", value: title, hint: "For example: kitchen tap drips",
                error: errors.message(for: "title"), required: true, maxLength: 140),
            description: Field(
                "description", label: "What happened?", hint: "Since when, how often?", required: true, maxLength: 5000),
            photos: Field("photos", label: "Photos", hint: "Up to ten, 10 MB each."), similar: similar)
    }
}

// MARK: - One fault

extension PageSamples {
    static let detail = [
        PageSample(name: "fault", page: fault("Water dripping from the ceiling in the bathroom", acts: acts(open: false))),
        PageSample(name: "fault-suggestion", page: suggested),
        PageSample(
            name: "fault-refused",
            page: fault(
                rows[0].title, acts: acts(open: true),
                errors: [FieldError(field: "resolution", code: "required", message: "Write what was done.")]), problem: true),
        PageSample(name: "fault-bare", page: fault("Light is off", acts: FaultActs(), photos: 0)),
        PageSample(name: "fault-to-confirm", page: fault("Light is off", acts: confirming, photos: 0)),
        PageSample(name: "fault-long", page: fault(long, acts: acts(open: false), photos: 10)),
        PageSample(
            name: "photo",
            page: PhotoPage(
                title: "Photo 2 of 4", crumbs: crumbs, image: "/faults/F-2026-0412/photos/2.jpg",
                alt: "Photo 2 of 4 of F-2026-0412",
                caption: "Nora Blum, 21 Nov 2026", words: "E27 <b>call</b> service", width: 1600, height: 1200,
                previous: "/faults/F-2026-0412/photos/1",
                next: "/faults/F-2026-0412/photos/3", back: "/faults/F-2026-0412"))
    ]

    static func acts(open: Bool) -> FaultActs {
        let resolution = Field(
            "resolution", label: "What was done?", hint: "The person who reported this reads it.",
            error: open ? "Write what was done." : nil, required: true)
        return FaultActs(
            assign: AssignForm(
                action: "/faults/F-2026-0412/assignment",
                assignee: Field("assignee_id", label: "Who looks after it?", required: true),
                people: [Choice("1", "Jan Weber (3 open)"), Choice("2", "Aylin Demir (nothing open)")], open: false),
            start: "/faults/F-2026-0412/start",
            hold: ReasonForm(
                action: "/faults/F-2026-0412/hold",
                reason: Field("reason", label: "What are you waiting for?", required: true, key: "hold"), open: false),
            holdUntil: Field("hold_until", label: "Until", hint: "On that day it opens again by itself."),
            resolve: ResolveForm(
                action: "/faults/F-2026-0412/resolution", resolution: resolution,
                cost: Field("cost", label: "Cost in EUR", hint: "Residents do not see it."),
                photos: Field("photos", label: "Photos"),
                open: open),
            cancel: ReasonForm(
                action: "/faults/F-2026-0412/cancellation", reason: Field("reason", label: "Why?", required: true, key: "cancel"),
                open: false),
            merge: MergeForm(
                action: "/faults/F-2026-0412/original",
                original: Field("original", label: "Same as which fault?", required: true, maxLength: 40), open: false))
    }

    static func fault(_ title: String, acts: FaultActs, errors: [FieldError] = [], photos: Int = 4) -> FaultPage {
        FaultPage(
            title: title, crumbs: crumbs, badges: [Badge("Assigned", tone: .note, mark: .half), overdue],
            description: SafeHTML(
                trusted:
                    "<p>Since this morning water has been dripping, about a <strong>glass per hour</strong>.</p><ul><li>The lamp is off</li></ul>"
            ),
            photos: (0..<photos).map { picture($0) }, resolution: nil, resolutionPhotos: [],
            facts: [
                Fact("Place", "Lindenstraße 12, Apt 3.2", path: "/units/2"), Fact("Category", "Plumbing"),
                Fact("Priority", "High"),
                Fact("Assigned to", "Jan Weber"), Fact("Reported by", "Nora Blum"), Fact("Due", moment.text)
            ],
            timeline: [
                TimelineEntry(actor: "Nora Blum", text: "reported this", moment: moment(daysAgo: 2), icon: .flag, tone: .info),
                TimelineEntry(
                    actor: "Maria Kern", text: "assigned this to Jan Weber", moment: moment(daysAgo: 1.9), icon: .person,
                    tone: .note),
                TimelineEntry(
                    actor: "Jan Weber", text: "put this on hold", moment: moment(daysAgo: 1), icon: .pause, tone: .warn,
                    note: "Waiting for the seal."),
                TimelineEntry(
                    actor: "Jan Weber", text: "resolved this", moment: moment, icon: .check, tone: .ok,
                    note: "Seal replaced.\nCeiling dries until Friday."),
                TimelineEntry(
                    actor: "Maria Kern", text: "noted", moment: moment, icon: .chat, tone: .warn,
                    badge: Badge("Internal", tone: .warn),
                    body: SafeHTML(trusted: "<p>The <strong>third</strong> time this year.</p>"))
            ],
            comment: acts.isEmpty ? nil : commentForm,
            similar: acts.isEmpty ? [] : [SimilarFault(row: rows[2], number: "F-2026-0409")],
            sheet: "/faults/sheets?fault_ids=1", merged: nil,
            edit: "/faults/F-2026-0412/edit", acts: acts, errors: errors, version: 3)
    }

    private static var suggested: FaultPage {
        var page = fault("Water dripping from the ceiling in the bathroom", acts: acts(open: false))
        page.suggestion = SuggestionForm(
            action: "/faults/F-2026-0412/suggestion",
            facts: [Fact("Category", "Plumbing"), Fact("Priority", "Urgent"), Fact("How sure", "82%")],
            tags: [Badge("Leak"), Badge("Photo too small")])
        return page
    }
    static let commentForm = CommentForm(
        action: "/faults/F-2026-0412/comments",
        comment: Field(
            "comment", label: "Comment", hint: "Write @ and a name to tell somebody.", required: true, maxLength: 5000),
        mayBeInternal: true, isInternal: false)

    static let confirming = FaultActs(
        confirm: ConfirmForm(
            action: "/faults/F-2026-0412/confirm", rating: Field("rating", label: "How was the work?"),
            ratings: [Choice("5", "5 stars of 5"), Choice("1", "1 star of 5")], note: Field("rating_note", label: "In a sentence")
        ))

    static func picture(_ index: Int) -> Picture {
        Picture(
            thumbnail: "/faults/F-2026-0412/photos/\(index)/thumb", page: "/faults/F-2026-0412/photos/\(index)",
            alt: "Photo \(index + 1)",
            caption: nil, width: 320, height: 240)
    }
}
