import HTML
import UI

/// The acts that this viewer may do now. Each is nil when it is not allowed.
package struct FaultActs: Sendable {
    var assign: AssignForm?
    var start: WebPath?
    var hold: ReasonForm?
    /// Goes with `hold`: the day on which it opens again.
    var holdUntil = Field("hold_until", label: "")
    var resolve: ResolveForm?
    var confirm: ConfirmForm?
    var reopen: ReasonForm?
    var cancel: ReasonForm?
    var merge: MergeForm?

    var isEmpty: Bool {
        assign == nil && start == nil && hold == nil && resolve == nil && confirm == nil && reopen == nil && cancel == nil
            && merge == nil
    }

    /// Every field of the forms.
    var fields: [Field] {
        [assign?.assignee, resolve?.resolution, resolve?.photos, hold?.reason, reopen?.reason, cancel?.reason].compactMap(\.self)
    }
}

package struct AssignForm: Sendable {
    var action: WebPath
    /// `assignee_id`.
    var assignee: Field
    /// Name and how many open faults they have.
    var people: [Choice]
    /// Unfolded: the form was refused, or it is the next step.
    var open: Bool
}

package struct ReasonForm: Sendable {
    var action: WebPath
    /// `reason`.
    var reason: Field
    var open: Bool
}

package struct ResolveForm: Sendable {
    var action: WebPath
    /// `resolution`.
    var resolution: Field
    /// As the reader's language writes numbers.
    var cost: Field
    var photos: Field
    var open: Bool
}

package struct ConfirmForm: Sendable {
    var action: WebPath
    /// Nil for those who did not report it: a rating is the reporter's word.
    var rating: Field?
    var ratings: [Choice]
    var note: Field
}

package struct MergeForm: Sendable {
    var action: WebPath
    /// Number of the fault that this one is the same as.
    var original: Field
    var open: Bool
}
