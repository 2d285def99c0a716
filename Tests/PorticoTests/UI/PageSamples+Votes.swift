import HTML
import UI

@testable import Votes

extension PageSamples {
    static let votes = [
        PageSample(name: "votes", page: voteList(3)), PageSample(name: "votes-none", page: voteList(0)),
        PageSample(
            name: "votes-no-match", page: voteList(0, chips: [Chip(label: "Title", value: "zzz", remove: "/votes")])),
        PageSample(name: "vote-open", page: openVote([])),
        PageSample(
            name: "vote-refused",
            page: openVote([FieldError(field: "answers.0.option_ids", code: "required", message: "Fill this in")]), problem: true),
        PageSample(name: "vote-secret-again", page: secretVote),
        PageSample(name: "vote-passed", page: passedVote),
        PageSample(
            name: "vote-receipt",
            page: ReceiptPage(
                title: "Your ballots are counted", crumbs: voteCrumbs, lead: "Thank you for taking part in “New heating”.",
                codes: [
                    Fact("Lindenstraße 12, Apt 3.2", "0A1B2-C3D4E-5F6G7-H8J9K-0M1N2-P"),
                    Fact(long, "0A1B2-C3D4E-5F6G7-H8J9K-0M1N2-Q")
                ],
                back: "/votes/1", check: "/votes/1/receipt", isSecret: true)),
        PageSample(name: "vote-check", page: check(nil, "")),
        PageSample(
            name: "vote-check-counted",
            page: check(Badge("Counted", tone: .ok, mark: .check), "The ballot stands in the ledger and counts as follows.")),
        PageSample(name: "vote-register", page: register(4)), PageSample(name: "vote-register-none", page: register(0)),
        PageSample(name: "vote-ledger", page: ledger(nil)),
        PageSample(
            name: "vote-recount",
            page: ledger(
                RecountCard(
                    badge: Badge("Intact", tone: .ok, mark: .check),
                    text: "The chain holds, and counting it again comes to the same result.",
                    facts: [Fact("Entries", "42"), Fact("Last hash", hash)], questions: [heatingCard]))),
        PageSample(name: "vote-paper", page: paper(2)), PageSample(name: "vote-paper-none", page: paper(0)),
        PageSample(
            name: "vote-extend",
            page: VoteActPage(
                title: "Extend the vote", lead: "Everybody who may vote is told.", action: "/votes/1/extension", back: "/votes/1",
                crumbs: voteCrumbs, errors: [], until: Field("end_date", label: "New end", required: true),
                reason: Field("reason", label: "Reason", required: true), label: "Extend", isDanger: false)),
        PageSample(name: "vote-minutes", page: minutes),
        PageSample(name: "vote-new", page: newVote([])),
        PageSample(
            name: "vote-new-refused",
            page: newVote([FieldError(field: "end_date", code: "ends_too_early", message: "Choose a later end", label: "End")]),
            problem: true),
        PageSample(name: "vote-shares", page: shares(false)), PageSample(name: "vote-shares-none", page: shares(true))
    ]

    private static let voteCrumbs = [Crumb("Votes", "/votes"), Crumb("New heating")]
    private static let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    private static let voteOpen = Badge("Open", tone: .info, mark: .dot)
    private static let voteFacts = [
        Fact("Concerns", "Lindenstraße 12", path: "/buildings/1"), Fact("Begins", "21 Nov 2026, 09:00"),
        Fact("Ends", "5 Dec 2026, 18:00"),
        Fact("How does a ballot count?", "By ownership share"), Fact("Rules", "Open. A ballot can be changed until the end.")
    ]

    private static func bar(_ label: String, _ part: Int, chosen: Bool = false) -> VoteBar {
        VoteBar(
            label: label, value: "\(part / 400) ballots, weight \(part)/10000, \(part / 100).00\u{a0}%", part: part,
            isChosen: chosen)
    }

