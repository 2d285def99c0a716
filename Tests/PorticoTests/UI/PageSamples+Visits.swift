import HTML
import QR
import UI

@testable import Faults

/// Sheets with codes, the form behind them and the page of a private link.
extension PageSamples {
    static let visits = [
        PageSample(name: "codes", page: codes(rows: 3)),
        PageSample(name: "codes-none", page: codes(rows: 0)),
        PageSample(
            name: "codes-refused",
            page: codes(
                rows: 1, errors: [FieldError(field: "place", code: "required", message: "Please choose", label: "Place")],
                isOff: true), problem: true),
        PageSample(name: "code-sheets", page: CodeSheetsPage(crumbs: crumbs, back: "/faults/codes", sheets: posters)),
        PageSample(name: "code-sheets-none", page: CodeSheetsPage(crumbs: crumbs, back: "/faults/codes", sheets: [])),
        PageSample(name: "visitor-report", page: visitorReport(), signedIn: false),
        PageSample(
            name: "visitor-report-refused",
            page: visitorReport([
                FieldError(field: "title", code: "required", message: "Fill this in", label: "In a few words"),
                FieldError(field: "", code: "rate_limited", message: "Too many reports came from here.")
            ]), signedIn: false, problem: true),
        PageSample(name: "visitor-status", page: visitorStatus(.reported), signedIn: false),
        PageSample(name: "visitor-status-resolved", page: visitorStatus(.resolved), signedIn: false),
        PageSample(name: "visitor-status-closed", page: visitorStatus(.closed), signedIn: false),
        PageSample(
            name: "visitor-stop",
            page: VisitorStopPage(
                title: "No more mails about this report?", text: "Your private link keeps showing how it goes on.",
                action: "/unsubscribe/reports/sample", back: "/s/sample"), signedIn: false),
        PageSample(
            name: "visitor-stopped",
            page: VisitorStopPage(title: "You get no more mails about this report", text: long, action: nil, back: "/s/sample"),
            signedIn: false)
    ]

    private static func codes(rows count: Int, errors: [FieldError] = [], isOff: Bool = false) -> ReportCodesPage {
        let all = [
            ReportCodeRow(
                place: "Lindenstraße 12", address: "lindenhof.example/r/7k2m-9qxw-t4bd", made: moment, reports: "14",
                sheet: "/faults/codes/sheets?code_ids=1", replace: "/faults/codes/1/replacement", end: "/faults/codes/1/end"),
            ReportCodeRow(
                place: "Lindenstraße 12, Entrance B", address: "lindenhof.example/r/0c3d-55aa-k9fm", made: moment, reports: "0",
                sheet: "/faults/codes/sheets?code_ids=2", replace: "/faults/codes/2/replacement", end: "/faults/codes/2/end"),
            ReportCodeRow(
                place: long, address: nil, made: moment, reports: "1,204", sheet: nil, replace: "/faults/codes/3/replacement",
                end: "/faults/codes/3/end")
        ]
        return ReportCodesPage(
            crumbs: crumbs, summary: "\(count) sheets", isOff: isOff, errors: errors, rows: Array(all.prefix(count)),
            pager: Pager(summary: "\(count) sheets"), printAll: count > 0 ? "/faults/codes/sheets" : nil,
            csv: "/faults/codes.csv", action: "/faults/codes",
            place: Field("place", label: "Place", error: errors.message(for: "place"), required: true),
            places: [ChoiceGroup("Parkallee 4", [Choice("building-1", "The whole building"), Choice("part-1", "Laundry room")])])
    }

    private static let posters = ["Lindenstraße 12", long].compactMap { place in
        QRCode("https://lindenhof.example/r/7k2m-9qxw-t4bd", correction: .quartile).map { code in
            CodeSheet(
                place: place, address: "Lindenstraße 12, 10969 Berlin", code: code, link: "lindenhof.example/r/7k2m-9qxw-t4bd",
                texts: Language.allCases.map { language in
                    let t = FaultsMessages(language).codes
                    return CodeSheetText(language: language.rawValue, title: t.sheetTitle, how: t.sheetHow, type: t.sheetType)
                })
        }
    }

