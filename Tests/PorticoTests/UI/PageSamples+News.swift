import HTML
import Markdown
import UI

@testable import Announcements
@testable import Documents

extension PageSamples {
    static let news: [PageSample] = announcements + announcementForms + shelf

    private static let newsCrumbs = [Crumb("News", "/announcements")]
    private static let important = Badge("Important", tone: .warn, mark: .triangle)
    private static let paper = AttachedFile(path: "/announcement-files/1", name: "Agenda.pdf", size: "214 KB")
    private static let plan = Picture(
        thumbnail: "/announcement-files/2/thumbnail", page: "/announcement-files/2", alt: "Picture plan.jpg", width: 400,
        height: 300)

    private static let announcements = [
        PageSample(name: "announcements", page: list(3)),
        PageSample(name: "announcements-none", page: list(0)),
        PageSample(name: "announcements-writer", page: list(2, writes: true)),
        PageSample(name: "announcement", page: announcement(asks: true)),
        PageSample(name: "announcement-writer", page: announcement(writes: true)),
        PageSample(name: "announcement-draft", page: announcement(writes: true, isDraft: true)),
        PageSample(name: "announcement-withdrawn", page: announcement(isWithdrawn: true)),
        PageSample(
            name: "announcement-refused",
            page: announcement(errors: [
                FieldError(field: "body", code: "required", message: "Fill this in", label: "Your comment")
            ]),
            problem: true)
    ]

    private static let announcementForms = [
        PageSample(name: "announcement-new", page: form([])),
        PageSample(
            name: "announcement-new-refused",
            page: form([FieldError(field: "building_ids", code: "required", message: "Fill this in", label: "Buildings")]),
            problem: true),
        PageSample(name: "announcement-edit", page: form([], isOut: true)),
        PageSample(
            name: "announcement-preview",
            page: AnnouncementPreviewPage(
                title: "Water off on Thursday", crumbs: newsCrumbs + [Crumb("Before it goes out")], errors: [],
                reach: "142 people will see this", audience: "for Lindenstraße 12",
                body: Markdown.html("Please **fill a kettle**."),
                files: [paper], pictures: [plan], publish: "/announcements/1/publication", hidden: [HiddenValue("version", "1")],
                publishAt: Field("publish_at", label: "Publish at", hint: "Leave it empty to publish it now."),
                edit: "/announcements/1/edit")),
        PageSample(name: "announcement-readers", page: readers(2)),
        PageSample(name: "announcement-readers-none", page: readers(0))
    ]

    private static func list(_ count: Int, writes: Bool = false) -> AnnouncementsPage {
        AnnouncementsPage(
            tabs: [
                Tab("Current", "/announcements", current: true), Tab("Archive", "/announcements?show=archive")
            ] + (writes ? [Tab("Drafts", "/announcements?show=draft"), Tab("Scheduled", "/announcements?show=scheduled")] : []),
            summary: "\(count) entries",
            rows: (0..<count).map {
                AnnouncementRow(
                    path: "/announcements/\($0)", title: $0 == 1 ? long : "Water off on Thursday",
                    excerpt: $0 == 2 ? "" : "Please fill a kettle. \($0 == 1 ? long : "")", detail: "Maria Sommer, for everybody",
                    moment: moment,
                    badges: $0 == 0 ? [Badge("Please confirm", tone: .bad, mark: .dot), important, Badge("Pinned")] : [],
                    isUnread: $0 == 0)
            }, pager: writes ? Pager(next: "/announcements?cursor=a1", summary: "20 of 31") : nil,
            write: writes ? "/announcements/new" : nil, csv: writes ? "/announcements.csv" : nil, emptyTitle: "No news",
            emptyText: "News about your house stand here.")
    }

