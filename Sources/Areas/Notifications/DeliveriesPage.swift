import Foundation
import HTML
import UI
import Web

/// `/admin/deliveries`.
package struct DeliveriesPage: Sendable {
    var action: WebPath
    var words: Field
    var state: Field
    var states: [Choice]
    var medium: Field
    var media: [Choice]
    var summary: String
    var chips: [Chip]
    var clear: WebPath?
    var csv: WebPath?
    /// POST: everything that was given up; nil when the viewer may only look.
    var retryAll: WebPath?
    var rows: [DeliveryRow]
    var pager: Pager?
}

package struct DeliveryRow: Sendable {
    var recipient: String
    var address: String
    /// "Mail: a fault was assigned to you".
    var what: String
    var state: Badge
    /// Why it is not sent, in words.
    var reason: String?
    var moment: Moment
    /// One line per try.
    var tries: [String]
    /// POST; nil where it makes no sense or the viewer may only look.
    var retry: WebPath?
}

extension DeliveriesPage {
    init(
        _ page: KeysetPage<DeliveryLine>, _ tries: [UUID: [TryLine]], _ total: Int, _ filter: DeliveryFilter,
        _ context: MemberContext
    ) {
        let t = NotificationsMessages(context.language)
        let list: WebPath = "/admin/deliveries"
        func without(_ name: String) -> WebPath { list.adding(query: filter.query.filter { $0.0 != name }) }
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: filter.query + (cursor.text.map { [("cursor", $0)] } ?? [])) }
        let states = DeliveryState.allCases.map { Choice($0.rawValue, t.deliveries.stateName(state: $0.rawValue)) }
        let media = Medium.allCases.map { Choice($0.rawValue, t.deliveries.medium(medium: $0.rawValue)) }
        var chips: [Chip] = []
        if !filter.words.isEmpty { chips.append(Chip(label: t.deliveries.recipient, value: filter.words, remove: without("q"))) }
        if let state = filter.state {
            chips.append(
                Chip(label: t.deliveries.state, value: t.deliveries.stateName(state: state.rawValue), remove: without("state")))
        }
        if let medium = filter.medium {
            chips.append(
                Chip(label: t.deliveries.by, value: t.deliveries.medium(medium: medium.rawValue), remove: without("channel")))
        }
        self.init(
            action: list, words: Field("q", label: t.deliveries.recipient, value: filter.words),
            state: Field("state", label: t.deliveries.state, value: filter.state?.rawValue ?? ""), states: states,
            medium: Field("channel", label: t.deliveries.by, value: filter.medium?.rawValue ?? ""), media: media,
            summary: t.deliveries.summary(count: total), chips: chips, clear: chips.isEmpty ? nil : list,
            csv: ("/admin/deliveries.csv" as WebPath).adding(query: filter.query),
            retryAll: context.may(.retryDeliveries) && filter.state == .parked && total > 0 ? "/admin/deliveries/retry" : nil,
            rows: page.lines.map { DeliveryRow($0, tries[$0.id] ?? [], t, context) },
            pager: page.previous == nil && page.next == nil
                ? nil
                : Pager(previous: page.previous.map(at), next: page.next.map(at), summary: t.deliveries.summary(count: total)))
    }
}

extension DeliveryRow {
    init(_ line: DeliveryLine, _ tries: [TryLine], _ t: NotificationsMessages, _ context: MemberContext) {
        let mayAct = context.may(.retryDeliveries) && line.mayBeRetried
        let name =
            LetterKind(rawValue: line.kind) != nil || line.kind == Digest.kind || OwnPush(rawValue: line.kind) != nil
            ? t.deliveries.letter(kind: line.kind.replacing(".", with: "_")) : t.title(NoticeKind.of(line.kind)?.name ?? "other")
        self.init(
            recipient: line.name ?? line.address ?? "–", address: line.name == nil ? "" : line.address ?? "",
            what: "\(t.deliveries.medium(medium: line.medium.rawValue)): \(name)",
            state: Badge(
                t.deliveries.stateName(state: line.state.rawValue), tone: line.state.tone,
                mark: line.state == .parked ? .triangle : .dot),
            reason: line.reason.map { t.deliveries.reasonText(reason: $0) },
            moment: context.format.moment(line.settledAt ?? line.dueAt),
            tries: tries.map { attempt in
                let outcome = t.deliveries.outcome(outcome: attempt.outcome ?? "none")
                let head = "\(context.format.dateTime(attempt.beganAt)): \(outcome)"
                return attempt.detail.isEmpty ? head : "\(head) (\(attempt.detail))"
            },
            retry: mayAct ? "/admin/deliveries/\(line.id.text)/retry" : nil)
    }
}

extension DeliveryState {
    fileprivate var tone: Tone {
        switch self {
        case .sent: .ok
        case .failed: .warn
        case .parked: .bad
        case .queued: .info
        case .suppressed: .neutral
        }
    }
}