    private static func visitorReport(_ errors: [FieldError] = []) -> VisitorReportPage {
        func field(_ name: String, _ label: String, required: Bool = false) -> Field {
            Field(name, label: label, error: errors.message(for: name), required: required, maxLength: 140)
        }
        return VisitorReportPage(
            action: "/r/7k2m-9qxw-t4bd", place: "Lindenstraße 12, Entrance B", address: "Lindenstraße 12, 10969 Berlin",
            errors: errors,
            known: [
                KnownFault(title: "Lift stops between 2nd and 3rd floor", state: reported, reported: moment(daysAgo: 2)),
                KnownFault(title: long, state: reported, reported: moment(daysAgo: 30))
            ],
            locationNote: field("location_note", "More exactly"),
            category: field("category", "What is it about?", required: true),
            categories: [Choice("elevator", "Elevator"), Choice("electrical", "Electrical")],
            title: field("title", "In a few words", required: true),
            description: field("description", "What happened?", required: true), photos: field("photos", "Photos"),
            held: HeldChoices(
                field: Field("held_photos", label: "Photos that you chose already", hint: "Untick what shall not go along."),
                choices: errors.isEmpty ? [] : [Choice("1", "IMG_2041.heic"), Choice("2", long)]),
            name: field("name", "Your name"), email: field("email", "Your mail address"),
            phone: field("phone", "Your phone number"),
            stamp: HiddenValue("opened", "1790000000.signature"), trap: field("website", "Leave this field empty"))
    }

    private static func visitorStatus(_ state: FaultState) -> VisitorStatusPage {
        let reason = { (act: String, label: String) in
            ReasonForm(
                action: "/s/sample/\(act)", reason: Field("reason", label: label, required: true, maxLength: 1000, key: act),
                open: false)
        }
        let isDone = state != .reported
        return VisitorStatusPage(
            title: "Lift stops between 2nd and 3rd floor",
            badges: [Badge(state.rawValue.capitalized, tone: state.tone, mark: state.mark)],
            summary: "F-2026-0411 · Parkallee 4", errors: [],
            facts: [Fact("Place", "Parkallee 4"), Fact("More exactly", "Entrance B"), Fact("Reported", moment.text)],
            description: SafeHTML(trusted: "<p>Since this morning.</p>"),
            photos: [
                Picture(
                    thumbnail: "/s/sample/photos/1/thumbnail", page: "/s/sample/photos/1",
                    alt: "Photo 1 of 1, taken for F-2026-0411", width: 400, height: 300)
            ],
            resolution: isDone ? SafeHTML(trusted: "<p>Door contact replaced.</p>") : nil, resolutionPhotos: [],
            timeline: [
                TimelineEntry(actor: "You", text: "reported this", moment: moment, icon: .flag),
                TimelineEntry(
                    actor: "Lindenhof", text: "wrote", moment: moment, icon: .chat, body: SafeHTML(trusted: "<p>\(long)</p>"))
            ],
            confirm: state == .resolved
                ? ConfirmForm(
                    action: "/s/sample/confirm",
                    rating: Field("rating", label: "How was the work?", hint: "Only the company sees it."),
                    ratings: (1...5).reversed().map { Choice(String($0), "\($0) of 5") },
                    note: Field("rating_note", label: "In a sentence", maxLength: 500)) : nil,
            reopen: isDone ? reason("reopen", "What is still wrong?") : nil, cancel: isDone ? nil : reason("cancel", "Why?"),
            version: 3, comment: "/s/sample/comments",
            words: Field("comment", label: "Your words", required: true, maxLength: 5000),
            files: Field("photos", label: "Photos"), keep: "This address is private and shows how it goes on.",
            forget: state == .closed ? nil : "/s/sample/contact-deletion",
            contact: state == .closed
                ? "Your contact data is deleted." : "What you told us about yourself is deleted by itself 90 days after.")
    }
}
