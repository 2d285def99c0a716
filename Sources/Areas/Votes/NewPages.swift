import Forms
import Foundation
import HTML
import Property
import UI
import Web

extension NewVotePage {
    /// What is chosen before anybody has.
    static var presets: FormValues {
        FormValues([
            "audience": "company", "weighting": "share", "owners": "joint", "record": "creation",
            "results_visibility": "after_end",
            "allow_delegates": "on"
        ])
    }

    static func questions(in values: FormValues) -> Int { min(20, max(1, Int(values["question_count"]) ?? 1)) }

    init(_ values: FormValues, _ problems: [FieldProblem], _ audiences: [AudienceLine], _ context: MemberContext) {
        let t = VotesMessages(context.language)
        let errors = ProblemText.errors(problems, context.language) { t.problem(code: $0) }
        func field(_ name: String, _ label: String, hint: String? = nil, required: Bool = false, most: Int? = nil) -> Field {
            Field(
                name, label: label, value: values[name], hint: hint, error: errors.message(for: name), required: required,
                maxLength: most)
        }
        let count = Self.questions(in: values)
        self.init(
            action: VoteFilter.path, back: VoteFilter.path,
            crumbs: [Crumb(t.list.title, VoteFilter.path), Crumb(t.form.title)], errors: [],
            title: field("title", t.form.name, hint: t.form.nameHint, required: true, most: 140),
            description: field("description", t.form.text, hint: t.form.textHint, most: 5000),
            audience: field("audience", t.form.audience, required: true),
            audiences: [Choice("company", t.form.company)]
                + audiences.map { line in
                    line.entrance.map { Choice("entrance-\(line.id.text)", "\(line.building), \($0)") }
                        ?? Choice("building-\(line.id.text)", line.building)
                },
            starts: field("start_date", t.form.starts, hint: t.form.startsHint),
            ends: field("end_date", t.form.ends, required: true),
            questions: (0..<count).map { NewQuestion($0, values, errors, t) },
            hidden: [HiddenValue("question_count", String(count))],
            weighting: field("weighting", t.form.weighting, required: true),
            weightings: Weighting.allCases.map {
                Choice($0.rawValue, t.weighting(weighting: $0.rawValue), hint: t.form.weightingHint(weighting: $0.rawValue))
            },
            owners: field("owners", t.form.owners, required: true),
            ownerRules: OwnersRule.allCases.map { Choice($0.rawValue, t.owners(rule: $0.rawValue)) },
            record: field("record", t.form.record, hint: t.form.recordHint, required: true),
            records: RecordRule.allCases.map { Choice($0.rawValue, t.form.recordRule(rule: $0.rawValue)) },
            quorum: field("quorum", t.form.quorum, hint: t.form.quorumHint, most: 60),
            quorumHeads: field("quorum_heads", t.form.quorumHeads, hint: t.form.quorumHint, most: 60),
            results: field("results_visibility", t.form.results, required: true),
            visibilities: ResultsRule.allCases.map { Choice($0.rawValue, t.form.visibility(rule: $0.rawValue)) },
            flags: ["secret", "allow_change", "allow_delegates"].map {
                FlagField(name: $0, label: t.form.flag(name: $0), hint: t.form.flagHint(name: $0), isOn: !values[$0].isEmpty)
            }, shares: "/votes/shares", mayRemove: count > 1)
        self.errors = errors.inOrder(
            of: [title, description, audience, starts, ends]
                + questions.flatMap { [$0.title, $0.kind, $0.options, $0.least, $0.most] }
                + [weighting, owners, record, quorum, quorumHeads, results])
    }
}

extension NewQuestion {
    init(_ index: Int, _ values: FormValues, _ errors: [FieldError], _ t: VotesMessages) {
        func field(
            _ name: String, _ label: String, hint: String? = nil, preset: String = "", required: Bool = false, most: Int? = nil
        )
            -> Field
        {
            let full = "questions.\(index).\(name)"
            let typed = values.all(full).joined(separator: "\n")
            return Field(
                full, label: label, value: typed.isEmpty ? preset : typed, hint: hint, error: errors.message(for: full),
                required: required, maxLength: most)
        }
        self.init(
            number: t.form.question(number: index + 1),
            title: field("title", t.form.ask, hint: t.form.askHint, required: true, most: 300),
            kind: field("kind", t.form.kind, preset: QuestionKind.yesNo.rawValue, required: true),
            kinds: QuestionKind.allCases.map { Choice($0.rawValue, t.kind(kind: $0.rawValue)) },
            majority: field("majority", t.form.majority, preset: Majority.simple.rawValue, required: true),
            majorities: Majority.allCases.map { Choice($0.rawValue, t.majority(majority: $0.rawValue)) },
            options: field("options", t.form.options, hint: t.form.optionsHint, most: 7000),
            least: field("min", t.form.least), most: field("max", t.form.most))
    }
}

extension SharesPage {
    init(
        _ buildings: [BuildingName], _ chosen: UUID?, _ lines: [UnitShareLine], _ sum: String, _ typed: String?,
        _ problems: [FieldProblem], _ context: MemberContext
    ) {
        let t = VotesMessages(context.language)
        let errors = ProblemText.errors(problems, context.language) { code in
            code.hasPrefix("share_line_")
                ? t.shares.line(number: Int(code.dropFirst("share_line_".count)) ?? 0) : t.problem(code: code)
        }
        let shares = Field(
            "shares", label: t.shares.field,
            value: typed ?? lines.map { "\($0.label): \($0.share?.text ?? "")" }.joined(separator: "\n"),
            hint: t.shares.hint, error: errors.message(for: "shares"), required: true)
        self.init(
            crumbs: [Crumb(t.list.title, VoteFilter.path), Crumb(t.shares.title)], errors: errors.inOrder(of: [shares]),
            action: "/votes/shares", building: Field("building", label: t.shares.building, value: chosen?.text ?? ""),
            buildings: buildings.map { Choice($0.id.text, $0.name) },
            hidden: chosen.map { [HiddenValue("building_id", $0.text)] } ?? [],
            shares: shares, sum: t.shares.sum(sum: Figures.fraction(sum)), isEmpty: lines.isEmpty)
    }
}
