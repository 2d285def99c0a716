import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// A report with what its page shows.
struct ReportRecord: Sendable {
    let report: MessageReport
    let around: [Message]
    let files: [MessageFile]
    let versions: [MessageVersion]

    static func find(_ id: UUID, _ tx: Tx) async throws -> ReportRecord {
        let tenant = tx.facts.tenant
        let (report, around, files, versions) = try await tx.batch(
            MessageReport.find(id, tenant), MessageReport.around(id, tenant), MessageReport.files(id, tenant),
            MessageReport.versions(id, tenant))
        return ReportRecord(report: report, around: around, files: files, versions: versions)
    }
}

extension MessageDesk {
    private static let reports: WebPath = "/admin/message-reports"

    func reports(_ page: KeysetPage<MessageReport>, _ total: Int, isClosed: Bool) -> MessageReportsPage {
        let path = Self.reports
        let query = isClosed ? [("show", "closed")] : []
        let address = { (cursor: Cursor) in path.adding(query: query + (cursor.text.map { [("cursor", $0)] } ?? [])) }
        return MessageReportsPage(
            tabs: [
                Tab(t.reports.open, path, current: !isClosed),
                Tab(t.reports.closed, path.adding(query: [("show", "closed")]), current: isClosed)
            ],
            summary: t.reports.summary(count: total), csv: ("/admin/message-reports.csv" as WebPath).adding(query: query),
            rows: page.lines.map {
                MessageReportRow(
                    path: $0.path, title: t.reports.about(name: $0.message.author), reporter: $0.reporter, state: badge($0),
                    moment: format.moment($0.reportedAt, now: context.now))
            },
            pager: page.previous == nil && page.next == nil
                ? nil
                : Pager(
                    previous: page.previous.map(address), next: page.next.map(address), summary: t.reports.summary(count: total)),
            emptyTitle: t.reports.none, emptyText: t.reports.noneText)
    }

    func report(_ record: ReportRecord, _ refused: FormErrors? = nil) -> MessageReportPage {
        let report = record.report
        let errors = errors(refused?.problems ?? [])
        let title = t.reports.about(name: report.message.author)
        var facts = [
            Fact(t.reports.reporter, report.reporter), Fact(t.reports.reported, format.dateTime(report.reportedAt)),
            Fact(t.reports.reason, report.reason)
        ]
        if let closedAt = report.closedAt, let by = report.closedBy, let outcome = report.outcome {
            facts += [Fact(t.reports.closedBy, "\(by), \(format.dateTime(closedAt))"), Fact(t.reports.outcome, outcome)]
        }
        return MessageReportPage(
            title: title, crumbs: [Crumb(t.reports.title, Self.reports), Crumb(title)], state: badge(report), facts: facts,
            rows: rows(record.around, record.files, acts: false), seq: report.message.seq, versions: record.versions.map(wording),
            errors: errors, close: report.closedAt == nil ? "\(report.path)/closing" : nil,
            outcome: Field(
                "outcome", label: t.reports.outcome, value: refused?.values["outcome"] ?? "", hint: t.reports.outcomeHint,
                error: errors.message(for: "outcome"), required: true, maxLength: 1000))
    }

    private func badge(_ report: MessageReport) -> Badge {
        report.closedAt == nil ? Badge(t.reports.isOpen, tone: .warn, mark: .ring) : Badge(t.reports.isClosed, mark: .check)
    }
}

extension MessageReport {
    static let head = ["id", "author", "reporter", "reason", "reported_at", "closed_at", "closed_by", "outcome"]

    var cells: [String] {
        [
            id.text, message.author, reporter, reason, reportedAt.formatted(.iso8601), closedAt?.formatted(.iso8601) ?? "",
            closedBy ?? "", outcome ?? ""
        ]
    }
}
