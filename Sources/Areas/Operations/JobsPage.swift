import Foundation
import HTML
import Jobs
import UI
import Web

struct JobJSON: Codable, Sendable {
    let id: String
    let kind: String
    let state: String
    let attempt: Int
    let runAt: Date
    let lastError: String?

    init(_ entry: QueuedJob) {
        id = entry.id.text
        kind = entry.kind
        state = entry.state.rawValue
        attempt = entry.attempt
        runAt = entry.runAt
        lastError = entry.lastError
    }
}

extension JobsPage {
    init(_ page: KeysetPage<QueuedJob>, _ counts: [JobState: Int], _ state: JobState, _ context: MemberContext) {
        let t = OperationsMessages(context.language).jobs
        let path = { (state: JobState, cursor: Cursor?) in
            ("/admin/jobs" as WebPath).adding(query: [("state", state.rawValue)] + (cursor?.text.map { [("cursor", $0)] } ?? []))
        }
        let tabs: [(JobState, String)] = [(.parked, t.parked), (.queued, t.waiting), (.running, t.running), (.done, t.done)]
        let total = counts[state] ?? 0
        self.init(
            tabs: tabs.map { Tab($0.1, path($0.0, nil), current: $0.0 == state, count: counts[$0.0] ?? 0) },
            summary: t.summary(count: total), rows: page.lines.map { JobRow($0, t, context) },
            pager: Pager(
                previous: page.previous.map { path(state, $0) }, next: page.next.map { path(state, $0) },
                summary: t.summary(count: total)))
    }
}

extension JobRow {
    init(_ entry: QueuedJob, _ t: OperationsMessages.Jobs, _ context: MemberContext) {
        let mayAct = context.may(.operateJobs)
        self.init(
            id: entry.id.text, name: OperationsMessages(context.language).jobName(entry.kind), kind: entry.kind,
            state: Badge(
                t.stateName(state: entry.state.rawValue), tone: entry.state.tone, mark: entry.state == .parked ? .triangle : .dot),
            tries: t.triesOf(tries: entry.attempt, most: entry.maxAttempts), moment: context.format.moment(entry.runAt),
            error: entry.lastError,
            retry: mayAct && entry.state == .parked ? "/admin/jobs/\(entry.id.text)/replay" : nil,
            discard: mayAct && (entry.state == .parked || entry.state == .queued) ? "/admin/jobs/\(entry.id.text)/discard" : nil)
    }
}

extension OperationsMessages {
    /// A job's kind in plain words; the kind itself where there are none.
    package func jobName(_ kind: String) -> String {
        let words = self.jobs.kindName(kind: kind.replacing(".", with: "_").replacing("-", with: "_"))
        return words.isEmpty ? kind : words
    }
}

extension JobState {
    fileprivate var tone: Tone {
        switch self {
        case .parked: .bad
        case .running: .info
        case .done: .ok
        default: .neutral
        }
    }
}