    private static func announcement(
        asks: Bool = false, writes: Bool = false, isDraft: Bool = false, isWithdrawn: Bool = false, errors: [FieldError] = []
    ) -> AnnouncementPage {
        AnnouncementPage(
            title: writes ? long : "Water off on Thursday", crumbs: newsCrumbs + [Crumb("Water off on Thursday")],
            badges: isDraft ? [Badge("Draft", mark: .ring)] : [important], detail: "Maria Sommer, for Lindenstraße 12",
            moment: moment,
            withdrawn: isWithdrawn ? "Withdrawn on 28 Nov 2026, 14:05: new date soon" : nil,
            body: isWithdrawn ? nil : Markdown.html("Please **fill a kettle**.\n\n- no water from 9 to 12\n- \(long)"),
            files: isWithdrawn ? [] : [paper], pictures: isWithdrawn ? [] : [plan],
            acknowledge: asks ? "/announcements/1/acknowledgement" : nil,
            acknowledged: errors.isEmpty ? nil : "You confirmed this on 28 Nov 2026, 14:05",
            comments: isDraft || isWithdrawn
                ? nil
                : NewsComments(
                    rows: writes
                        ? []
                        : [
                            NewsCommentRow(
                                author: "Anna Kern", moment: moment, body: Markdown.html("The *garden* tap, too?"), remove: nil),
                            NewsCommentRow(author: "Ben Roth", moment: moment, body: nil, remove: nil),
                            NewsCommentRow(
                                author: "Otto Berg", moment: moment, body: Markdown.html(long),
                                remove: "/announcements/1/comments/3/removal")
                        ], count: writes ? 0 : 2, older: nil, newer: asks ? "/announcements/1?cursor=a1" : nil,
                    action: "/announcements/1/comments",
                    field: Field(
                        "body", label: "Your comment", error: errors.message(for: "body"), required: true, maxLength: 5000)),
            manage: writes ? management(isDraft: isDraft) : nil, topic: "announcement:1", errors: errors)
    }

    private static func management(isDraft: Bool) -> AnnouncementManagement {
        AnnouncementManagement(
            facts: [Fact("Audience", "for Lindenstraße 12"), Fact("In front until", "28 Nov 2026")],
            edit: "/announcements/1/edit",
            preview: isDraft ? "/announcements/1/preview" : nil,
            unschedule: isDraft ? "/announcements/1/publication/revocation" : nil,
            readers: isDraft ? nil : "/announcements/1/readers", readersText: "Read by 12, confirmed by 9 of 31",
            readersTopic: "announcement_readers:1", withdraw: isDraft ? nil : "/announcements/1/withdrawal",
            reason: Field(
                "reason", label: "Why", hint: "Everybody who could read it sees this instead.", required: true, maxLength: 1000),
            opensWithdraw: false, delete: isDraft ? "/announcements/1/deletion" : nil)
    }

    private static func form(_ errors: [FieldError], isOut: Bool = false) -> AnnouncementFormPage {
        func target(_ name: String, _ label: String, _ choices: [Choice], open: Bool = false) -> TargetField {
            TargetField(
                field: Field(name, label: label, error: errors.message(for: name)), choices: choices, ticked: open ? ["1"] : [],
                isOpen: open)
        }
        return AnnouncementFormPage(
            heading: isOut ? "Change news" : "Write news", crumbs: newsCrumbs + [Crumb(isOut ? "Change news" : "Write news")],
            errors: errors, action: isOut ? "/announcements/1" : "/announcements", back: "/announcements",
            hidden: isOut ? [HiddenValue("version", "3"), HiddenValue("audience", "company")] : [],
            title: Field("title", label: "Title", value: isOut ? long : "", required: true, maxLength: 140),
            body: Field("body", label: "Text", hint: "Markdown: **bold**.", required: true, maxLength: 20_000),
            targets: isOut
                ? []
                : [
                    target(
                        "building_ids", "Buildings", [Choice("1", "Lindenstraße 12"), Choice("2", long)], open: !errors.isEmpty),
                    target("unit_ids", "Units", [Choice("3", "Apt 3.2", hint: "Lindenstraße 12")]),
                    target("roles", "Roles", [Choice("owner", "Owner")])
                ], audience: Field("audience", label: "For whom", value: errors.isEmpty ? "company" : "building", required: true),
            audiences: isOut ? [] : [Choice("company", "Everybody"), Choice("building", "People of some buildings")],
            options: Field("options", label: "How it stands there"), important: isOut, pinned: false, comments: true,
            expiresOn: Field("expires_on", label: "In front until", hint: "After that day it stands in the archive."),
            files: Field("files", label: "Files", hint: "At most 10, each of 10 MB."), accept: ".jpg,.pdf",
            attached: Field("remove_file_ids", label: "Take these files away", hint: "Ticked ones are gone once you save."),
            attachedChoices: isOut ? [Choice("1", "Agenda.pdf", hint: "214 KB")] : [], removed: [])
    }

