import HTML
import UI

@testable import Identity
@testable import Privacy

extension PageSamples {
    private static func crumbs(_ title: String) -> [Crumb] {
        [Crumb("People", "/people"), Crumb("Nora Blum", "/people/1"), Crumb(title)]
    }

    static let standing = [
        PageSample(name: "roles", page: roles()),
        PageSample(
            name: "roles-refused",
            page: roles(errors: [
                FieldError(field: "roles", code: "last_admin", message: "Nobody could give roles any more", label: "Roles")
            ]), problem: true),
        PageSample(
            name: "roles-fixed",
            page: roles(
                fixed: [HiddenValue("roles", "admin")],
                note: "Also: Administrator. Only somebody who may do that much can take this away.")),
        PageSample(name: "preview", page: preview()),
        PageSample(
            name: "preview-refused",
            page: preview(errors: [FieldError(field: "reason", code: "required", message: "Fill this in", label: "Reason")]),
            problem: true),
        PageSample(
            name: "previews",
            page: PreviewsPage(
                crumbs: [Crumb("Your settings", "/account"), Crumb("Who looked at your pages")], summary: "2 times",
                rows: [
                    PreviewRow(viewer: "Maria Kern", reason: "Called: a report is missing", began: moment, ended: moment),
                    PreviewRow(viewer: long, reason: long, began: moment(daysAgo: 3), ended: moment(daysAgo: 3))
                ], pager: Pager(summary: "2 times"))),
        PageSample(
            name: "previews-none",
            page: PreviewsPage(
                crumbs: [Crumb("Your settings", "/account")], summary: "Nobody", rows: [], pager: Pager(summary: "")))
    ]

    static let privacy = [
        PageSample(name: "anonymise", page: anonymise()),
        PageSample(
            name: "anonymise-refused",
            page: anonymise(errors: [
                FieldError(field: "confirmation", code: "mismatch", message: "The two do not match", label: "Name")
            ]), problem: true),
        PageSample(
            name: "exports",
            page: exports([
                ExportRow(
                    requested: moment, requester: "Nora Blum", state: Badge("Being made", tone: .info, mark: .half), size: "",
                    expires: nil, file: nil),
                ExportRow(
                    requested: moment(daysAgo: 1), requester: long, state: Badge("Ready", tone: .ok, mark: .check),
                    size: "1,204 KB", expires: moment, file: "/account/exports/1/file"),
                ExportRow(
                    requested: moment(daysAgo: 20), requester: "Maria Kern", state: Badge("Expired", mark: .strike),
                    size: "88 KB",
                    expires: moment(daysAgo: 13), file: nil)
            ])),
        PageSample(name: "exports-none", page: exports([]))
    ]

    private static func roles(errors: [FieldError] = [], fixed: [HiddenValue] = [], note: String? = nil) -> MemberRolesPage {
        MemberRolesPage(
            title: "Roles of Nora Blum", crumbs: crumbs("Roles"), action: "/people/1/roles", back: "/people/1", errors: errors,
            roles: Field(
                "roles", label: "Roles", hint: "They hold at the person's next step", error: errors.message(for: "roles"),
                required: true),
            choices: [Choice("resident", "Resident"), Choice("owner", "Owner"), Choice("manager", "Manager")],
            ticked: ["resident", "owner"], fixed: fixed, fixedNote: note, version: 3)
    }

    private static func preview(errors: [FieldError] = []) -> PreviewPage {
        PreviewPage(
            title: "See what Nora Blum sees", crumbs: crumbs("See as this person"), action: "/people/1/preview",
            back: "/people/1", errors: errors,
            reason: Field(
                "reason", label: "Reason", hint: "The person can read it", error: errors.message(for: "reason"), required: true,
                maxLength: 500))
    }

    private static func anonymise(errors: [FieldError] = []) -> AnonymisePage {
        AnonymisePage(
            title: "Anonymise Nora Blum", crumbs: crumbs("Anonymise"), action: "/people/1/anonymisation", back: "/people/1",
            errors: errors, reason: Field("reason", label: "Reason", value: "Asked for it", required: true, maxLength: 500),
            confirmation: Field(
                "confirmation", label: "Type the name to confirm", hint: "Exactly as it stands here: Nora Blum",
                error: errors.message(for: "confirmation"), required: true, maxLength: 120, autocomplete: "off"),
            submit: "Anonymise for good")
    }

    private static func exports(_ rows: [ExportRow]) -> ExportsPage {
        ExportsPage(
            title: "Your data", lead: "A ZIP with everything that is kept about you.",
            crumbs: [Crumb("Your settings", "/account"), Crumb("Your data")], summary: "\(rows.count) exports",
            ask: "/account/exports", rows: rows, pager: Pager(summary: ""))
    }
}
