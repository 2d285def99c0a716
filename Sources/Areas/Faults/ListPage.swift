import Database
import Forms
import Foundation
import HTML
import Property
import UI
import Web

/// What the address of a list asks for.
struct FaultListRequest: Sendable {
    let filter: FaultFilter
    let condition: SQL
    let cursor: Cursor
    let size: Int
    /// The tab of all faults: no default view steps in.
    let wantsAll: Bool
    /// As typed, for the fields and chips of the filter bar.
    let values: [String: String]

    static let fields: [FieldShape] = [
        .text("q"),
        FieldShape("state", .choice(["open", "overdue"] + FaultState.allCases.map(\.rawValue))),
        FieldShape("status", .choice(["open", "overdue"] + FaultState.allCases.map(\.rawValue)), note: "The same as `state`"),
        FieldShape("category", .listed), .uuid("building"), .text("assignee", "An id, `me` or `none`"),
        .choice("age", FaultAge.self), .text("month", "Of the report, as 2026-11"), .text("due", "A day, as 2026-11-21"),
        .text("view")
    ]

    init(_ incoming: Incoming, _ desk: FaultDesk) throws {
        var values: [String: String] = [:]
        for name in ["q", "state", "category", "building", "assignee", "age", "month", "due"] {
            values[name] = incoming.query.single(name).flatMap { $0.isEmpty ? nil : String($0.prefix(200)) }
        }
        // Programs say status; unknown values are no filter but an error for them, and are dropped from a page's address.
        let status = incoming.query.single("status")
        values["state"] = values["state"] ?? status
        var filter = FaultFilter()
        filter.words = values["q"]
        filter.age = values["age"].flatMap { FaultAge(rawValue: $0) }
        filter.category = values["category"].flatMap { desk.settings.categories[$0] == nil ? nil : $0 }
        filter.reported = values["month"].flatMap(desk.calendar.month)
        filter.due = values["due"].flatMap(desk.calendar.day)
        // No chip shall claim what no row is chosen by.
        if filter.reported == nil { values["month"] = nil }
        if filter.due == nil { values["due"] = nil }
        filter.building = values["building"].flatMap { UUID(uuidString: $0) }
        switch values["state"] {
        case "open": filter.states = FaultState.open
        case "overdue": filter.overdue = true
        case let text?: filter.states = FaultState(rawValue: text).map { [$0] } ?? []
        case nil: break
        }
        switch values["assignee"] {
        case "none": filter.unassigned = true
        case "me": filter.assignee = desk.viewer.member
        case let text?: filter.assignee = UUID(uuidString: text)
        case nil: break
        }
        self.filter = filter
        self.values = values
        condition = desk.viewer.condition(filter, now: desk.context.now, today: desk.today)
        cursor = try incoming.cursor()
        size = try incoming.limit()
        wantsAll = incoming.query.single("view") == "all"
    }

    /// The same list with one parameter changed; page position is forgotten.
    func path(_ changes: [String: String?] = [:], cursor: Cursor? = nil, csv: Bool = false) -> WebPath {
        var values = self.values
        for (name, value) in changes { values[name] = value }
        var query = values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        if let text = cursor?.text { query.append(("cursor", text)) }
        if size != 20 { query.append(("limit", String(size))) }
        return (csv ? "/faults.csv" as WebPath : "/faults").adding(query: query)
    }
}

extension FaultDesk {
    func list(
        _ page: KeysetPage<FaultLine>, _ total: Int, _ request: FaultListRequest, _ buildings: [BuildingName],
        _ people: [WorkerName], _ views: [FaultView], _ refused: FormErrors? = nil
    ) -> FaultsPage {
        FaultsPage(
            filter: filterFields(request, buildings, people), summary: t.list.summary(count: total),
            chips: chips(request, buildings, people), clear: request.values.isEmpty ? nil : "/faults",
            csv: request.path(csv: true), rows: page.lines.map(row),
            pager: Pager(
                previous: page.previous.map { request.path(cursor: $0) }, next: page.next.map { request.path(cursor: $0) },
                summary: t.list.summary(count: total)),
            report: context.may(.reportFaults) ? "/faults/new" : nil, board: viewer.works ? board(request) : nil,
            technicians: viewer.manages ? "/faults/technicians" : nil,
            codes: viewer.manages ? "/faults/codes" : nil, views: tabs(request, views),
            save: saveForm(request, views, refused), errors: errors(refused?.problems ?? []), ownView: ownView(request, views),
            bulk: viewer.manages && !page.lines.isEmpty
                ? BulkBar(
                    action: "/faults/batch",
                    hidden: request.values.sorted { $0.key < $1.key }.map { HiddenValue($0.key, $0.value) },
                    all: t.batch.all(count: total), print: t.sheet.all(count: min(total, FaultRoutes.mostSheets)))
                : nil)
    }

    /// All faults first, then the saved views; none when there are none.
    private func tabs(_ request: FaultListRequest, _ views: [FaultView]) -> [Tab] {
        guard !views.isEmpty else { return [] }
        return [Tab(t.view.all, "/faults?view=all", current: request.values.isEmpty)]
            + views.map { Tab($0.name, $0.path, current: !$0.query.isEmpty && $0.query == request.normalised) }
    }

