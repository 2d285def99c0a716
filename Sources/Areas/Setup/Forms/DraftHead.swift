import Forms

/// What every form of the configuration carries: whether it is only to be looked at, what it was opened with, and why.
struct DraftHead: Sendable {
    enum Step: String, CaseIterable, Sendable { case check, publish }

    let step: Step
    let base: String
    let reason: String

    init(_ form: inout FormReader) {
        step = form.choice("step", default: .publish)
        base = form.text("base", .required, .max(64))
        reason = step == .publish ? form.text("reason", .required, .max(500)) : form.text("reason", .max(500))
    }
}
