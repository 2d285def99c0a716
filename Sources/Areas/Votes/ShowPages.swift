import Forms
import Foundation
import HTML
import Markdown
import UI
import Web

extension VotesPage {
    init(_ page: KeysetPage<Vote>, _ total: Int, _ filter: VoteFilter, _ context: MemberContext) {
        let t = VotesMessages(context.language)
        let list = VoteFilter.path
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: filter.query() + (cursor.text.map { [("cursor", $0)] } ?? [])) }
        let chips =
            filter.words.isEmpty
            ? [] : [Chip(label: t.list.search, value: filter.words, remove: list.adding(query: filter.query(without: "q")))]
        let summary = t.list.summary(count: total)
        self.init(
            tabs: VoteShelf.allCases.map {
                Tab(t.list.shelf(shelf: $0.rawValue), list.adding(query: [("show", $0.rawValue)]), current: $0 == filter.shelf)
            },
            action: list, shelf: [HiddenValue("show", filter.shelf.rawValue)],
            words: Field("q", label: t.list.search, value: filter.words), summary: summary, chips: chips,
            clear: chips.isEmpty ? nil : list.adding(query: [("show", filter.shelf.rawValue)]),
            csv: ("/votes.csv" as WebPath).adding(query: filter.query()), rows: page.lines.map { VoteRow($0, context) },
            pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary),
            new: filter.viewer.manages ? "/votes/new" : nil, shares: filter.viewer.manages ? "/votes/shares" : nil,
            emptyTitle: t.list.none(shelf: filter.shelf.rawValue),
            emptyText: filter.viewer.manages ? t.list.noneManager : t.list.noneText)
    }
}

extension VoteRow {
    init(_ vote: Vote, _ context: MemberContext) {
        let t = VotesMessages(context.language)
        let state = vote.state(at: context.now)
        self.init(
            path: vote.path, title: vote.title, place: vote.place(t), badges: vote.badges(context),
            turnout: t.list.turnout(voted: vote.voted, voters: vote.voters),
            moment: context.format.moment(state == .planned ? vote.startsAt : vote.endsAt, now: context.now))
    }
}

extension VotePage {
    init(_ shown: ShownVote, _ context: MemberContext, _ values: FormValues = FormValues(), _ problems: [FieldProblem] = []) {
        let (t, figures, vote) = (VotesMessages(context.language), Figures(context), shown.vote)
        let isOver = vote.closedAt != nil
        let ballot = BallotForm(shown, values, problems, context)
        let errors = ProblemText.errors(problems, context.language) { t.problem(code: $0) }
        self.init(
            title: vote.title, crumbs: vote.crumbs(t), topic: "vote:\(vote.id.text)", badges: vote.badges(context),
            description: vote.description.isEmpty ? nil : Markdown.html(vote.description), notes: Self.notes(shown, context),
            facts: vote.facts(shown.whole, context),
            turnout: [
                VoteBar(
                    label: t.show.turnout,
                    value: t.show.turnoutText(
                        voted: vote.voted, voters: vote.voters, weight: Figures.fraction(shown.turnout.weight),
                        percent: figures.percent(shown.turnout.ofWeight)),
                    part: shown.turnout.ofWeight, isChosen: false)
            ],
            quorum: vote.quorumWeight == nil && vote.quorumHeads == nil
                ? t.show.noQuorum : t.show.quorum(reached: shown.turnout.reachesQuorum ? "yes" : "no"),
            questions: shown.questions.enumerated().map { index, question in
                let counted = shown.result.flatMap { $0.questions.indices.contains(index) ? $0.questions[index] : nil }
                return figures.card(question, counted, isOver: isOver)
            },
            places: shown.places.map { PlaceRow($0, t) },
            errors: errors.inOrder(of: ballot.map { [$0.units] + $0.questions.map(\.field) } ?? []), ballot: ballot,
            links: Self.links(vote, context, t))
    }

    private static func notes(_ shown: ShownVote, _ context: MemberContext) -> [String] {
        let (t, vote) = (VotesMessages(context.language), shown.vote)
        let state = vote.state(at: context.now)
        var notes: [String] = []
        if let why = vote.cancelledWhy { notes.append(t.show.cancelled(reason: why)) }
        if state == .planned { notes.append(t.show.planned(moment: context.format.dateTime(vote.startsAt))) }
        if state == .counting { notes.append(t.show.counting) }
        if state == .open, shown.result == nil { notes.append(t.show.hidden) }
        if vote.isSecret { notes.append(t.show.secretText) }
        return notes
    }

