import Foundation
import HTML
import Property
import UI
import Web

extension QuestionLine.Option {
    func words(_ t: VotesMessages) -> String { code == "choice" ? label : t.option(code: code) }
}

extension VoteState {
    func badge(_ vote: Vote, now: Date, _ t: VotesMessages) -> Badge {
        switch self {
        case .planned: Badge(t.state(state: "planned"), tone: .neutral, mark: .ring)
        case .open:
            vote.endsAt.timeIntervalSince(now) < 86_400
                ? Badge(t.state(state: "closing"), tone: .warn, mark: .half)
                : Badge(t.state(state: "open"), tone: .info, mark: .dot)
        case .counting: Badge(t.state(state: "counting"), tone: .note, mark: .half)
        case .closed: vote.outcome.map { $0.badge(t) } ?? Badge(t.state(state: "closed"), tone: .neutral, mark: .check)
        case .cancelled: Badge(t.state(state: "cancelled"), tone: .neutral, mark: .strike)
        }
    }
}

extension QuestionOutcome {
    func badge(_ t: VotesMessages) -> Badge {
        let words = t.outcome(outcome: rawValue)
        return switch self {
        case .passed: Badge(words, tone: .ok, mark: .check)
        case .rejected: Badge(words, tone: .bad, mark: .triangle)
        case .tied: Badge(words, tone: .warn, mark: .half)
        case .noQuorum: Badge(words, tone: .neutral, mark: .strike)
        }
    }
}

extension Vote {
    func badges(_ context: MemberContext) -> [Badge] {
        let t = VotesMessages(context.language)
        let own = state(at: context.now).badge(self, now: context.now, t)
        return isSecret ? [own, Badge(t.show.secret)] : [own]
    }

    func place(_ t: VotesMessages) -> String {
        building.map { building in entrance.map { "\(building), \($0)" } ?? building } ?? t.form.company
    }

    func crumbs(_ t: VotesMessages, _ last: String? = nil) -> [Crumb] {
        let here = last == nil ? Crumb(title) : Crumb(title, path)
        return [Crumb(t.list.title, VoteFilter.path), here] + (last.map { [Crumb($0)] } ?? [])
    }

    func facts(_ whole: Whole, _ context: MemberContext) -> [Fact] {
        let t = VotesMessages(context.language)
        let moment = { (date: Date) in context.format.dateTime(date) }
        let house: WebPath? = context.may(.seeProperty) ? buildingID.map { "/buildings/\($0.text)" } : nil
        var facts = [
            Fact(t.show.about, place(t), path: house),
            Fact(t.show.begins, moment(startsAt)), Fact(t.show.ends, moment(endsAt)),
            Fact(t.form.weighting, t.weighting(weighting: weighting.rawValue)),
            Fact(t.form.owners, t.owners(rule: owners.rawValue))
        ]
        if frozenAt != nil, whole.weight != "1/1", weighting == .share {
            facts.append(Fact(t.show.sum, t.show.sumText(sum: whole.weight)))
        }
        if let frozenAt { facts.append(Fact(t.show.record, moment(frozenAt))) }
        if let quorumWeight { facts.append(Fact(t.form.quorum, quorumWeight.text)) }
        if let quorumHeads { facts.append(Fact(t.form.quorumHeads, quorumHeads.text)) }
        facts.append(
            Fact(
                t.show.rules,
                t.show.rulesText(
                    secret: isSecret ? "yes" : "no", change: allowChange ? "yes" : "no", delegates: allowDelegates ? "yes" : "no")
            ))
        facts.append(Fact(t.show.caller, createdBy))
        return facts
    }
}

/// Numbers of a tally, for people.
struct Figures {
    let t: VotesMessages
    let format: Format

    init(_ context: MemberContext) {
        t = VotesMessages(context.language)
        format = context.format
    }

    /// "52.10 %", from hundredths of a percent.
    func percent(_ part: Int) -> String {
        let cents = part % 100
        return "\(part / 100)\(format.language == .de ? "," : ".")\(cents < 10 ? "0" : "")\(cents)\u{a0}%"
    }

    /// A fraction as it stands, a whole number as one; of very long ones only percents say enough.
    static func fraction(_ text: String) -> String {
        let short = text.hasSuffix("/1") ? String(text.dropLast(2)) : text
        return short.utf8.count <= 40 ? short : "≈"
    }

    /// Abstentions are no part of what was cast.
    private func bar(_ option: QuestionLine.Option, _ sum: VoteResult.Option, chosen: Bool) -> VoteBar {
        let (heads, weight) = (Self.fraction(sum.heads), Self.fraction(sum.weight))
        return VoteBar(
            label: option.words(t),
            value: option.abstains
                ? t.show.barPlain(count: sum.ballots, heads: heads, weight: weight)
                : t.show.bar(count: sum.ballots, heads: heads, weight: weight, percent: percent(sum.ofCast)),
            part: sum.ofCast, isChosen: chosen)
    }

    func card(_ question: QuestionLine, _ counted: VoteResult.Question?, isOver: Bool) -> QuestionCard {
        QuestionCard(
            number: question.position, title: question.title, rule: rule(question),
            badge: isOver ? counted?.outcome.badge(t) : nil,
            bars: counted.map { counted in
                zip(question.options, counted.options).map { option, sum in
                    bar(option, sum, chosen: isOver && counted.chosen.contains(option.position))
                }
            } ?? [],
            options: counted == nil ? question.options.map { $0.words(t) } : [])
    }

    func rule(_ question: QuestionLine) -> String {
        let majority = t.majority(majority: question.majority.rawValue)
        guard question.kind == .several else { return majority }
        return "\(majority) \(t.show.several(least: question.least, most: question.most))"
    }
}
