import Database
import Forms
import Foundation
import HTML
import UI
import Web

enum BatchAct: String, SQLBindable, SQLDecodable, Codable, CaseIterable, Sendable {
    case assign, priority, comment
}

/// What shall be done to many faults.
struct BatchDraft: Record, Sendable {
    let act: BatchAct
    let assignee: UUID?
    let priority: FaultPriority?
    let comment: String
    let isInternal: Bool
    /// How many faults were confirmed, when the whole filter is meant.
    let count: Int?

    /// As it was put on record, for a job.
    init(row: Row) throws {
        act = try row["act"]
        assignee = try row["assignee_id"]
        priority = try row["priority"]
        comment = try row["comment"] as String? ?? ""
        isInternal = try row["internal"]
        count = nil
    }

    init(_ form: inout FormReader) {
        act = form.choice("act", BatchAct.self)
        count = form.optionalInt("count")
        assignee = act == .assign ? form.uuid("assignee_id") : nil
        priority = act == .priority ? form.choice("priority", FaultPriority.self) : nil
        comment = act == .comment ? form.text("comment", .required, .max(5000), .lines) : ""
        isInternal = act == .comment && form.flag("internal")
    }
}

/// Which faults: those that were ticked, or everything that the filter in the address finds.
struct BatchSelection: Sendable {
    let request: FaultListRequest
    let ids: [UUID]?

    init(_ incoming: Incoming, _ desk: FaultDesk) throws {
        request = try FaultListRequest(incoming, desk)
        let source = incoming.method == .get ? incoming.query : incoming.submission
        ids = try source.read { Self.ids(&$0) }
    }

    private static func ids(_ form: inout FormReader) -> [UUID]? {
        let (all, ids) = (form.flag("all"), form.uuids("fault_ids", max: Batches.mostTicked))
        return all ? nil : ids
    }

    static let fields = FormReader.shapes { _ = ids(&$0) }

    var isEmpty: Bool { ids?.isEmpty == true }

    func condition(_ desk: FaultDesk) -> SQL {
        guard let ids else { return request.condition }
        return [desk.viewer.visible(on: desk.today), "f.id = any(\(ids))"].joined(separator: " and ")
    }

    /// What the confirming form carries on.
    var hidden: [HiddenValue] {
        guard let ids else { return [HiddenValue("all", "1")] }
        return ids.map { HiddenValue("fault_ids", $0.text) }
    }
}

/// `/faults/batch`: what shall be done, to how many, with a sample.
package struct BatchPage: Sendable {
    var crumbs: [Crumb]
    var back: WebPath
    var errors: [FieldError]
    /// "57 faults".
    var summary: String
    var isEmpty: Bool
    /// So many that a job does it.
    var takesLong = false
    var sample: [FaultRow]
    var action: WebPath
    var hidden: [HiddenValue]
    var acts: [BatchActForm]
}

/// One of the acts, each with its own form.
package struct BatchActForm: Sendable {
    var act: String
    var title: String
    var icon: Icon
    var open: Bool
    /// One of these three.
    var assignee: Field?
    var people: [Choice] = []
    /// So few that each is one press away.
    var areFew: Bool { people.count <= 15 }
    var priority: Field?
    var priorities: [Choice] = []
    var comment: Field?
}

/// `/faults/batches/{id}`: what became of it.
package struct BatchDonePage: Sendable {
    var crumbs: [Crumb]
    var summary: String
    /// POST; nil when it is too late or already done.
    var undo: WebPath?
    /// How far a job has come, while there is one; the page then asks again by itself.
    var progress: BatchProgress?
    var rows: [BatchDoneRow]
}

package struct BatchProgress: Sendable {
    var done: Int
    var total: Int
    /// "600 of 2,500".
    var text: String
}

package struct BatchDoneRow: Sendable {
    var path: WebPath
    var number: String
    var title: String
    var result: Badge
}

struct BatchJSON: Codable, Sendable {
    struct Result: Codable, Sendable {
        let faultId: String
        let number: String
        let result: String
        let undone: Bool
    }

    let batchId: String
    let act: String
    /// `running`, `done` or `undoing`.
    let state: String
    let total: Int
    let pending: Int
    let done: Int
    let unchanged: Int
    let notPossible: Int
    let undone: Int
    let results: [Result]

    init(_ batch: BatchSummary, _ results: [BatchResult]) {
        batchId = batch.id.text
        act = batch.act.rawValue
        state = batch.state.rawValue
        total = batch.total
        pending = batch.pending
        done = batch.done
        unchanged = batch.unchanged
        notPossible = batch.notPossible
        undone = batch.done - batch.kept
        self.results = results.map {
            Result(faultId: $0.faultID.text, number: $0.number, result: $0.result, undone: $0.undone)
        }
    }
}

struct BatchPreviewJSON: Codable, Sendable {
    let count: Int
    let sample: [FaultLineJSON]
}