    private static func readers(_ count: Int) -> NewsReceiptsPage {
        NewsReceiptsPage(
            crumbs: newsCrumbs + [Crumb("Who has read it")],
            stats: [Stat("People whom it is for", value: "31"), Stat("Have read it", value: "\(count)")],
            tabs: [
                Tab("All", "/announcements/1/readers", current: true, count: count),
                Tab("Read", "/announcements/1/readers?show=read", count: 1)
            ],
            summary: "\(count) people", csv: "/announcements/1/readers.csv",
            rows: (0..<count).map {
                NewsReceiptRow(
                    name: $0 == 1 ? long : "Anna Kern", note: $0 == 1 ? "No longer one of those whom it is for" : "",
                    read: $0 == 0 ? moment : nil, acknowledged: $0 == 0 ? moment : nil)
            }, pager: nil, topic: "announcement_readers:1")
    }
}

// MARK: - Documents

extension PageSamples {
    fileprivate static let shelf = [
        PageSample(name: "documents", page: folder(manages: true)),
        PageSample(name: "documents-reader", page: folder()),
        PageSample(name: "documents-none", page: folder(isEmpty: true)),
        PageSample(name: "document", page: document()),
        PageSample(name: "document-manager", page: document(manages: true)),
        PageSample(
            name: "document-refused",
            page: document(
                manages: true,
                errors: [FieldError(field: "file", code: "file_not_taken", message: "This is no PDF", label: "File")]),
            problem: true),
        PageSample(
            name: "document-new",
            page: NewDocumentPage(
                crumbs: shelfCrumbs + [Crumb("Add a document")], errors: [], action: "/documents", back: "/documents",
                file: Field("file", label: "File", hint: "PDF, picture, office document or text.", required: true),
                accept: ".pdf,.jpg",
                name: Field("name", label: "Name", maxLength: 200), note: Field("note", label: "Note", maxLength: 2000),
                folder: Field("folder_id", label: "Folder", value: "1"),
                folders: [Choice("1", "Minutes"), Choice("2", "– \(long)")])),
        PageSample(name: "folder-new", page: folderForm(isNew: true)),
        PageSample(name: "folder-settings", page: folderForm(isNew: false)),
        PageSample(name: "documents-bin", page: bin(2)),
        PageSample(name: "documents-bin-none", page: bin(0))
    ]

    private static let shelfCrumbs = [Crumb("Documents", "/documents"), Crumb("Minutes", "/documents/folders/1")]

    private static func folder(manages: Bool = false, isEmpty: Bool = false) -> FolderPage {
        FolderPage(
            title: manages ? "Minutes" : "Documents", crumbs: manages ? [Crumb("Documents", "/documents"), Crumb("Minutes")] : [],
            badges: manages ? [Badge("Owner"), Badge("Lindenstraße 12")] : [],
            folders: isEmpty
                ? []
                : [
                    FolderRow(
                        path: "/documents/folders/1", name: "Minutes", count: "3 entries", badges: manages ? [Badge("Owner")] : []
                    ),
                    FolderRow(path: "/documents/folders/2", name: long, count: "Empty", badges: [])
                ],
            documents: isEmpty
                ? []
                : [
                    DocumentRow(
                        path: "/documents/1", file: "/documents/1/file", name: "House rules", detail: "PDF, 214 KB, version 2",
                        changed: moment, picture: nil),
                    DocumentRow(
                        path: "/documents/2", file: "/documents/2/file", name: long, detail: "Picture, 1.2 MB", changed: moment,
                        picture: nil)
                ], summary: isEmpty ? "no documents" : "2 folders, 2 documents", csv: "/documents.csv",
            pager: manages ? Pager(next: "/documents/folders/1?cursor=a1", summary: "20 of 31") : nil,
            acts: manages
                ? FolderActs(
                    upload: "/documents/new?folder=1", make: "/documents/folders/new?folder=1",
                    settings: "/documents/folders/1/settings",
                    bin: "/documents/bin") : nil, topics: manages ? "folder:1" : "document folder",
            emptyText: "Documents for you appear here once somebody has put them in.")
    }

