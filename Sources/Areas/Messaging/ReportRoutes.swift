import Database
import Forms
import Foundation
import HTML
import UI
import Web

/// Messages that were reported, for those who look after them.
extension MessageRoutes {
    @Sendable func reports(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (size, cursor, isClosed) = (try incoming.limit(), try incoming.cursor(), incoming.showsClosed)
        let (lines, total) = try await context.read(
            MessageReport.page(context.tenant.id, isClosed: isClosed, cursor, size: size),
            MessageReport.count(context.tenant.id, isClosed: isClosed))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            MessageDesk(context).reports(page, total, isClosed: isClosed),
            json: ListJSON(items: page.lines.map { MessageReportJSON($0) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable func exportReports(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        var csv = CSV(head: MessageReport.head)
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(
                MessageReport.page(context.tenant.id, isClosed: incoming.showsClosed, cursor, size: 500))
            for line in lines.prefix(500) { csv.append(line.cells) }
            cursor = lines.count > 500 ? .after(lines[499].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "message-reports.csv"))
    }

    @Sendable func showReport(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id("report")
        let record = try await context.write { tx in
            let record = try await ReportRecord.find(id, tx)
            try Moderation(tx: tx).looked(at: id)
            return record
        }
        return .show(MessageDesk(context).report(record), json: MessageReportDetailJSON(record))
    }

    @Sendable func closeReport(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (desk, id) = (MessageDesk(context), try incoming.id("report"))
        _ = try await context.read(MessageReport.find(id, context.tenant.id))
        do {
            let draft = try incoming.submission.read { OutcomeDraft(&$0) }
            let report = try await context.write { tx in try await Moderation(tx: tx).close(id, draft) }
            return try .done(MessageReportJSON(report), at: report.path, flash: Flash(desk.t.reports.done))
        } catch let errors as FormErrors {
            let record = try await context.read { tx in try await ReportRecord.find(id, tx) }
            let page = desk.report(record, FormErrors(errors.problems, values: incoming.values))
            return .refused(page: { page }, errors.problems)
        }
    }
}

extension Incoming {
    fileprivate var showsClosed: Bool { query.single("show") == ReportShelf.closed.rawValue }
}
