import HTML
import UI

@testable import Property

extension PageSamples {
    static let buildingFacts = [Fact("Address", "Lindenstraße 12, 10969 Berlin"), Fact("Units", "24")]
    private static let unitCrumbs = [Crumb("Buildings", "/buildings"), Crumb("Lindenstraße 12", "/buildings/1"), Crumb("Apt 3.2")]

    static let property =
        [
            PageSample(name: "buildings", page: buildings(6)),
            PageSample(name: "buildings-none", page: buildings(0)),
            PageSample(name: "building", page: building),
            PageSample(
                name: "building-none",
                page: BuildingPage(
                    name: long, crumbs: [], archived: true, facts: [], summary: "No unit", units: [],
                    entrances: PartList(title: "Entrances", rows: []), commonParts: PartList(title: "Common parts", rows: []))),
            PageSample(name: "units", page: units(12)),
            PageSample(name: "units-none", page: units(0)),
            PageSample(name: "unit", page: unit),
            PageSample(
                name: "unit-none",
                page: UnitPage(title: "Apt 9", crumbs: [], archived: false, facts: [], residents: [], owners: [], former: [])),
            PageSample(name: "people", page: people(8)),
            PageSample(name: "people-none", page: people(0)),
            PageSample(
                name: "person",
                page: PersonPage(
                    name: "Nora Blum", crumbs: [Crumb("People", "/people"), Crumb("Nora Blum")],
                    badges: [Badge("Second factor", tone: .ok, mark: .check)],
                    facts: [Fact("Mail address", "nora.blum@mail.example"), Fact("Role", "Resident, Owner")],
                    desk: PersonDesk(
                        roles: "/people/1/roles", preview: "/people/1/preview", disable: "/people/1/suspension",
                        export: "/people/1/exports", anonymise: "/people/1/anonymisation", activity: "/admin/audit?actor=1"),
                    present: [
                        PlaceRow(
                            path: "/units/1", place: "Lindenstraße 12, Apt 3.2", role: "Resident since 1 Mar 2024", share: ""),
                        PlaceRow(path: "/units/2", place: "Parkallee 4, Apt 12", role: "Owner since 1 Jan 2019", share: "1/3")
                    ], former: [PlaceRow(path: "/units/3", place: long, role: "Resident, 1 Jan 2010 to 28 Feb 2024", share: "")],
                    signIns: PersonSignIns(
                        signIns: "2 sign-ins", tokens: "1 token", seen: moment, end: "/people/1/sessions/revocation"))),
            PageSample(
                name: "person-disabled",
                page: PersonPage(
                    name: "Nora Blum", crumbs: [], badges: [Badge("Disabled", mark: .strike)], facts: [],
                    desk: PersonDesk(enable: "/people/1/suspension/revocation"), present: [], former: [])),
            PageSample(name: "person-none", page: PersonPage(name: long, crumbs: [], facts: [], present: [], former: []))
        ] + propertyForms

    private static let building = BuildingPage(
        name: "Lindenstraße 12", crumbs: [Crumb("Buildings", "/buildings"), Crumb("Lindenstraße 12")], archived: false,
        facts: buildingFacts, summary: "24 units",
        units: (1...24).map {
            UnitRow(
                path: "/units/\($0)", label: "Apt \($0)", building: "Lindenstraße 12", floor: "Floor \($0 / 4)", kind: "Flat",
                residents: $0 % 5 == 0 ? "" : "Nora Blum, Tim Blum", archived: $0 == 24)
        },
        entrances: PartList(
            title: "Entrances",
            rows: [
                PartRow(name: "12", note: "Street", archived: false, edit: "/entrances/1/edit", archive: "/entrances/1/archive")
            ],
            new: "/buildings/1/entrances/new"),
        commonParts: PartList(
            title: "Common parts",
            rows: [
                PartRow(
                    name: "Laundry", note: "", archived: true, edit: "/common-parts/1/edit",
                    restore: "/common-parts/1/restoration")
            ],
            new: "/buildings/1/common-parts/new"),
        newUnit: "/buildings/1/units/new", edit: "/buildings/1/edit", archive: "/buildings/1/archive",
        faults: "/faults?building=1",
        report: "/faults/new?building=1", sheet: "/faults/codes/sheets?building=1")

