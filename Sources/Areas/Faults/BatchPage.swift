import Forms
import Foundation
import HTML
import UI
import Web

extension FaultDesk {
    static let sampleSize = 5

    func batch(
        _ selection: BatchSelection, _ count: Int, _ sample: [FaultLine], _ people: [Assignable], _ refused: FormErrors? = nil,
        moved: Bool = false
    ) -> BatchPage {
        var errors = self.errors(refused?.problems ?? [])
        if moved { errors.append(FieldError(field: "", code: "count_moved", message: t.batch.moved)) }
        let act = BatchAct(rawValue: refused?.values["act"] ?? "")
        func field(_ name: String, _ label: String, hint: String? = nil, most: Int? = nil) -> Field {
            Field(
                name, label: label, value: refused?.values[name] ?? "", hint: hint, error: errors.message(for: name),
                required: true,
                maxLength: most)
        }
        let counted = selection.ids == nil ? [HiddenValue("count", String(count))] : []
        return BatchPage(
            crumbs: [Crumb(t.list.title, "/faults"), Crumb(t.batch.title)], back: selection.request.path(), errors: errors,
            summary: t.list.summary(count: count), isEmpty: count == 0, takesLong: selection.ids == nil && count > Batches.atOnce,
            sample: sample.prefix(Self.sampleSize).map(row),
            action: ("/faults/batch" as WebPath).adding(
                query: selection.request.values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
            hidden: selection.hidden + counted,
            acts: [
                BatchActForm(
                    act: "assign", title: t.act.assign, icon: .personPlus, open: act == nil || act == .assign,
                    assignee: field("assignee_id", t.act.assignee),
                    people: people.map { Choice($0.id.text, t.act.load(name: $0.name, count: $0.load)) }),
                BatchActForm(
                    act: "priority", title: t.batch.priority, icon: .flag, open: act == .priority,
                    priority: field("priority", t.detail.priority), priorities: priorities),
                BatchActForm(
                    act: "comment", title: t.comment.title, icon: .chat, open: act == .comment,
                    comment: field("comment", t.comment.say, most: 5000))
            ])
    }

    func batchDone(_ batch: BatchSummary, _ results: [BatchResult]) -> BatchDonePage {
        let canUndo =
            batch.state == .done && batch.undoneAt == nil && batch.done > 0 && batch.memberID == viewer.member
            && context.now.timeIntervalSince(batch.finishedAt ?? batch.at) <= Faults.undoTime
        let (seen, total) =
            batch.state == .undoing ? (batch.done - batch.unseen, batch.done) : (batch.total - batch.pending, batch.total)
        return BatchDonePage(
            crumbs: [Crumb(t.list.title, "/faults"), Crumb(t.batch.title)],
            summary: batch.undoneAt == nil
                ? t.batch.result(done: batch.done, unchanged: batch.unchanged, failed: batch.notPossible)
                : t.batch.undone(done: batch.done - batch.kept, kept: batch.kept),
            undo: canUndo ? "/faults/batches/\(batch.id.text)/undo" : nil,
            progress: batch.state == .done
                ? nil : BatchProgress(done: seen, total: total, text: t.batch.progress(done: seen, total: total)),
            rows: results.map { one in
                let state = one.undone ? "undone" : one.result
                let tone: Tone = one.result == "done" ? (one.undone ? .note : .ok) : one.result == "unchanged" ? .neutral : .warn
                return BatchDoneRow(
                    path: "/faults/\(one.number)", number: one.number, title: one.title,
                    result: Badge(t.batch.state(state: state), tone: tone))
            })
    }
}
