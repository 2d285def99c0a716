import Forms
import Foundation
import UI

/// What somebody wants to say about a fault.
struct CommentDraft: Sendable {
    let body: String
    let isInternal: Bool
    /// Besides those whom the text names; for programs.
    let mentions: [UUID]

    /// A visitor speaks to everybody who may read the fault, and names nobody.
    init(visitor form: inout FormReader) {
        body = form.text("comment", .required, .max(5000), .lines)
        (isInternal, mentions) = (false, [])
    }

    init(_ form: inout FormReader) {
        body = form.text("comment", .required, .max(5000), .lines)
        isInternal = form.flag("internal")
        mentions = form.uuids("mentions", max: 20)
    }
}

extension FaultDesk {
    /// Nil for those who may only read.
    func commentForm(_ fault: Fault, _ refused: FormErrors?) -> CommentForm? {
        guard viewer.mayComment(on: fault) else { return nil }
        let errors = self.errors(refused?.problems ?? [])
        return CommentForm(
            action: "\(fault.path)/comments",
            comment: Field(
                "comment", label: t.comment.say, value: refused?.values["comment"] ?? "",
                hint: viewer.isStaff ? t.comment.hintStaff : t.comment.hint, error: errors.message(for: "comment"),
                required: true,
                maxLength: 5000),
            mayBeInternal: viewer.isStaff, isInternal: refused?.values["internal"].isEmpty == false)
    }
}