    private static func document(manages: Bool = false, errors: [FieldError] = []) -> DocumentPage {
        DocumentPage(
            title: manages ? "Plan" : "House rules", crumbs: shelfCrumbs + [Crumb(manages ? "Plan" : "House rules")],
            note: "Part of every tenancy agreement.",
            facts: [
                Fact("Kind", "PDF"), Fact("Size", "214 KB"), Fact("SHA-256 as handed in", String(repeating: "3f", count: 32))
            ],
            download: "/documents/1/file",
            preview: manages
                ? Picture(
                    thumbnail: "/documents/1/preview", page: "/documents/1/file", alt: "Preview of Plan",
                    caption: "The first of 3 pages", width: 990, height: 1400)
                : nil, beginning: manages ? nil : "Quiet from 10 pm\nBicycles stand in the yard", topic: "document:1",
            manage: manages
                ? DocumentManagement(
                    versions: [
                        VersionRow(
                            label: "Version 2", path: "/documents/1/versions/2", detail: "plan.jpg · 1.2 MB · Maria Sommer",
                            added: moment),
                        VersionRow(
                            label: "Version 1", path: "/documents/1/versions/1", detail: "\(long).jpg · 1.1 MB · Maria Sommer",
                            added: moment)
                    ], replace: "/documents/1/versions",
                    file: Field("file", label: "File", hint: "PDF, picture.", error: errors.message(for: "file"), required: true),
                    accept: ".pdf,.jpg", edit: "/documents/1",
                    name: Field("name", label: "Name", value: "Plan", required: true, maxLength: 200),
                    note: Field("note", label: "Note", maxLength: 2000), folder: Field("folder_id", label: "Folder", value: "1"),
                    folders: [Choice("1", "Minutes")], hidden: [HiddenValue("version", "3")], delete: "/documents/1/deletion",
                    opensEdit: false,
                    opensReplace: !errors.isEmpty) : nil, errors: errors)
    }

    private static func folderForm(isNew: Bool) -> FolderFormPage {
        FolderFormPage(
            title: isNew ? "New folder" : "Settings of the folder", crumbs: shelfCrumbs + [Crumb("Settings")], errors: [],
            action: isNew ? "/documents/folders" : "/documents/folders/1", back: "/documents",
            hidden: isNew ? [] : [HiddenValue("version", "2")],
            name: Field("name", label: "Name", value: isNew ? "" : long, required: true, maxLength: 120),
            parent: Field("parent_id", label: "Lies in"), parents: [Choice("2", "Contracts")],
            roles: Field("roles", label: "For people who are", hint: "Nobody ticked: for everybody."),
            roleChoices: [Choice("owner", "Owner"), Choice("resident", "Resident")], tickedRoles: isNew ? [] : ["owner"],
            buildings: Field("building_ids", label: "For people of these buildings"),
            buildingChoices: isNew ? [] : [Choice("1", "Lindenstraße 12")], tickedBuildings: [],
            delete: isNew ? nil : "/documents/folders/1/deletion")
    }

    private static func bin(_ count: Int) -> DocumentBinPage {
        DocumentBinPage(
            crumbs: [Crumb("Documents", "/documents"), Crumb("Bin")],
            rows: (0..<count).map {
                BinRow(
                    name: $0 == 0 ? "Old contract" : long, kind: $0 == 0 ? "Document" : "Folder", deleted: moment,
                    restore: "/documents/\($0)/restoration")
            }, topics: "document folder")
    }
}
