import Forms
import Foundation
import HTML
import UI
import Web

extension ReceiptPage {
    init(_ cast: [CastBallot], _ replaced: Receipt?, _ vote: Vote, _ context: MemberContext) {
        let t = VotesMessages(context.language)
        let codes =
            cast.map { Fact($0.place.place, $0.receipt.spaced) } + (replaced.map { [Fact(t.receipt.code, $0.spaced)] } ?? [])
        self.init(
            title: t.receipt.title(count: codes.count), crumbs: vote.crumbs(t, t.receipt.crumb),
            lead: t.receipt.lead(title: vote.title),
            codes: codes, back: vote.path, check: "\(vote.path)/receipt", isSecret: vote.isSecret)
    }
}

extension CheckReceiptPage {
    init(
        _ vote: Vote, _ code: String, _ check: ReceiptCheck?, _ answers: [(question: String, chosen: [String])],
        _ problems: [FieldProblem], _ context: MemberContext
    ) {
        let t = VotesMessages(context.language)
        let errors = ProblemText.errors(problems, context.language) { t.problem(code: $0) }
        let field = Field(
            "code", label: t.check.code, value: code, hint: t.check.hint, error: errors.message(for: "code"), required: true,
            maxLength: 80, autocomplete: "off")
        let tones: [ReceiptState: Tone] = [.counted: .ok, .inBox: .ok, .replaced: .warn, .unknown: .bad]
        var facts = answers.map { Fact($0.question, $0.chosen.joined(separator: ", ")) }
        if let entry = check?.entry {
            facts += [Fact(t.ledger.entry, String(entry.seq)), Fact(t.ledger.hash, entry.hash.hex)]
        }
        self.init(
            action: "\(vote.path)/receipt", back: vote.path, crumbs: vote.crumbs(t, t.check.title),
            errors: errors.inOrder(of: [field]),
            code: field, hidden: [HiddenValue(KeptForms.unkept, "1")],
            result: check.map {
                Badge(
                    t.check.state(state: $0.state.rawValue), tone: tones[$0.state] ?? .neutral,
                    mark: $0.state == .unknown ? .triangle : .check)
            },
            resultText: check.map { t.check.text(state: $0.state.rawValue) } ?? "", facts: facts)
    }
}

extension RegisterPage {
    init(_ page: KeysetPage<VoterLine>, _ whole: Whole, _ vote: Vote, _ context: MemberContext) {
        let (t, list) = (VotesMessages(context.language), "\(vote.path)/register" as WebPath)
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        let summary = t.list.turnout(voted: vote.voted, voters: vote.voters)
        self.init(
            crumbs: vote.crumbs(t, t.register.title), topic: "vote:\(vote.id.text)", summary: summary,
            sum: t.register.sum(weight: Figures.fraction(whole.weight), heads: Figures.fraction(whole.heads)),
            csv: "\(vote.path)/register.csv",
            rows: page.lines.map { line in
                VoterRow(
                    place: line.place, owners: line.owners.isEmpty ? t.register.nobody : line.owners.joined(separator: ", "),
                    weight: Figures.fraction(line.weight), heads: Figures.fraction(line.heads),
                    badge: line.hasVoted
                        ? Badge(t.show.voted, tone: .ok, mark: .check) : Badge(t.show.notVoted, tone: .neutral, mark: .ring))
            },
            pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary))
    }
}