    private static let heatingCard = QuestionCard(
        number: 1, title: "Shall the heating be replaced?", rule: "Simple majority: more than half of what is cast.",
        badge: Badge("Passed", tone: .ok, mark: .check),
        bars: [bar("Yes", 6_200, chosen: true), bar("No", 3_800), bar("Abstain", 0)], options: [])
    private static let colourCard = QuestionCard(
        number: 2, title: long, rule: "Two thirds of what is cast.", badge: nil, bars: [], options: ["Red", long, "Abstain"])

    private static func voteList(_ count: Int, chips: [Chip] = []) -> VotesPage {
        VotesPage(
            tabs: [
                Tab("Open", "/votes?show=open", current: true), Tab("Planned", "/votes?show=planned"),
                Tab("Finished", "/votes?show=finished")
            ],
            action: "/votes", shelf: [HiddenValue("show", "open")], words: Field("q", label: "Title"), summary: "\(count) votes",
            chips: chips,
            clear: chips.isEmpty ? nil : "/votes", csv: "/votes.csv?show=open",
            rows: (0..<count).map {
                VoteRow(
                    path: "/votes/\($0)", title: $0 == 1 ? long : "New heating", place: "Lindenstraße 12",
                    badges: $0 == 2 ? [Badge("Closes soon", tone: .warn, mark: .half), Badge("Secret")] : [voteOpen],
                    turnout: "12 of 40 ballots",
                    moment: moment)
            }, pager: Pager(next: "/votes?cursor=x", summary: "3 votes"), new: "/votes/new", shares: "/votes/shares",
            emptyTitle: "No open votes", emptyText: "Ask the owners of a house or of the whole company.")
    }

    private static func fields(_ errors: [FieldError]) -> [QuestionFields] {
        func one(_ index: Int, _ title: String, _ choices: [String], several: Bool = false) -> QuestionFields {
            let name = "answers.\(index).option_ids"
            return QuestionFields(
                field: Field(
                    name, label: title, hint: several ? "Choose 1 to 2." : nil, error: errors.message(for: name), required: true),
                choices: choices.enumerated().map { Choice("\(index)-\($0.offset)", $0.element) }, ticked: [], isSeveral: several,
                id: HiddenValue("answers.\(index).question_id", "\(index)"))
        }
        return [
            one(0, "1. Shall the heating be replaced?", ["Yes", "No", "Abstain"]),
            one(1, "2. Who joins the board?", ["Ann", "Bob", long, "Abstain"], several: true)
        ]
    }

    private static func votePage(
        _ badges: [Badge], notes: [String], cards: [QuestionCard], ballot: BallotForm?, errors: [FieldError] = []
    )
        -> VotePage
    {
        VotePage(
            title: "New heating", crumbs: voteCrumbs, topic: "vote:1", badges: badges,
            description: SafeHTML(trusted: "<p>The boiler is 27 years old.</p>"), notes: notes, facts: voteFacts,
            turnout: [bar("Turnout", 4_400)], quorum: "The quorum is not reached yet.", questions: cards,
            places: [
                PlaceRow(
                    place: "Lindenstraße 12, Apt 3.2", text: "weight 271/10000", badge: Badge("not yet", tone: .info, mark: .ring)
                ),
                PlaceRow(
                    place: long, text: "weight 1/3, in the name of Maria Kern", badge: Badge("voted", tone: .ok, mark: .check))
            ], errors: errors, ballot: ballot,
            links: [
                VoteLink(label: "Check a receipt", path: "/votes/1/receipt", icon: .checkCircle),
                VoteLink(label: "Ledger", path: "/votes/1/ledger", icon: .key)
            ])
    }

    private static func openVote(_ errors: [FieldError]) -> VotePage {
        votePage(
            [voteOpen], notes: ["What it comes to is shown when the vote is over."], cards: [colourCard],
            ballot: BallotForm(
                action: "/votes/1/ballots", units: Field("voters", label: "For which units?", required: true),
                places: [Choice("1", "Apt 3.2", hint: "weight 271/10000"), Choice("2", long)], ticked: ["1"],
                hidden: [HiddenValue("receipt", "0A1B2C3D4E5F6G7H8J9K0M1N2P")], questions: fields(errors), earlier: nil,
                note: "You can change your mind until the end.", label: "Cast the ballot"), errors: errors)
    }

