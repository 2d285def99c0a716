import Database
import Foundation
import HTML
import Operations
import UI
import Web

/// The faults' part of the dashboard: what needs this person now, the most pressing first.
package enum FaultHome {
    package static func contents(_ context: MemberContext, besides: HomeContents.Besides) async throws -> HomeContents {
        let desk = FaultDesk(context)
        guard context.may(.seeOwnFaults) || context.may(.seeAllFaults) else {
            let (first, second) = try await context.read(besides.first, besides.second)
            return .of(first, second)
        }
        if desk.viewer.manages { return try await manager(desk, besides) }
        return desk.viewer.works ? try await worker(desk, besides) : try await resident(desk, besides)
    }

    private static let shown = 5

    private static func manager(_ desk: FaultDesk, _ besides: HomeContents.Besides) async throws -> HomeContents {
        let t = desk.t.home
        var late = FaultFilter()
        late.overdue = true
        var new = FaultFilter()
        new.unassigned = true
        let waiting = FaultFilter(states: [.resolved])
        let open = FaultFilter(states: FaultState.open)
        let tomorrow = FaultFilter(due: desk.calendar.day("tomorrow"))
        let condition = { (filter: FaultFilter) in desk.viewer.condition(filter, now: desk.context.now, today: desk.today) }
        let charts = FaultCharts(desk)
        let (
            lateLines, lateCount, newLines, newCount, waitingLines, waitingCount, openCount, dueCount, tally, times, first, second
        ) =
            try await desk.context.read(
                FaultLine.page(condition(late), .first, size: shown), FaultLine.count(condition(late)),
                FaultLine.page(condition(new), .first, size: shown), FaultLine.count(condition(new)),
                FaultLine.page(condition(waiting), .first, size: shown), FaultLine.count(condition(waiting)),
                FaultLine.count(condition(open)), FaultLine.count(condition(tomorrow)),
                FaultTally.all(condition(FaultFilter()), now: desk.context.now),
                desk.responseTimes(days: FaultCharts.days), besides.first, besides.second)
        let own = HomeContents(
            stats: [
                stat(desk, t.overdue, lateCount, "overdue", lateCount > 0 ? .bad : .ok),
                stat(desk, t.unassigned, newCount, nil, newCount > 0 ? .warn : .ok, path: "/faults?assignee=none"),
                stat(desk, t.dueTomorrow, dueCount, nil, .neutral, path: "/faults?due=tomorrow"),
                stat(desk, t.waiting, waitingCount, "resolved", .neutral), stat(desk, t.open, openCount, "open", .info)
            ],
            sections: [
                HomeSection(
                    title: t.overdue, rows: rows(desk, lateLines), more: more(lateLines, "/faults?state=overdue"),
                    emptyTitle: t.overdueNone, emptyText: t.overdueNoneText),
                HomeSection(
                    title: t.unassigned, rows: rows(desk, newLines), more: more(newLines, "/faults?assignee=none"),
                    emptyTitle: t.unassignedNone, emptyText: t.unassignedNoneText),
                HomeSection(
                    title: t.waiting, rows: rows(desk, waitingLines), more: more(waitingLines, "/faults?state=resolved"),
                    emptyTitle: t.waitingNone, emptyText: t.waitingNoneText)
            ],
            charts: [charts.byState(tally), charts.byAge(tally), charts.byCategory(tally)] + charts.responses(times),
            topics: "fault")
        return .of(first, second, own)
    }

    private static func worker(_ desk: FaultDesk, _ besides: HomeContents.Besides) async throws -> HomeContents {
        let t = desk.t.home
        var own = FaultFilter(states: FaultState.open)
        own.assignee = desk.viewer.member
        let condition = desk.viewer.condition(own, now: desk.context.now, today: desk.today)
        let charts = FaultCharts(desk)
        var mine = FaultFilter()
        mine.assignee = desk.viewer.member
        let zone = desk.context.tenant.timeZone
        let (lines, count, states, done, first, second) = try await desk.context.read(
            FaultLine.page(condition, .first, size: 100), FaultLine.count(condition),
            FaultTally.states(desk.viewer.condition(mine, now: desk.context.now, today: desk.today)),
            WeekCount.resolved(
                desk.viewer.tenant, by: desk.viewer.member, since: charts.firstMonday.start(in: zone), in: zone), besides.first,
            besides.second)
        let byDue = lines.sorted { ($0.dueAt, $0.number) < ($1.dueAt, $1.number) }
        let late = lines.filter { $0.dueAt < desk.context.now }.count
        let work = HomeContents(
            stats: [
                stat(desk, t.myWork, count, nil, .info, path: "/faults/mine"),
                stat(desk, t.overdue, late, nil, late > 0 ? .bad : .ok, path: "/faults/mine")
            ],
            sections: [
                HomeSection(
                    title: t.myWork, rows: rows(desk, byDue), more: more(byDue, "/faults/mine"), emptyTitle: t.myWorkNone,
                    emptyText: t.myWorkNoneText)
            ],
            charts: [charts.load(states), charts.done(done)], topics: "fault")
        return .of(first, second, work)
    }

    private static func resident(_ desk: FaultDesk, _ besides: HomeContents.Besides) async throws -> HomeContents {
        let t = desk.t.home
        let viewer = desk.viewer
        let mine: SQL = "f.tenant_id = \(viewer.tenant) and \(viewer.reportedByThem)"
        let toConfirm: SQL = "\(mine) and f.state = 'resolved'"
        let (own, ask, states, first, second) = try await desk.context.read(
            FaultLine.page(mine, .first, size: shown), FaultLine.page(toConfirm, .first, size: shown), FaultTally.states(mine),
            besides.first, besides.second)
        var sections = [
            HomeSection(
                title: t.myFaults, rows: rows(desk, own), more: more(own, "/faults"), emptyTitle: t.myFaultsNone,
                emptyText: t.myFaultsNoneText)
        ]
        if !ask.isEmpty {
            sections.insert(
                HomeSection(
                    title: t.toConfirm, rows: rows(desk, ask), emptyTitle: t.toConfirmNone, emptyText: t.toConfirmNoneText), at: 0
            )
        }
        // Whoever waits for nothing sees no drawing of zeros.
        let faults = HomeContents(
            report: desk.context.may(.reportFaults) ? "/faults/new" : nil, sections: sections,
            charts: states.isEmpty ? [] : [FaultCharts(desk).own(states)], topics: "fault")
        return .of(first, second, faults)
    }

    private static func stat(
        _ desk: FaultDesk, _ label: String, _ count: Int, _ state: String?, _ tone: Tone, path: WebPath? = nil
    ) -> Stat {
        Stat(
            label, value: desk.format.number(count), tone: tone,
            path: path ?? state.map { ("/faults" as WebPath).adding(query: [("state", $0)]) })
    }

    private static func rows(_ desk: FaultDesk, _ lines: [FaultLine]) -> [HomeRow] {
        lines.prefix(shown).map { line in
            HomeRow(
                path: "/faults/\(line.number)", title: line.title,
                detail: "\(line.number) · \(desk.place(line.building, line.unit))",
                badges: desk.badges(line.state, line.priority, due: line.dueAt))
        }
    }

    private static func more(_ lines: [FaultLine], _ path: WebPath) -> WebPath? {
        lines.count > shown ? path : nil
    }
}

