import Forms
import Foundation
import HTML
import UI
import Web

/// The forms of what can be done with a fault now; a refused one stands open with what was typed.
extension FaultDesk {
    func acts(_ record: FaultRecord, _ refused: RefusedAct?, _ wanted: FaultAct?, _ original: FormErrors?) -> FaultActs {
        let fault = record.fault
        let allowed = Set(viewer.acts(on: fault, now: context.now))
        let errors = self.errors(refused?.problems ?? [])
        func path(_ act: FaultAct) -> WebPath? { allowed.contains(act) ? "\(fault.path)/\(act.rawValue)" : nil }
        func isOpen(_ act: FaultAct) -> Bool { refused?.act == act }
        let isFirst = refused == nil && wanted == nil && original == nil
        func field(_ act: FaultAct, _ name: String, _ label: String, hint: String? = nil, most: Int? = nil, required: Bool = true)
            -> Field
        {
            let values = isOpen(act) ? refused?.values : nil
            return Field(
                name, label: label, value: values?[name] ?? "", hint: hint, error: isOpen(act) ? errors.message(for: name) : nil,
                required: required, maxLength: most, key: name == "reason" ? act.rawValue : nil)
        }
        func reason(_ act: FaultAct, _ label: String) -> ReasonForm? {
            path(act).map {
                ReasonForm(
                    action: $0, reason: field(act, "reason", label, hint: t.act.reasonHint, most: 1000),
                    open: isOpen(act) || wanted == act)
            }
        }
        return FaultActs(
            assign: path(.assign).map { action in
                AssignForm(
                    action: action, assignee: field(.assign, "assignee_id", t.act.assignee),
                    people: record.people.map { Choice($0.id.text, t.act.load(name: $0.name, count: $0.load)) },
                    open: isOpen(.assign) || wanted == .assign
                        || (isFirst && (fault.state == .reported || fault.state == .reopened)))
            },
            start: path(.start), hold: reason(.hold, t.act.holdReason),
            holdUntil: field(.hold, "hold_until", t.act.holdUntil, hint: t.act.holdUntilHint, required: false),
            resolve: path(.resolve).map { action in
                ResolveForm(
                    action: action,
                    resolution: field(.resolve, "resolution", t.act.resolution, hint: t.act.resolutionHint, most: 5000),
                    cost: field(
                        .resolve, "cost", t.act.cost(currency: context.tenant.currency.code), hint: t.act.costHint,
                        required: false),
                    photos: field(.resolve, "photos", t.report.photos, hint: t.report.photosHint, required: false),
                    open: isOpen(.resolve) || wanted == .resolve || (isFirst && fault.state == .inProgress))
            },
            confirm: path(.confirm).map { action in
                ConfirmForm(
                    action: action,
                    rating: viewer.reported(fault)
                        ? field(.confirm, "rating", t.act.rating, hint: t.act.ratingHint, required: false) : nil,
                    ratings: (1...5).reversed().map { Choice(String($0), t.detail.ratingOf(count: $0)) },
                    note: field(.confirm, "rating_note", t.act.ratingNote, most: 500, required: false))
            },
            reopen: reason(.reopen, t.act.reopenReason), cancel: reason(.cancel, t.act.cancelReason),
            merge: mergeForm(fault, original))
    }

    /// For managers, while the fault is open.
    private func mergeForm(_ fault: Fault, _ refused: FormErrors?) -> MergeForm? {
        guard viewer.manages, fault.state.isOpen else { return nil }
        return MergeForm(
            action: "\(fault.path)/original",
            original: Field(
                "original", label: t.merged.field, value: refused?.values["original"] ?? "", hint: t.merged.hint,
                error: self.errors(refused?.problems ?? []).message(for: "original"), required: true, maxLength: 40),
            open: refused != nil)
    }
}