extension LedgerPage {
    init(
        _ page: KeysetPage<LedgerEntry>, _ total: Int, _ recounted: (RecountReport, [QuestionLine])?, _ vote: Vote,
        _ context: MemberContext
    ) {
        let (t, list) = (VotesMessages(context.language), "\(vote.path)/ledger" as WebPath)
        func at(_ cursor: Cursor) -> WebPath { list.adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        let shown = vote.showsLedger(at: context.now)
        let summary = t.ledger.summary(count: total)
        self.init(
            crumbs: vote.crumbs(t, t.ledger.title), summary: summary, csv: "\(vote.path)/ledger.csv",
            recount: "\(vote.path)/recount", report: recounted.map { RecountCard($0.0, $0.1, shown: shown, context) },
            note: shown ? nil : t.ledger.hidden,
            rows: page.lines.map { entry in
                LedgerRow(
                    seq: String(entry.seq), kind: t.ledger.kind(kind: entry.kind),
                    content: shown || entry.kind != "ballot" ? entry.content : t.ledger.withheld, hash: entry.hash.hex)
            },
            pager: Pager(previous: page.previous.map(at), next: page.next.map(at), summary: summary))
    }
}

extension RecountCard {
    init(_ report: RecountReport, _ questions: [QuestionLine], shown: Bool, _ context: MemberContext) {
        let (t, figures) = (VotesMessages(context.language), Figures(context))
        let text =
            report.broken.map { t.ledger.broken(why: $0.why.rawValue, seq: $0.seq) }
            ?? (report.agrees == false ? t.ledger.differs : report.agrees == true ? t.ledger.agrees : t.ledger.intact)
        let isGood = report.broken == nil && report.agrees != false
        self.init(
            badge: isGood ? Badge(t.ledger.good, tone: .ok, mark: .check) : Badge(t.ledger.bad, tone: .bad, mark: .triangle),
            text: text,
            facts: [
                Fact(t.ledger.entries, String(report.entries)), Fact(t.ledger.ballots, String(report.ballots)),
                Fact(t.ledger.head, report.head)
            ],
            questions: shown
                ? zip(questions, report.result?.questions ?? []).map { figures.card($0, $1, isOver: true) } : [])
    }
}

extension PaperPage {
    init(
        _ vote: Vote, _ questions: [QuestionLine], _ waiting: [VoterLine], _ values: FormValues, _ problems: [FieldProblem],
        _ context: MemberContext
    ) {
        let t = VotesMessages(context.language)
        let errors = ProblemText.errors(problems, context.language) { t.problem(code: $0) }
        let voter = Field(
            "voter_id", label: t.paper.voter, value: values["voter_id"], error: errors.message(for: "voter_id"), required: true)
        let scan = Field("scan", label: t.paper.scan, hint: t.paper.scanHint, error: errors.message(for: "scan"), required: true)
        let fields = questions.map { QuestionFields($0, values, errors, t) }
        self.init(
            action: "\(vote.path)/paper", back: vote.path, crumbs: vote.crumbs(t, t.paper.title),
            errors: errors.inOrder(of: [voter] + fields.map(\.field) + [scan]), voter: voter,
            voters: waiting.map { Choice($0.id.text, "\($0.place) (\($0.owners.joined(separator: ", ")))") }, questions: fields,
            scan: scan, hidden: [HiddenValue("receipt", Receipt().text)])
    }
}

extension VoteActPage {
    init(_ act: String, _ vote: Vote, _ values: FormValues, _ problems: [FieldProblem], _ context: MemberContext) {
        let t = VotesMessages(context.language)
        let errors = ProblemText.errors(problems, context.language) { t.problem(code: $0) }
        let extends = act == "extension"
        let until = Field(
            "end_date", label: t.extend.until, value: values["end_date"],
            hint: t.extend.now(moment: context.format.dateTime(vote.endsAt)), error: errors.message(for: "end_date"),
            required: true)
        let reason = Field(
            "reason", label: t.extend.reason, value: values["reason"], hint: t.extend.reasonHint,
            error: errors.message(for: "reason"),
            required: true, maxLength: 1000)
        let title = extends ? t.extend.title : t.cancel.title
        self.init(
            title: title, lead: extends ? t.extend.lead : t.cancel.lead, action: "\(vote.path)/\(act)", back: vote.path,
            crumbs: vote.crumbs(t, title), errors: errors.inOrder(of: (extends ? [until] : []) + [reason]),
            until: extends ? until : nil, reason: reason, label: extends ? t.extend.submit : t.cancel.submit, isDanger: !extends)
    }
}