    private static let unit = UnitPage(
        title: "Lindenstraße 12, Apt 3.2", crumbs: unitCrumbs, archived: false, facts: [Fact("Floor", "Floor 3")],
        residents: [occupant("Nora Blum", "Resident since 1 Mar 2024")],
        owners: [
            occupant("Karl Ott", "Owner since 1 Jan 2019", share: "1/3", transfer: "/occupancies/2/transfer"),
            occupant("Erbengemeinschaft \(long)", "Owner since 1 Jan 2019", share: "1234567/9999999")
        ], former: [occupant("Karl Ott", "Resident, 1 Jan 2019 to 28 Feb 2024", former: true)],
        lent: [
            LentRow(
                path: "/delegations/1", delegator: "Karl Ott", delegate: "jan.weber@mail.example", rights: "vote, report faults",
                state: lentAccepted, until: "until 31 Dec 2026")
        ],
        newResident: "/units/2/residents/new", newOwner: "/units/2/owners/new", edit: "/units/2/edit",
        archive: "/units/2/archive",
        faults: "/faults?unit=2", report: "/faults/new?unit=2")

    private static func occupant(
        _ name: String, _ role: String, share: String = "", former: Bool = false, transfer: WebPath? = nil
    )
        -> OccupantRow
    {
        OccupantRow(
            name: name, path: "/people/1", initials: "NB", role: role, share: share, former: former,
            end: former ? nil : "/occupancies/1/end", transfer: transfer, withdraw: "/occupancies/1/withdrawal")
    }

    static func buildings(_ count: Int) -> BuildingsPage {
        BuildingsPage(
            action: "/buildings", words: Field("q", label: "Name, street or city"), state: Field("state", label: "State"),
            states: [Choice("archived", "Archived")], summary: "\(count) buildings", chips: [], clear: nil, csv: "/buildings.csv",
            rows: (0..<count).map {
                BuildingRow(
                    path: "/buildings/\($0)", name: $0 == 3 ? long : "Lindenstraße \($0 + 8)", address: "10969 Berlin",
                    units: "24")
            }, new: "/buildings/new", imports: "/imports")
    }

    private static let filters = [
        ListFilter(field: Field("building", label: "Building"), choices: [Choice("1", "Lindenstraße 12")], all: "All buildings")
    ]

    private static func units(_ count: Int) -> UnitsPage {
        UnitsPage(
            action: "/units", words: Field("q", label: "Unit or building"), filters: filters, summary: "\(count) units",
            chips: count == 0 ? [Chip(label: "Building", value: "Lindenstraße 12", remove: "/units")] : [],
            clear: count == 0 ? "/units" : nil, csv: "/units.csv",
            rows: (0..<count).map {
                UnitRow(
                    path: "/units/\($0)", label: "Apt \($0)", building: $0 == 3 ? long : "Lindenstraße 12", floor: "Floor 1",
                    kind: "Flat", residents: $0 == 2 ? "" : "Nora Blum", archived: false)
            }, pager: Pager(next: "/units?cursor=x", summary: "\(count) units"))
    }

    private static func people(_ count: Int) -> PeoplePage {
        PeoplePage(
            action: "/people", words: Field("q", label: "Name or mail address"), filters: filters, summary: "\(count) people",
            chips: [], clear: nil, csv: "/people.csv", invite: count == 0 ? nil : "/admin/invitations/bulk",
            rows: (0..<count).map {
                PersonRow(
                    path: "/people/\($0)", name: $0 == 3 ? long : "Nora Blum", email: "nora.blum@mail.example", roles: "Resident",
                    places: $0 == 2 ? "" : "Lindenstraße 12, Apt 3.2",
                    badges: $0 == 4 ? [Badge("Disabled", mark: .strike), Badge("Second factor", tone: .ok, mark: .check)] : [],
                    signedIn: $0 == 5 ? nil : moment)
            }, pager: Pager(next: "/people?cursor=x", summary: "\(count) people"))
    }
}

// MARK: - Forms and imports

extension PageSamples {
    private static let taken = [FieldError(field: "label", code: "taken", message: "This is already taken")]

