import Database
import Forms
import Foundation
import Property
import Web

/// A vote as it is called.
struct VoteDraft: Sendable {
    let title: String
    let description: String
    let building: UUID?
    let entrance: UUID?
    let starts: Date
    let ends: Date
    let weighting: Weighting
    let owners: OwnersRule
    let record: RecordRule
    let results: ResultsRule
    let secret: Bool
    let allowChange: Bool
    let allowDelegates: Bool
    let quorumWeight: Share?
    let quorumHeads: Share?
    let questions: [QuestionDraft]

    /// What is settled besides title, end and questions may stand under `settings`, too.
    init(_ form: inout FormReader, _ zone: TimeZone, now: Date) {
        let names = Self.settled(&form)
        func settled(_ name: String) -> String { names[name] ?? name }
        title = form.text("title", .required, .max(140))
        description = form.text("description", .max(5000), .lines)
        (building, entrance) = Self.audience(&form)
        let start = settled("start_date")
        let given = form.optionalInstant(start, in: zone)
        starts = given ?? now
        ends = Self.end(&form, "end_date", zone)
        weighting = form.choice(settled("weighting"), default: .share)
        owners = form.choice(settled("owners"), default: .joint)
        record = form.choice(settled("record"), default: .creation)
        let visibility = settled("results_visibility")
        let chosen: ResultsRule? = form.optionalChoice(visibility)
        secret = form.flag(settled("secret"))
        results = chosen ?? .afterEnd
        allowChange = form.flag(settled("allow_change"))
        allowDelegates = form.flag(settled("allow_delegates"))
        quorumWeight = Self.fraction(settled("quorum"), &form)
        quorumHeads = Self.fraction(settled("quorum_heads"), &form)
        let majority: Majority = form.choice(settled("majority"), default: .simple)
        questions = Self.questions(&form, title, majority)
        if let given, given < now.addingTimeInterval(-60) { form.fail(start, .own("starts_in_past")) }
        if !form.hasProblem("end_date"), ends <= max(starts, now) { form.fail("end_date", .own("ends_too_early")) }
        if secret, chosen == .live { form.fail(visibility, .own("secret_live")) }
    }

    private static func settled(_ form: inout FormReader) -> [String: String] {
        let all = [
            "start_date", "weighting", "owners", "record", "results_visibility", "secret", "allow_change", "allow_delegates",
            "quorum", "quorum_heads", "majority"
        ]
        var names: [String: String] = [:]
        for name in all where form.has("settings.\(name)") { names[name] = "settings.\(name)" }
        return names
    }

    /// `building-…` or `entrance-…`, as the form's select says it; programs name one of two ids.
    private static func audience(_ form: inout FormReader) -> (UUID?, UUID?) {
        let (building, entrance) = (form.optionalUUID("building_id"), form.optionalUUID("entrance_id"))
        let chosen = form.optionalText("audience", .max(50)) ?? "company"
        if chosen == "company" { return (building, entrance) }
        for (prefix, isEntrance) in [("building-", false), ("entrance-", true)] where chosen.hasPrefix(prefix) {
            if let id = UUID(uuidString: String(chosen.dropFirst(prefix.count))) { return isEntrance ? (nil, id) : (id, nil) }
        }
        form.fail("audience", .notAllowed)
        return (nil, nil)
    }

    /// An instant, or a day to its end.
    static func end(_ form: inout FormReader, _ name: String, _ zone: TimeZone) -> Date {
        let typed = form.text(name, .required, .max(40))
        guard typed.utf8.count == 10 else { return typed.isEmpty ? .distantPast : form.instant(name, in: zone) }
        return form.optionalDate(name).flatMap { CalendarDate($0.description)?.adding(days: 1)?.start(in: zone) } ?? .distantPast
    }

    private static func fraction(_ name: String, _ form: inout FormReader) -> Share? {
        guard let typed = form.optionalText(name, .max(60)) else { return nil }
        let share = Share(typed)
        if share == nil { form.fail(name, .own("no_fraction")) }
        return share
    }

    /// A vote with nothing but options is one question about them.
    private static func questions(_ form: inout FormReader, _ title: String, _ majority: Majority) -> [QuestionDraft] {
        let rows = form.rows("questions", max: 20) { QuestionDraft(&$0, majority) }
        guard rows.isEmpty else { return rows }
        let labels = QuestionDraft.labels(&form)
        let kind: QuestionKind = labels.isEmpty ? .yesNo : .one
        QuestionDraft.check(labels, kind, &form)
        return [QuestionDraft(title: title, kind: kind, majority: majority, labels: labels, least: 1, most: 1)]
    }
}

struct QuestionDraft: Sendable {
    let title: String
    let kind: QuestionKind
    let majority: Majority
    let labels: [String]
    let least: Int
    let most: Int