    private static func links(_ vote: Vote, _ context: MemberContext, _ t: VotesMessages) -> [VoteLink] {
        let state = vote.state(at: context.now)
        let isRunning = state == .planned || state == .open
        var links: [VoteLink] = []
        if vote.closedAt != nil || vote.cancelledAt != nil {
            links.append(VoteLink(label: t.minutes.title, path: "\(vote.path)/minutes", icon: .journal))
        }
        if vote.frozenAt != nil { links.append(VoteLink(label: t.check.title, path: "\(vote.path)/receipt", icon: .checkCircle)) }
        guard context.may(.manageVotes) else { return links }
        links.append(VoteLink(label: t.register.title, path: "\(vote.path)/register", icon: .people))
        links.append(VoteLink(label: t.ledger.title, path: "\(vote.path)/ledger", icon: .key))
        if state == .open, !vote.isSecret {
            links.append(VoteLink(label: t.paper.title, path: "\(vote.path)/paper", icon: .upload))
        }
        if isRunning {
            links.append(VoteLink(label: t.extend.title, path: "\(vote.path)/extension", icon: .clock))
            links.append(VoteLink(label: t.cancel.title, path: "\(vote.path)/cancellation", icon: .crossCircle))
        }
        return links
    }
}

extension PlaceRow {
    init(_ place: BallotPlace, _ t: VotesMessages) {
        let weight = t.show.weight(weight: Figures.fraction(place.weight))
        self.init(
            place: place.place, text: place.owns ? weight : "\(weight), \(t.show.inName(name: place.principalName ?? ""))",
            badge: place.hasVoted
                ? Badge(t.show.voted, tone: .ok, mark: .check) : Badge(t.show.notVoted, tone: .info, mark: .ring))
    }
}

extension BallotForm {
    /// Nil when there is nothing that the viewer may cast now.
    init?(_ shown: ShownVote, _ values: FormValues, _ problems: [FieldProblem], _ context: MemberContext) {
        let (t, vote) = (VotesMessages(context.language), shown.vote)
        guard shown.mayCast(at: context.now) else { return nil }
        let open = shown.places.filter { !$0.hasVoted || $0.mayReplace(vote, context.memberID) }
        let replacing = vote.isSecret && vote.allowChange && shown.places.contains(where: \.hasVoted) && open.isEmpty
        guard !open.isEmpty || replacing else { return nil }
        let errors = ProblemText.errors(problems, context.language) { t.problem(code: $0) }
        let only = open.count == 1 ? open.first : nil
        let typed = values.all("voters")
        let isUsed = problems.contains { $0.code == .own(Failure.receiptUsed.code) }
        let counted = isUsed ? Self.counted(values, shown.places.filter(\.hasVoted)) : nil
        let receipt = values["receipt"].isEmpty || isUsed ? Receipt().text : values["receipt"]
        self.init(
            action: "\(vote.path)/ballots",
            units: Field(
                "voters", label: t.show.units, error: errors.message(for: "unit_id") ?? errors.message(for: "voters"),
                required: true),
            places: only == nil
                ? open.map { Choice($0.voter.text, $0.place, hint: t.show.weight(weight: Figures.fraction($0.weight))) } : [],
            ticked: Set(typed.isEmpty ? open.filter { !$0.hasVoted }.map(\.voter.text) : typed),
            hidden: [HiddenValue("receipt", receipt), HiddenValue(KeptForms.unkept, "1")]
                + (only.map { [HiddenValue("voters", $0.voter.text)] } ?? []),
            questions: shown.questions.map { QuestionFields($0, values, errors, t) },
            earlier: replacing
                ? Field(
                    "earlier", label: t.show.earlier, value: counted?.text ?? values["earlier"], hint: t.show.earlierHint,
                    error: errors.message(for: "earlier"), required: true, maxLength: 80, autocomplete: "off") : nil,
            note: Self.note(vote, t, replaces: replacing || open.contains(where: \.hasVoted)),
            label: replacing || open.allSatisfy(\.hasVoted) ? t.show.castAgain : t.show.cast)
    }

    /// The code of the ballot that a form was counted as, whose answer may have been lost on its way.
    private static func counted(_ values: FormValues, _ voted: [BallotPlace]) -> Receipt? {
        let sent = Receipt(typed: values["receipt"])
        return values["earlier"].isEmpty ? voted.count == 1 ? sent?.part(voted[0].voter) : nil : sent
    }

    private static func note(_ vote: Vote, _ t: VotesMessages, replaces: Bool) -> String {
        replaces ? t.show.replaces : vote.allowChange ? t.show.changeable : t.show.definite
    }
}

extension QuestionFields {
    init(_ question: QuestionLine, _ values: FormValues, _ errors: [FieldError], _ t: VotesMessages) {
        let row = "answers.\(question.position - 1)"
        let name = "\(row).option_ids"
        let chosen = values.all(name)
        let isSeveral = question.kind == .several
        self.init(
            field: Field(
                name, label: "\(question.position). \(question.title)", value: isSeveral ? "" : chosen.first ?? "",
                hint: isSeveral ? t.show.several(least: question.least, most: question.most) : nil,
                error: errors.message(for: name), required: true),
            choices: question.options.map { Choice($0.id.text, $0.words(t)) }, ticked: Set(chosen), isSeveral: isSeveral,
            id: HiddenValue("\(row).question_id", question.id.text))
    }
}
