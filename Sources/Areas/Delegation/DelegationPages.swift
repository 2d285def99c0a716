import Forms
import Foundation
import HTML
import Property
import UI
import Web

extension DelegationPage {
    init(_ line: DelegationLine, _ context: MemberContext) {
        let t = DelegationMessages(context.language)
        let viewer = DelegationViewer(context)
        let state = line.state(at: context.now)
        let isOwner = line.delegatorID == viewer.member
        let isDelegate = line.delegateID == viewer.member && line.acceptedAt != nil
        let isAsked = viewer.isInvited(to: line) && state == .pending
        self.init(
            title: t.show.title(place: line.place), crumbs: [Crumb(t.list.title, DelegationFilter.path), Crumb(line.place)],
            badge: line.badge(context), facts: line.facts(context), rights: line.rightsWords(context.language).map { Badge($0) },
            note: t.show.note(
                side: isOwner ? "owner" : isDelegate ? "delegate" : isAsked ? "asked" : "other", state: state.rawValue,
                name: isOwner ? line.delegate : line.delegator),
            answer: isAsked ? "\(line.path)/accept" : nil,
            report: isDelegate && state == .accepted && line.rights.contains(.reportFault)
                ? ("/faults/new" as WebPath).adding(query: [("unit", line.unitID.text)]) : nil,
            resend: isOwner && state == .pending ? "\(line.path)/resend" : nil,
            revoke: (isOwner && state.isOpen) || (isDelegate && state == .accepted) ? "\(line.path)/revocation" : nil,
            revokeLabel: isOwner ? t.show.revoke : t.show.giveBack)
    }
}

extension AnswerDelegationPage {
    init(_ line: DelegationLine, token: String?, _ context: MemberContext) {
        let t = DelegationMessages(context.language)
        self.init(
            title: t.answer.title(name: line.delegator), lead: t.answer.lead(name: line.delegator, company: context.tenant.name),
            crumbs: [Crumb(t.list.title, DelegationFilter.path), Crumb(line.place)], facts: line.facts(context),
            rights: line.rightsWords(context.language).map { Badge($0) }, accept: "\(line.path)/accept",
            decline: "\(line.path)/decline",
            hidden: token.map { [HiddenValue("token", $0)] } ?? [])
    }
}

extension DelegationLine {
    fileprivate func facts(_ context: MemberContext) -> [Fact] {
        let t = DelegationMessages(context.language).show
        let moment = { (date: Date) in context.format.dateTime(date) }
        var facts = [
            Fact(t.unit, place, path: context.may(.seeProperty) ? "/units/\(unitID.text)" : nil), Fact(t.owner, delegator),
            Fact(t.delegate, delegate)
        ]
        if acceptedAt != nil, delegate != email { facts.append(Fact(t.email, email)) }
        facts += [Fact(t.end, until(context)), Fact(t.offered, moment(offeredAt))]
        if sendings > 1 { facts.append(Fact(t.sent, moment(sentAt))) }
        if let acceptedAt { facts.append(Fact(t.accepted, moment(acceptedAt))) }
        if let endedAt { facts.append(Fact(t.ended(state: noted.rawValue, why: endedWhy ?? ""), moment(endedAt))) }
        return facts
    }
}

extension NewDelegationPage {
    init(_ places: [PlaceLine], _ values: FormValues, _ problems: [FieldProblem], _ context: MemberContext) {
        let t = DelegationMessages(context.language)
        let errors = ProblemText.errors(problems, context.language) { t.problem(code: $0) }
        func field(_ name: String, _ label: String, hint: String? = nil, required: Bool = true, most: Int? = nil) -> Field {
            Field(
                name, label: label, value: values[name], hint: hint, error: errors.message(for: name), required: required,
                maxLength: most)
        }
        var unit = field("unit_id", t.new.unit)
        if unit.value.isEmpty, places.count == 1, let only = places.first { unit.value = only.unitID.text }
        self.init(
            action: DelegationFilter.path, back: DelegationFilter.path,
            crumbs: [Crumb(t.list.title, DelegationFilter.path), Crumb(t.new.title)], errors: [], ownsAny: !places.isEmpty,
            email: field("delegate_email", t.new.email, hint: t.new.emailHint, most: 254), unit: unit,
            units: places.map { Choice($0.unitID.text, "\($0.building), \($0.unit)") },
            rights: field("rights", t.new.rights, hint: t.new.rightsHint),
            choices: DelegationRight.allCases.filter(context.holds).map {
                Choice($0.rawValue, $0.title(context.language), hint: t.new.rightHint(right: $0.rawValue))
            },
            ticked: Set(values.all("rights")), until: field("expires_at", t.new.until, hint: t.new.untilHint, required: false))
        self.errors = errors.inOrder(of: [email, unit, rights, until])
    }
}

extension DelegationRight {
    /// At the beginning of a line.
    fileprivate func title(_ language: Language) -> String {
        let words = words(language)
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