    static let mostOptions = 30

    init(title: String, kind: QuestionKind, majority: Majority, labels: [String], least: Int, most: Int) {
        (self.title, self.kind, self.majority, self.labels) = (title, kind, majority, labels)
        (self.least, self.most) = (least, most)
    }

    init(_ form: inout FormReader, _ preset: Majority) {
        let title = form.text("title", .required, .max(300))
        let kind: QuestionKind = form.choice("kind", default: .yesNo)
        let majority: Majority = form.choice("majority", default: preset)
        let given = Self.labels(&form)
        let least = form.optionalInt("min", in: 1...Self.mostOptions) ?? 1
        let most = form.optionalInt("max", in: 1...Self.mostOptions)
        let labels = kind == .yesNo ? [] : given
        Self.check(labels, kind, &form)
        let several = kind == .several
        if several, let most, most < least || most > max(labels.count, 1) { form.fail("max", .own("max_wrong")) }
        if several, least > max(labels.count, 1) { form.fail("min", .own("max_wrong")) }
        self.init(
            title: title, kind: kind, majority: majority, labels: labels, least: several ? least : 1,
            most: several ? most ?? labels.count : 1)
    }

    /// A line for each, or a list.
    static func labels(_ form: inout FormReader) -> [String] {
        form.texts("options", max: mostOptions, .lines, .max(7000)).flatMap { $0.split(separator: "\n") }
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    static func check(_ labels: [String], _ kind: QuestionKind, _ form: inout FormReader) {
        guard kind != .yesNo else { return }
        if labels.count < 2 { form.fail("options", .own("options_few")) }
        if labels.count > mostOptions { form.fail("options", .tooMany(max: mostOptions)) }
        if Set(labels.map { $0.lowercased() }).count < labels.count { form.fail("options", .own("options_repeat")) }
        if labels.contains(where: { $0.unicodeScalars.count > 200 }) { form.fail("options", .tooLong(max: 200)) }
    }
}

/// What somebody votes, and for which of the entries that they may vote for.
struct BallotDraft: Sendable {
    /// Places of the chosen options, for each question.
    let answers: [[Int]]
    let unit: UUID?
    let voters: [UUID]
    let receipt: Receipt
    /// Of the ballot that this one replaces, in a secret vote.
    let earlier: Receipt?

    init(_ form: inout FormReader, _ questions: [QuestionLine]) {
        unit = form.optionalUUID("unit_id")
        voters = form.uuids("voters", max: BallotPlace.most)
        receipt = Self.code("receipt", &form) ?? Receipt()
        earlier = Self.code("earlier", &form)
        let only = form.optionalUUID("option_id")
        answers = Self.answers(&form, questions, only: only)
    }

    static func code(_ name: String, _ form: inout FormReader) -> Receipt? {
        guard let typed = form.optionalText(name, .max(80)) else { return nil }
        let receipt = Receipt(typed: typed)
        if receipt == nil { form.fail(name, .own("no_receipt")) }
        return receipt
    }

    /// `answers.0.option_ids` in the order of the questions; where there is one question only, `option_id` will do.
    static func answers(_ form: inout FormReader, _ questions: [QuestionLine], only: UUID? = nil) -> [[Int]] {
        // Rows that are not there at all are unanswered questions, each named.
        let given = form.rows("answers", max: 20) { row in
            (question: row.optionalUUID("question_id"), options: row.uuids("option_ids", max: 31))
        }
        return questions.enumerated().map { index, question in
            let row =
                given.first { $0.question == question.id }
                ?? (given.indices.contains(index) && given[index].question == nil ? given[index] : nil)
            var chosen = row?.options ?? []
            if let only, chosen.isEmpty, questions.count == 1 { chosen = [only] }
            let places = chosen.compactMap { id in question.options.first { $0.id == id }?.position }.sorted()
            let field = "answers.\(index).option_ids"
            if chosen.isEmpty {
                form.fail(field, .required)
            } else if places.count != chosen.count {
                form.fail(only == nil ? field : "option_id", .notAllowed)
            } else if !question.terms.takes(places) {
                form.fail(field, .own("answer_count"))
            }
            return places
        }
    }
}

/// A later end, or none at all: both with a reason for everybody.
struct ReasonDraft: Sendable {
    let reason: String

    init(_ form: inout FormReader) {
        reason = form.text("reason", .required, .max(1000), .lines)
    }
}

struct ExtensionDraft: Sendable {
    let reason: String
    let ends: Date

    init(_ form: inout FormReader, _ zone: TimeZone) {
        ends = VoteDraft.end(&form, "end_date", zone)
        reason = form.text("reason", .required, .max(1000), .lines)
    }
}
