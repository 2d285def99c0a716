import Audit
import Database
import Forms
import Foundation
import HTML
import Jobs
import UI
import Web

/// The dashboard, and what admins look after: background jobs.
package struct OperationsRoutes: Sendable {
    /// What the areas put on the dashboard.
    let home: @Sendable (MemberContext) async throws -> HomeContents

    package init(home: @escaping @Sendable (MemberContext) async throws -> HomeContents) {
        self.home = home
    }

    package func add(to routes: Routes) {
        routes.chapter("Dashboard and jobs")
        routes.memberGet("", on: .page, seen: true, support: true) { _, _ in .redirect("/dashboard") }
        routes.memberGet("dashboard", seen: true, support: true, use: dashboard)
            .tells("What the dashboard shows you: figures, lists of what needs somebody, charts.").gives(HomeJSON.self)
        routes.get("admin/jobs", may: .seeJobs, use: jobs)
            .tells("Lists background jobs in one state, newest first.").asks(.choice("state", JobState.self)).lists(JobJSON.self)
        routes.get("admin/jobs.csv", may: .seeJobs, use: jobsExport)
            .tells("The same as CSV, at most 10,000 rows.").asks(.choice("state", JobState.self)).gives(file: "text/csv")
        routes.post("admin/jobs/{id}/replay", may: .operateJobs) { try await replay($0, $1) }
            .tells("Queues a parked job again.").givesNothing()
        routes.post("admin/jobs/{id}/discard", may: .operateJobs) { try await discard($0, $1) }
            .tells("Gives a job up.").givesNothing()
    }

    @Sendable func dashboard(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let contents = try await home(context)
        return .show(HomePage(contents, context), json: HomeJSON(contents))
    }

    // MARK: Jobs

    @Sendable func jobs(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let state = incoming.query.single("state").flatMap(JobState.init(rawValue:)) ?? .parked
        let size = try incoming.limit()
        let cursor = try incoming.cursor()
        let (entries, counts) = try await context.read { tx in
            let queue = Queue(tx)
            return (try await queue.list(state: state, before: cursor.afterID, limit: size + 1), try await queue.counts())
        }
        let page = KeysetPage(entries, size: size, cursor: cursor) { $0.id }
        return .show(
            JobsPage(page, counts, state, context),
            json: ListJSON(items: page.lines.map(JobJSON.init), nextCursor: page.next?.text, total: counts[state] ?? 0))
    }

    @Sendable func jobsExport(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let state = incoming.query.single("state").flatMap(JobState.init(rawValue:)) ?? .parked
        let entries = try await context.read { tx in try await Queue(tx).list(state: state, before: nil, limit: 10_000) }
        var csv = CSV(head: ["id", "kind", "state", "attempt", "run_at", "last_error"])
        for entry in entries {
            csv.append([
                entry.id.text, entry.kind, entry.state.rawValue, String(entry.attempt), entry.runAt.formatted(.iso8601),
                entry.lastError ?? ""
            ])
        }
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "jobs.csv"))
    }

    func replay(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let done = try await context.write { tx in
            try tx.audit("job.replayed", "job", id)
            return try await Queue(tx).replay(id)
        }
        guard done else { throw Failure.notFound }
        return .gone(at: "/admin/jobs", flash: Flash(OperationsMessages(context.language).jobs.retried))
    }

    func discard(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let id = try incoming.id()
        let done = try await context.write { tx in
            try tx.audit("job.discarded", "job", id)
            return try await Queue(tx).discard(id)
        }
        guard done else { throw Failure.notFound }
        return .gone(at: "/admin/jobs", flash: Flash(OperationsMessages(context.language).jobs.discarded))
    }
}