    static let propertyForms = [
        PageSample(name: "unit-form", page: form([])),
        PageSample(name: "unit-form-refused", page: form(taken), problem: true),
        PageSample(
            name: "unit-merge",
            page: PropertyMergePage(
                crumbs: unitCrumbs, action: "/units/2/edit", back: "/units/2", theirs: "Jan Weber, 21 Nov 2026, 14:05",
                lines: [MergeLine(name: "label", label: "Unit", base: "3.2", theirs: "3.2 left", yours: "3.2 right")],
                carried: [HiddenValue("version", "4")])),
        PageSample(name: "imports", page: imports(3, [])),
        PageSample(name: "imports-none", page: imports(0, [])),
        PageSample(
            name: "imports-refused",
            page: imports(1, [FieldError(field: "file", code: "csv_open_quote", message: "The quote in row 17 is never closed")]),
            problem: true),
        PageSample(name: "import-mapping", page: importPage(.mapping)),
        PageSample(name: "import-checking", page: importPage(.checking)),
        PageSample(name: "import-checked", page: importPage(.checked)),
        PageSample(name: "import-done", page: importPage(.done)),
        PageSample(name: "import-expired", page: importPage(.expired)),
        PageSample(name: "import-failed", page: importPage(.failed))
    ]

    private static func form(_ errors: [FieldError]) -> PropertyFormPage {
        PropertyFormPage(
            title: "New unit", lead: errors.isEmpty ? "Lindenstraße 12" : nil, crumbs: unitCrumbs, action: "/buildings/1/units",
            back: "/buildings/1", errors: errors,
            items: [
                FormItem(
                    field: Field("label", label: "Unit", value: "3.2", error: errors.message(for: "label"), required: true)),
                FormItem(field: Field("kind", label: "Kind", value: "flat", required: true), choices: [Choice("flat", "Flat")]),
                FormItem(field: Field("area", label: "Size in square metres"), inputmode: "decimal"),
                FormItem(field: Field("since", label: "First day", value: "2026-11-21"), type: "date"),
                FormItem(field: Field("note", label: "Note", value: long), lines: true)
            ], hidden: [HiddenValue("version", "3")], submit: "Add")
    }

    private static func imports(_ count: Int, _ errors: [FieldError]) -> ImportsPage {
        ImportsPage(
            action: "/imports", errors: errors,
            file: Field("file", label: "File", hint: "CSV in UTF-8", error: errors.message(for: "file"), required: true),
            summary: "\(count) imports",
            rows: (0..<count).map {
                ImportLine(
                    path: "/imports/\($0)", name: $0 == 1 ? "\(long).csv" : "houses.csv",
                    state: Badge("Imported", tone: .ok, mark: .check),
                    rows: "10,000 rows", addedBy: "Maria Kern", added: moment,
                    result: $0 == 1 ? "" : "12 buildings, 400 units added")
            }, pager: Pager(summary: "\(count) imports"))
    }

    private static func importPage(_ state: ImportRecord.State) -> ImportPage {
        let isCounted = state == .checked || state == .done
        return ImportPage(
            title: "houses.csv", crumbs: [Crumb("Imports", "/imports"), Crumb("houses.csv")],
            state: Badge("\(state)", tone: .info),
            facts: [Fact("Rows", "10,000"), Fact("Uploaded by", "Maria Kern")],
            progress: state == .checking
                ? ImportProgress(text: "4,000 of 10,000 rows are checked.", value: 4000, most: 10_000, again: "/imports/1") : nil,
            problem: state == .failed ? "The import did not get through; check the file again" : nil,
            expired: state == .expired ? "Nobody carried this import out within 30 days, so its rows were deleted." : nil,
            mapping: state == .mapping || state == .failed
                ? ImportMapping(
                    action: "/imports/1/mapping", errors: [],
                    items: [
                        FormItem(
                            field: Field("building", label: "Building", value: "0"),
                            choices: [Choice("0", "Gebäude"), Choice("1", "Whg")],
                            prompt: "Not in the file")
                    ], open: state == .mapping) : nil,
            head: state == .mapping ? ["Gebäude", "Whg"] : [],
            sample: state == .mapping ? [["Lindenhof", "=1+1"], [long, ""]] : [],
            counts: isCounted ? [ImportCountRow(name: "Buildings", new: "12", changed: "0", same: "3")] : [],
            countsTitle: "What the import would do", errorSummary: state == .checked ? "1 row has errors" : "",
            errors: state == .checked
                ? [
                    ImportErrorRow(
                        number: "17", column: "Anteil", value: "4/3", text: "Write a fraction up to one whole, such as 1/3")
                ]
                : [], errorsCSV: state == .checked ? "/imports/1/errors.csv" : nil,
            run: state == .checked
                ? ImportRunForm(
                    action: "/imports/1/run", mustSkip: true, problem: "Tick the box to leave out the rows with errors")
                : nil)
    }
}