    private static let secretVote = votePage(
        [voteOpen, Badge("Secret")], notes: ["This vote is secret."], cards: [colourCard],
        ballot: BallotForm(
            action: "/votes/1/ballots", units: Field("voters", label: "For which units?"), places: [], ticked: [],
            hidden: [HiddenValue("receipt", "0A1B2C3D4E5F6G7H8J9K0M1N2P")], questions: fields([]),
            earlier: Field(
                "earlier", label: "Code of the ballot that you want to replace", hint: "Only whoever has it can.", required: true),
            note: "Your new ballot takes the place of the one that was cast.", label: "Replace the ballot"))

    private static let passedVote = votePage(
        [Badge("Passed", tone: .ok, mark: .check)], notes: [], cards: [heatingCard], ballot: nil)

    private static func check(_ result: Badge?, _ text: String) -> CheckReceiptPage {
        CheckReceiptPage(
            action: "/votes/1/receipt", back: "/votes/1", crumbs: voteCrumbs, errors: [],
            code: Field("code", label: "Code of the ballot", hint: "26 letters and digits.", required: true),
            hidden: [HiddenValue("unkept", "1")], result: result,
            resultText: text,
            facts: result == nil
                ? [] : [Fact("Shall the heating be replaced?", "Yes"), Fact("Entry", "7"), Fact("Hash (SHA-256)", hash)])
    }

    private static func register(_ count: Int) -> RegisterPage {
        RegisterPage(
            crumbs: voteCrumbs, topic: "vote:1", summary: "12 of 40 ballots", sum: "Weight 1/1, heads 38/1",
            csv: "/votes/1/register.csv",
            rows: (0..<count).map {
                VoterRow(
                    place: $0 == 2 ? long : "Lindenstraße 12, Apt \($0)", owners: "Maria Kern, Jan Weber", weight: "271/10000",
                    heads: "3/2",
                    badge: $0 == 0 ? Badge("voted", tone: .ok, mark: .check) : Badge("not yet", mark: .ring))
            }, pager: Pager(next: "/votes/1/register?cursor=x", summary: "12 of 40 ballots"))
    }

    private static func ledger(_ report: RecountCard?) -> LedgerPage {
        LedgerPage(
            crumbs: voteCrumbs, summary: "42 entries", csv: "/votes/1/ledger.csv", recount: "/votes/1/recount", report: report,
            note: report == nil ? "What the ballots say is shown when the vote is over." : nil,
            rows: [
                LedgerRow(seq: "1", kind: "Ballot", content: "hidden until the end", hash: hash),
                LedgerRow(seq: "0", kind: "Terms", content: "{\"heads\":\"38/1\",\"kind\":\"terms\"}", hash: hash)
            ], pager: Pager(next: "/votes/1/ledger?cursor=x", summary: "42 entries"))
    }

    private static func paper(_ count: Int) -> PaperPage {
        PaperPage(
            action: "/votes/1/paper", back: "/votes/1", crumbs: voteCrumbs, errors: [],
            voter: Field("voter_id", label: "For which unit?", required: true),
            voters: (0..<count).map { Choice("\($0)", "Lindenstraße 12, Apt \($0) (Maria Kern)") }, questions: fields([]),
            scan: Field("scan", label: "Scan of the ballot", hint: "A picture or a PDF, at most 10 MB.", required: true),
            hidden: [])
    }

