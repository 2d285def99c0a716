import Database
import Documents
import Forms
import Foundation
import HTML
import Markdown
import UI
import Web

/// What a form of news begins with.
struct AnnouncementSeed: Sendable {
    let announcement: Announcement?
    let places: AnnouncementPlaces?
    let files: [AnnouncementFile]
    let choices: [PlaceChoice]
}

extension NewsDesk {
    func seed(_ id: UUID?) async throws -> AnnouncementSeed {
        guard let id else {
            let choices = try await context.read(PlaceChoice.all(reader.tenant, chosenFor: nil))
            return AnnouncementSeed(announcement: nil, places: nil, files: [], choices: choices)
        }
        let (announcement, places, files, choices) = try await context.read(
            Announcement.find(id, reader), AnnouncementPlaces.of(id, reader.tenant), AnnouncementFile.of(id, reader.tenant),
            PlaceChoice.all(reader.tenant, chosenFor: id))
        return AnnouncementSeed(announcement: announcement, places: places, files: files, choices: choices)
    }

    func form(_ seed: AnnouncementSeed, _ refused: FormErrors? = nil, stale: Bool = false) -> AnnouncementFormPage {
        let one = seed.announcement
        let values = refused?.values
        var errors = errors(refused?.problems ?? [])
        if stale { errors.append(FieldError(field: "", code: "stale_version", message: t.form.stale)) }
        func field(
            _ name: String, _ label: String, _ value: String, hint: String? = nil, required: Bool = false, most: Int? = nil
        )
            -> Field
        {
            Field(
                name, label: label, value: values?[name] ?? value, hint: hint, error: errors.message(for: name),
                required: required, maxLength: most)
        }
        func ticked(_ name: String, _ was: Bool) -> Bool { values.map { !$0[name].isEmpty } ?? was }
        let heading = one == nil ? t.form.new : t.form.edit
        let isOut = one?.state == .published
        let (title, body) = (
            field("title", t.form.title, one?.title ?? "", required: true, most: 140),
            field("body", t.form.body, one?.body ?? "", hint: t.form.bodyHint, required: true, most: 20_000)
        )
        let audience = field("audience", t.form.audience, one?.audience.rawValue ?? "company", required: true)
        return AnnouncementFormPage(
            heading: heading,
            crumbs: [home] + (one.map { [Crumb($0.title, $0.path)] } ?? []) + [Crumb(heading)], errors: errors,
            action: one?.path ?? "/announcements", back: one?.path ?? "/announcements",
            hidden: (one.map { [.version($0.version, opened: values?["version"], stale: stale)] } ?? [])
                // What is settled travels along, so that the whole of it is sent.
                + (isOut ? [HiddenValue("audience", "company")] : []),
            title: title, body: body, targets: isOut ? [] : targets(seed, values, errors, audience.value), audience: audience,
            audiences: isOut ? [] : Audience.allCases.map { Choice($0.rawValue, t.form.whom(audience: $0.rawValue)) },
            options: Field("options", label: t.form.options),
            important: ticked("important", one?.isImportant ?? false), pinned: ticked("pinned", one?.isPinned ?? false),
            comments: ticked("comments", one?.takesComments ?? true),
            expiresOn: field("expires_on", t.form.expiresOn, one?.expiresOn?.description ?? "", hint: t.form.expiresHint),
            files: Field("files", label: t.form.files, hint: t.form.filesHint, error: errors.message(for: "files")),
            accept: FileKind.accept,
            attached: Field("remove_file_ids", label: t.form.attached, hint: t.form.attachedHint),
            attachedChoices: seed.files.map { Choice($0.id.text, $0.filename, hint: format.fileSize(bytes: $0.bytes)) },
            removed: Set(values?.all("remove_file_ids") ?? []))
    }

