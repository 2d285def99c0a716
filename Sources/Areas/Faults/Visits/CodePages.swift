import Forms
import Foundation
import HTML
import Notifications
import QR
import Tenancy
import UI
import Web

/// `/faults/codes`.
package struct ReportCodesPage: Sendable {
    var crumbs: [Crumb]
    var summary: String
    /// The company has switched reports without an account off.
    var isOff: Bool
    var errors: [FieldError]
    var rows: [ReportCodeRow]
    var pager: Pager
    var printAll: WebPath?
    var csv: WebPath
    var action: WebPath
    var place: Field
    /// One group per building; empty when every place has a code.
    var places: [ChoiceGroup]
}

package struct ReportCodeRow: Sendable {
    var place: String
    /// As it is typed; nil when it cannot be printed any more.
    var address: String?
    var made: Moment
    var reports: String
    var sheet: WebPath?
    var replace: WebPath
    var end: WebPath
}

/// `/faults/codes/sheets`: one page of paper per code.
package struct CodeSheetsPage: Sendable {
    var crumbs: [Crumb]
    var back: WebPath
    var sheets: [CodeSheet]
}

package struct CodeSheet: Sendable {
    var place: String
    var address: String
    var code: QRCode
    /// For hands instead of a camera.
    var link: String
    /// The same words in each of the company's languages.
    var texts: [CodeSheetText]
}

package struct CodeSheetText: Sendable {
    var language: String
    var title: String
    var how: String
    var type: String
}

struct ReportCodeJSON: Codable, Sendable {
    let id: String
    let building: FaultJSON.Ref
    let part: String?
    let code: String?
    let url: String?
    let madeAt: Date
    let reports: Int
}

/// One request's view of the codes.
struct ReportCodeDesk: Sendable {
    let context: MemberContext
    let tokens: VisitorTokens
    let site: Site
    let t: FaultsMessages

    init(_ context: MemberContext, _ tokens: VisitorTokens, _ site: Site) {
        (self.context, self.tokens, self.site) = (context, tokens, site)
        t = FaultsMessages(context.language)
    }

    func place(_ code: ReportCode) -> String {
        code.part.map { t.place(building: code.building, unit: $0) } ?? code.building
    }

    private func path(_ code: ReportCode) -> WebPath? {
        code.text(tokens, context.tenant.id).map { "/r/\(VisitorTokens.spaced($0))" }
    }

    func json(_ code: ReportCode) -> ReportCodeJSON {
        ReportCodeJSON(
            id: code.id.text, building: FaultJSON.Ref(id: code.buildingID.text, name: code.building), part: code.part,
            code: code.text(tokens, context.tenant.id).map(VisitorTokens.spaced),
            url: path(code).map { site.url(context.tenant, $0) }, madeAt: code.madeAt, reports: code.reports)
    }

    func list(_ page: KeysetPage<ReportCode>, _ total: Int, _ places: [CodelessPlace], _ refused: FormErrors? = nil)
        -> ReportCodesPage
    {
        let errors = ProblemText.errors(refused?.problems ?? [], context.language)
        let link = { (cursor: Cursor?) in
            cursor.map { ("/faults/codes" as WebPath).adding(query: [("cursor", $0.text ?? "")]) }
        }
        return ReportCodesPage(
            crumbs: [Crumb(t.list.title, "/faults"), Crumb(t.codes.title)], summary: t.codes.summary(count: total),
            isOff: !context.tenant[FaultSettings.section].visitorReports, errors: errors, rows: page.lines.map(row),
            pager: Pager(previous: link(page.previous), next: link(page.next), summary: t.codes.summary(count: total)),
            printAll: total > 0 ? "/faults/codes/sheets" : nil,
            csv: "/faults/codes.csv", action: "/faults/codes",
            place: Field(
                "place", label: t.codes.place, value: refused?.values["place"] ?? "", error: errors.message(for: "place"),
                required: true),
            places: groups(places))
    }

    private func row(_ code: ReportCode) -> ReportCodeRow {
        let path = path(code)
        return ReportCodeRow(
            place: place(code), address: path.map { short(site.url(context.tenant, $0)) },
            made: context.format.dayMoment(code.madeAt), reports: context.format.number(code.reports),
            sheet: path == nil ? nil : ("/faults/codes/sheets" as WebPath).adding(query: [("code_ids", code.id.text)]),
            replace: "/faults/codes/\(code.id.text)/replacement", end: "/faults/codes/\(code.id.text)/end")
    }

    func cells(_ code: ReportCode) -> [String] {
        [
            place(code), path(code).map { site.url(context.tenant, $0) } ?? "", code.madeAt.formatted(.iso8601),
            String(code.reports)
        ]
    }

    private func groups(_ places: [CodelessPlace]) -> [ChoiceGroup] {
        var groups: [ChoiceGroup] = []
        for place in places {
            let choice = Choice(place.value, place.part ?? t.codes.wholeBuilding)
            if groups.last?.label == place.building, let last = groups.indices.last {
                groups[last].choices.append(choice)
            } else {
                groups.append(ChoiceGroup(place.building, [choice]))
            }
        }
        return groups
    }

    /// - Throws: 404 when one of them cannot be printed any more.
    func sheets(_ codes: [ReportCode]) throws -> CodeSheetsPage {
        CodeSheetsPage(
            crumbs: [Crumb(t.list.title, "/faults"), Crumb(t.codes.title, "/faults/codes"), Crumb(t.codes.sheets)],
            back: "/faults/codes",
            sheets: try codes.map { code in
                guard let url = path(code).map({ site.url(context.tenant, $0) }), let drawn = QRCode(url, correction: .quartile)
                else { throw Failure.notFound }
                return CodeSheet(
                    place: place(code), address: "\(code.street), \(code.postalCode) \(code.city)", code: drawn,
                    link: short(url), texts: texts)
            })
    }

    private var texts: [CodeSheetText] {
        context.tenant.locales.compactMap(Language.init).map { language in
            let t = FaultsMessages(language).codes
            return CodeSheetText(language: language.rawValue, title: t.sheetTitle, how: t.sheetHow, type: t.sheetType)
        }
    }

    /// Nobody types a scheme.
    private func short(_ url: String) -> String {
        url.split(separator: "://", maxSplits: 1).last.map(String.init) ?? url
    }
}