    private static let minutes = MinutesPage(
        paper: "/votes/1/minutes",
        title: "Minutes: New heating", crumbs: voteCrumbs, lead: "Vote of the owners at Lindenhof, ended on 5 Dec 2026, 18:00.",
        facts: voteFacts, description: SafeHTML(trusted: "<p>The boiler is 27 years old.</p>"),
        turnout: [Fact("Ballots cast", "31 of 40 ballots"), Fact("Weight that took part", "7700/10000 (77.00\u{a0}%)")],
        questions: [
            MinutesQuestion(
                title: "1. Shall the heating be replaced?", rule: "Simple majority: more than half of what is cast.",
                outcome: "Passed",
                rows: [
                    MinutesRow(
                        option: "Yes", ballots: "20", heads: "19/1", weight: "6200/10000", percent: "62.00\u{a0}%", isChosen: true
                    ),
                    MinutesRow(
                        option: long, ballots: "11", heads: "10/1", weight: "3800/10000", percent: "38.00\u{a0}%", isChosen: false
                    )
                ])
        ], decisions: ["Extended on 1 Dec 2026, 10:00 by Maria Kern: Holidays"],
        seal: [Fact("Entries", "42"), Fact("Last hash", hash)])

    private static func newVote(_ errors: [FieldError]) -> NewVotePage {
        func field(_ name: String, _ label: String, _ value: String = "", required: Bool = true) -> Field {
            Field(name, label: label, value: value, error: errors.message(for: name), required: required)
        }
        return NewVotePage(
            action: "/votes", back: "/votes", crumbs: [Crumb("Votes", "/votes"), Crumb("New vote")], errors: errors,
            title: field("title", "Title"), description: field("description", "What is it about?", required: false),
            audience: field("audience", "Who votes?", "company"),
            audiences: [Choice("company", "The whole company"), Choice("building-1", long)],
            starts: field("start_date", "Begin", required: false), ends: field("end_date", "End"),
            questions: (0..<2).map { index in
                NewQuestion(
                    number: "Question \(index + 1)", title: field("questions.\(index).title", "What is asked?"),
                    kind: field("questions.\(index).kind", "Kind of question", "yes_no"),
                    kinds: [Choice("yes_no", "Yes, no or abstain"), Choice("one", "One of several options")],
                    majority: field("questions.\(index).majority", "What does it need to pass?", "simple"),
                    majorities: [Choice("simple", "Simple majority"), Choice("two_thirds", "Two thirds")],
                    options: field("questions.\(index).options", "Options", required: false),
                    least: field("questions.\(index).min", "At least so many", required: false),
                    most: field("questions.\(index).max", "At most so many", required: false))
            },
            hidden: [HiddenValue("question_count", "2")], weighting: field("weighting", "How does a ballot count?", "share"),
            weightings: [
                Choice("share", "By ownership share", hint: "Every unit needs a share on record."),
                Choice("unit", "One for each unit")
            ],
            owners: field("owners", "How do several owners of a unit vote?", "joint"),
            ownerRules: [Choice("joint", "Jointly"), Choice("parts", "Each by their part")],
            record: field("record", "When is the register taken?", "creation"),
            records: [Choice("creation", "Now"), Choice("start", "At the begin")],
            quorum: field("quorum", "Quorum by weight", required: false),
            quorumHeads: field("quorum_heads", "Quorum by heads", required: false),
            results: field("results_visibility", "When may results be seen?", "after_end"),
            visibilities: [Choice("live", "While the vote runs"), Choice("after_end", "After the end")],
            flags: [
                FlagField(name: "secret", label: "Secret ballots", hint: "Nothing joins a ballot to whoever cast it.", isOn: true)
            ],
            shares: "/votes/shares", mayRemove: true)
    }

    private static func shares(_ isEmpty: Bool) -> SharesPage {
        SharesPage(
            crumbs: [Crumb("Votes", "/votes"), Crumb("Ownership shares")], errors: [], action: "/votes/shares",
            building: Field("building", label: "Building", value: "1"),
            buildings: [Choice("1", "Lindenstraße 12"), Choice("2", long)],
            hidden: [HiddenValue("building_id", "1")],
            shares: Field(
                "shares", label: "Units and shares", value: "1.1: 271/10000\n1.2: 1/3", hint: "One unit in each line.",
                required: true),
            sum: "Sum: 10813/30000", isEmpty: isEmpty)
    }
}