    private func targets(_ seed: AnnouncementSeed, _ values: FormValues?, _ errors: [FieldError], _ chosen: String)
        -> [TargetField]
    {
        Audience.allCases.compactMap { audience -> TargetField? in
            guard let name = audience.field else { return nil }
            let choices: [Choice]
            let was: [String]
            switch audience {
            case .role:
                choices = context.tenant.roles.map { Choice($0.key, role($0.key)) }
                was = seed.announcement?.roles ?? []
            default:
                choices = seed.choices.filter { $0.audience == audience }.map {
                    Choice($0.id.text, $0.name, hint: $0.building.isEmpty ? nil : $0.building)
                }
                was = places(seed.places, audience).map(\.text)
            }
            guard !choices.isEmpty else { return nil }
            return TargetField(
                field: Field(name, label: t.form.target(audience: audience.rawValue), error: errors.message(for: name)),
                choices: choices, ticked: Set(values?.all(name) ?? was), isOpen: chosen == audience.rawValue)
        }
    }

    private func places(_ places: AnnouncementPlaces?, _ audience: Audience) -> [UUID] {
        switch audience {
        case .building: places?.buildings ?? []
        case .entrance: places?.entrances ?? []
        case .unit: places?.units ?? []
        case .company, .role: []
        }
    }

    // MARK: Before it goes out

    func preview(
        _ one: Announcement, _ files: [AnnouncementFile], _ people: Int, _ refused: FormErrors? = nil, stale: Bool = false
    ) -> AnnouncementPreviewPage {
        var errors = errors(refused?.problems ?? [])
        if stale { errors.append(FieldError(field: "", code: "stale_version", message: t.preview.stale)) }
        return AnnouncementPreviewPage(
            title: one.title, crumbs: [home, Crumb(one.title, one.path), Crumb(t.preview.title)], errors: errors,
            reach: t.preview.reach(count: people), audience: audience(one), body: Markdown.html(one.body),
            files: attached(files), pictures: pictures(files), publish: "\(one.path)/publication",
            // The page shows the version that it was made of, whatever was opened before.
            hidden: [HiddenValue("version", String(one.version))],
            publishAt: Field(
                "publish_at", label: t.preview.publishAt, value: refused?.values["publish_at"] ?? one.publishAt.map(minute) ?? "",
                hint: t.preview.publishHint, error: errors.message(for: "publish_at")), edit: "\(one.path)/edit")
    }

    private func minute(_ date: Date) -> String {
        let iso = ISO8601DateFormatter()
        iso.timeZone = context.outer.zone
        iso.formatOptions = [.withFullDate, .withTime, .withColonSeparatorInTime]
        return String(iso.string(from: date).prefix(16))
    }

    // MARK: Who has read it

    func receipts(_ one: Announcement, _ page: KeysetPage<NewsReceipt>, _ tally: ReceiptTally, _ shelf: ReceiptShelf)
        -> NewsReceiptsPage
    {
        let here: WebPath = "\(one.path)/readers"
        let path = { (shelf: ReceiptShelf) in shelf == .all ? here : here.adding(query: [("show", shelf.rawValue)]) }
        let address = { (cursor: Cursor) in path(shelf).adding(query: cursor.text.map { [("cursor", $0)] } ?? []) }
        let summary = t.readers.summary(count: tally.count(shelf))
        return NewsReceiptsPage(
            crumbs: [home, Crumb(one.title, one.path), Crumb(t.readers.title)],
            stats: [
                Stat(t.readers.meant, value: format.number(tally.meant)), Stat(t.readers.read, value: format.number(tally.read))
            ] + (one.isImportant ? [Stat(t.readers.confirmed, value: format.number(tally.acknowledged))] : []),
            tabs: ReceiptShelf.allCases.filter { one.isImportant || $0 != .acknowledged }.map {
                Tab(t.readers.shelf(shelf: $0.rawValue), path($0), current: $0 == shelf, count: tally.count($0))
            }, summary: summary,
            csv: ("\(here).csv" as WebPath).adding(query: shelf == .all ? [] : [("show", shelf.rawValue)]),
            rows: page.lines.map { receipt in
                NewsReceiptRow(
                    name: receipt.name, note: receipt.isMeant ? "" : t.readers.gone,
                    read: receipt.readAt.map { format.moment($0, now: context.now) },
                    acknowledged: receipt.acknowledgedAt.map { format.moment($0, now: context.now) })
            },
            pager: page.previous == nil && page.next == nil
                ? nil : Pager(previous: page.previous.map(address), next: page.next.map(address), summary: summary),
            topic: "announcement_readers:\(one.id.text)")
    }
}