/// The words of a fault's notices, for the inbox.
package enum FaultNotices {
    /// Icon and tone of a notice by its kind, such as `fault.assigned`.
    @Sendable package static func face(_ kind: String) -> (icon: Icon, tone: Tone) {
        switch kind {
        case "delegation.offered", "delegation.accepted": (.people, .info)
        case _ where kind.hasPrefix("delegation."): (.people, .neutral)
        case "vote.reminder", "vote.extended": (.clock, .warn)
        case _ where kind.hasPrefix("vote."): (.checkCircle, .info)
        case "fault.assigned", "fault.scheduled": (.personPlus, .note)
        case "fault.resolved", "fault.confirmed": (.check, .ok)
        case "fault.reopened", "fault.held", "fault.resumed": (.repeated, .warn)
        case "fault.commented", "fault.noted", "fault.mentioned": (.chat, .info)
        case "fault.overdue", "fault.unstaffed": (.warning, .bad)
        case "fault.due_soon": (.clock, .warn)
        case "support.asked": (.key, .warn)
        case "announcement.published": (.info, .info)
        case "message.unread": (.chat, .info)
        case "message.reported": (.flag, .warn)
        case "fault.resolved_together": (.check, .ok)
        case "fault.started": (.play, .info)
        default: (.tools, .info)
        }
    }
}
