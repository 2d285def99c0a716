import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// One request's words for the configuration, and the parts that its pages share.
struct ConfigurationDesk: Sendable {
    let context: MemberContext
    let t: SetupMessages

    static let path: WebPath = "/admin/configuration"

    enum Place: CaseIterable { case overview, brand, roles, categories, identity, text, history }

    init(_ context: MemberContext) {
        self.context = context
        t = SetupMessages(context.language)
    }

    var mayPublish: Bool { context.may(.publishConfiguration) }

    static func path(_ place: Place) -> WebPath {
        switch place {
        case .overview: path
        case .brand: "/admin/configuration/brand"
        case .roles: "/admin/configuration/roles"
        case .categories: "/admin/configuration/categories"
        case .identity: "/admin/configuration/identity"
        case .text: "/admin/configuration/text"
        case .history: "/admin/configuration/history"
        }
    }

    func title(_ place: Place) -> String {
        switch place {
        case .overview: t.title
        case .brand: t.brand.title
        case .roles: t.roles.title
        case .categories: t.categories.title
        case .identity: t.identity.title
        case .text: t.text.title
        case .history: t.history.title
        }
    }

    func tabs(_ here: Place?) -> [Tab] {
        Place.allCases.filter { mayPublish || $0 == .overview || $0 == .history }.map { place in
            Tab(place == .overview ? t.overview : title(place), Self.path(place), current: place == here)
        }
    }

    func crumbs(_ place: Place) -> [Crumb] { [Crumb(t.title, Self.path), Crumb(title(place))] }

    func errors(_ problems: [FieldProblem]) -> [FieldError] {
        ProblemText.errors(problems, context.language) { code in t.problem(code: code, raw: code) }
    }

    func head(_ state: FormState) -> PublishPart {
        head(state.base, state.values["reason"], errors(state.problems))
    }

    func head(_ base: String, _ reason: String, _ errors: [FieldError]) -> PublishPart {
        PublishPart(
            base: base,
            reason: Field(
                "reason", label: t.publish.reason, value: reason, hint: t.publish.reasonHint,
                error: errors.message(for: "reason"), required: true, maxLength: 500))
    }

    // MARK: what a check found

    func review(_ review: Review?) -> ReviewPart? {
        review.map { review in
            ReviewPart(
                summary: review.isGood
                    ? (review.difference.isEmpty ? t.review.nothing : t.review.good)
                    : t.review.bad(count: review.problems.count),
                tone: review.isGood ? .ok : .bad,
                problems: review.problems.map { problem($0, excerpt: review.excerpt($0)) },
                impacts: review.impacts.map(\.message), differences: review.difference.map(difference))
        }
    }

    func problem(_ problem: TenantProblem, excerpt: String? = nil) -> ReviewProblem {
        ReviewProblem(place: t.review.place(file: problem.file, line: problem.line), message: problem.sentence, excerpt: excerpt)
    }

    func difference(_ difference: FileDifference) -> DifferencePart {
        DifferencePart(
            file: difference.file, summary: size(difference.added, difference.removed),
            lines: difference.lines.map { line in
                switch line.kind {
                case .same: DifferenceLine(text: "  " + line.text)
                case .added: DifferenceLine(isAdded: true, text: "+ " + line.text)
                case .removed: DifferenceLine(isRemoved: true, text: "- " + line.text)
                case .gap: DifferenceLine(text: "⋯ " + t.review.gap(count: line.number))
                }
            })
    }

    func size(_ added: Int, _ removed: Int) -> String { t.review.size(added: added, removed: removed) }

    // MARK: two at once

    func conflict(
        _ names: [String], base: CompanyFiles?, theirs: CompanyFiles, yours: CompanyFiles, _ reason: String,
        by last: ConfigurationVersion?
    ) -> ConfigurationMergePage {
        let touched = names.filter { theirs[$0] != yours[$0] }
        let files = touched.enumerated().map { index, name in
            let (now, mine) = (theirs[name] ?? "", yours[name] ?? "")
            let merged = base.flatMap { TextMerge.merged(base: $0[name] ?? "", theirs: now, yours: mine) }
            return mergeFile(index, name, text: merged ?? mine, now: now, note: merged == nil ? t.merge.byHand : t.merge.together)
        }
        return ConfigurationMergePage(
            crumbs: [Crumb(t.title, Self.path), Crumb(t.merge.title)], action: "/admin/configuration/publications", errors: [],
            theirs: last.map { t.merge.by(name: author($0), moment: context.format.dateTime($0.publishedAt), reason: $0.reason) }
                ?? t.merge.somebody,
            files: files, head: head(theirs.digest(of: touched), reason, []), review: nil, back: Self.path)
    }

    func mergeFile(_ index: Int, _ name: String, text: String, now: String, note: String) -> MergeFile {
        let difference = text == now ? nil : FileDifference(name, before: now, after: text)
        return MergeFile(
            name: name, hidden: [HiddenValue("files.\(index).name", name)],
            text: Field("files.\(index).text", label: name, value: text, required: true), note: note,
            now: difference == nil ? nil : now, difference: difference.map(self.difference))
    }

    func author(_ version: ConfigurationVersion) -> String { version.author ?? t.history.found }
}