    /// Offered while the filter is not one of the views.
    private func saveForm(_ request: FaultListRequest, _ views: [FaultView], _ refused: FormErrors?) -> SaveViewForm? {
        guard !request.values.isEmpty, refused != nil || !views.contains(where: { $0.query == request.normalised }) else {
            return nil
        }
        let path = request.path().string.dropFirst("/faults".count)
        return SaveViewForm(
            action: WebPath("/faults/views" + path) ?? "/faults/views",
            name: Field(
                "name", label: t.view.name, value: refused?.values["name"] ?? "",
                error: errors(refused?.problems ?? []).message(for: "name"), required: true, maxLength: 60),
            mayShare: viewer.isStaff, open: refused != nil)
    }

    /// POST that removes the view that is open, if it is the viewer's own.
    private func ownView(_ request: FaultListRequest, _ views: [FaultView]) -> WebPath? {
        let open = views.first { $0.ownerID == viewer.member && !$0.query.isEmpty && $0.query == request.normalised }
        return open.map { "/faults/views/\($0.id.text)/remove" }
    }

    /// The same filter as a board.
    private func board(_ request: FaultListRequest) -> WebPath {
        ("/faults/board" as WebPath).adding(query: request.values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    func filterFields(_ request: FaultListRequest, _ buildings: [BuildingName], _ people: [WorkerName])
        -> FaultFilterFields
    {
        func field(_ name: String, _ label: String) -> Field { Field(name, label: label, value: request.values[name] ?? "") }
        return FaultFilterFields(
            action: "/faults", words: field("q", t.filter.words), state: field("state", t.filter.state), states: states,
            category: field("category", t.filter.category), categories: categories,
            building: buildings.isEmpty ? nil : field("building", t.filter.building),
            buildings: buildings.map { Choice($0.id.text, $0.name) },
            assignee: people.isEmpty ? nil : field("assignee", t.filter.assignee),
            assignees: [Choice("me", t.filter.me), Choice("none", t.filter.unassigned)]
                + people.map { Choice($0.id.text, $0.name) },
            month: field("month", t.filter.month), months: months(request.values["month"]), due: field("due", t.filter.due),
            days: days(request.values["due"]),
            age: request.filter.age == nil ? nil : field("age", t.filter.age))
    }

    /// This one and the last, and the one that the address names.
    private func months(_ chosen: String?) -> [Choice] {
        let other = chosen.flatMap { ReportMonth($0) }.flatMap { month in
            month.first.map { Choice(month.text, format.month($0.noon(in: calendar.zone))) }
        }
        return FaultCalendar.Month.allCases.map { Choice($0.rawValue, t.filter.monthName(word: $0.rawValue)) }
            + [other].compactMap(\.self)
    }

    private func days(_ chosen: String?) -> [Choice] {
        let other = chosen.flatMap { CalendarDate($0) }.map { Choice($0.description, format.date($0.noon(in: calendar.zone))) }
        return FaultCalendar.Day.allCases.map { Choice($0.rawValue, t.filter.dayName(word: $0.rawValue)) }
            + [other].compactMap(\.self)
    }

    private var states: [Choice] {
        [Choice("open", t.filter.open), Choice("overdue", t.filter.overdue)]
            + FaultState.allCases.map { Choice($0.rawValue, t.state(state: $0.rawValue)) }
    }

    func chips(_ request: FaultListRequest, _ buildings: [BuildingName], _ people: [WorkerName]) -> [Chip] {
        let fields = filterFields(request, buildings, people)
        let all: [(Field?, [Choice])] = [
            (fields.words, []), (fields.state, fields.states), (fields.category, fields.categories),
            (fields.building, fields.buildings),
            (fields.assignee, fields.assignees), (fields.month, fields.months), (fields.due, fields.days),
            (fields.age, FaultAge.allCases.map { Choice($0.rawValue, t.age(age: $0.word)) })
        ]
        return all.compactMap { field, choices in
            guard let field, !field.value.isEmpty else { return nil }
            let words = choices.first { $0.value == field.value }?.label ?? field.value
            return Chip(label: field.label, value: words, remove: request.path([field.name: nil]))
        }
    }

    /// The technician's day: what is late, what is due today, what comes later, what waits.
    func mine(_ lines: [FaultLine]) -> MyFaultsPage {
        let ordered = lines.sorted { ($0.dueAt, $0.number) < ($1.dueAt, $1.number) }
        let held = ordered.filter { $0.state == .onHold }
        let active = ordered.filter { $0.state != .onHold }
        let late = active.filter { $0.dueAt < context.now }
        let isToday = { CalendarDate($0, in: context.tenant.timeZone) == today }
        let due = active.filter { $0.dueAt >= context.now && isToday($0.dueAt) }
        let later = active.filter { $0.dueAt >= context.now && !isToday($0.dueAt) }
        let groups = [(t.mine.overdue, late), (t.mine.today, due), (t.mine.later, later), (t.mine.held, held)]
        return MyFaultsPage(
            summary: t.mine.summary(count: lines.count),
            groups: groups.filter { !$0.1.isEmpty }.map { FaultGroup(title: $0.0, rows: $0.1.map(row)) })
    }
}
