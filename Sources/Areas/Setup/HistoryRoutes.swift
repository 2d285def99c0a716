import Database
import Forms
import Foundation
import HTML
import Tenancy
import UI
import Web

/// What was published, by whom and why; and the way back.
struct HistoryRoutes: Sendable {
    let impacts: [RuleImpacts]

    func add(to routes: Routes) {
        routes.get("admin/configuration/history", may: .seeConfiguration, use: list)
            .tells("Lists the versions of the configuration, the last one first.").lists(ConfigurationVersionJSON.self)
        routes.get("admin/configuration/history.csv", may: .seeConfiguration, use: export)
            .tells("The same as CSV.").gives(file: "text/csv")
        routes.get("admin/configuration/history/{number}", may: .seeConfiguration, use: show)
            .tells("One version, with what it changed.").gives(ConfigurationVersionJSON.self)
        routes.post("admin/configuration/history/{number}/revert", may: .publishConfiguration, use: revert)
            .tells("Brings the files of a version back, as a new version.").takes { _ = RevertDraft(&$0) }
            .creates(ConfigurationVersionJSON.self, once: false)
    }

    @Sendable private func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let (cursor, size) = (try incoming.cursor(), try incoming.limit())
        let (lines, total) = try await context.read(
            ConfigurationVersion.page(cursor, size: size, context.tenant.id), ConfigurationVersion.count(context.tenant.id))
        let page = KeysetPage(lines, size: size, cursor: cursor) { $0.id }
        return .show(
            ConfigurationDesk(context).history(page, total),
            json: ListJSON(items: page.lines.map { ConfigurationVersionJSON($0) }, nextCursor: page.next?.text, total: total))
    }

    @Sendable private func export(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        var csv = CSV(head: ["number", "published_at", "author", "reason", "files", "added", "removed", "reverts_to"])
        var cursor = Cursor.first
        repeat {
            let lines = try await context.read(ConfigurationVersion.page(cursor, size: 1000, context.tenant.id))
            for line in lines.prefix(1000) {
                csv.append([
                    String(line.number), line.publishedAt.formatted(.iso8601), line.author ?? "", line.reason,
                    line.changed.joined(separator: " "), String(line.added), String(line.removed),
                    line.revertsTo.map(String.init) ?? ""
                ])
            }
            cursor = lines.count > 1000 ? .after(lines[999].id) : .first
        } while cursor != .first
        return .file(FileReply(.bytes(csv.bytes), type: "text/csv; charset=utf-8", filename: "configuration.csv"))
    }

    private struct Opened: Sendable {
        let version: ConfigurationVersion
        let files: CompanyFiles
        let difference: [FileDifference]
        let now: CompanyFiles

        /// What a revert changes: everything that differs, so that no file of a later version stays behind.
        var names: Set<String> { Set(files.names).union(now.names) }
    }

    private func open(_ incoming: Incoming, _ context: MemberContext) async throws -> Opened {
        guard let number = Int(try incoming.parameter("number")), (1...Int(Int32.max)).contains(number) else {
            throw Failure.notFound
        }
        let tenant = context.tenant.id
        let (version, found, before) = try await context.read(
            ConfigurationVersion.find(number, tenant), VersionFiles.find(number, tenant), VersionFiles.find(number - 1, tenant))
        guard let files = found?.files else { throw Failure.notFound }
        let now = try await Submitting(context: context, impacts: impacts).files()
        let difference = before.map { FileDifference.all($0.files, files) } ?? []
        return Opened(version: version, files: files, difference: difference, now: now)
    }

    private func sheet(
        _ opened: Opened, _ problems: [FieldProblem], _ review: Review?, _ reason: String, _ context: MemberContext
    ) -> ConfigurationVersionPage {
        let desk = ConfigurationDesk(context)
        let isLive = opened.files == opened.now
        return desk.version(
            opened.version, opened.difference, toNow: isLive ? nil : FileDifference.all(opened.now, opened.files),
            problems, review, desk.head(opened.now.digest(of: opened.names), reason, desk.errors(problems)))
    }

    @Sendable private func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let opened = try await open(incoming, context)
        return .show(
            sheet(opened, [], nil, "", context), json: ConfigurationVersionJSON(opened.version, opened.difference))
    }

    private struct RevertDraft: Sendable {
        let base: String?
        let reason: String?

        init(_ form: inout FormReader) {
            base = form.optionalText("base", .max(64))
            reason = form.optionalText("reason", .max(500))
        }
    }

    /// One click, or one call: without `base` it goes by the files as they are, without a reason it says which version came back.
    @Sendable private func revert(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        try context.requireFresh()
        let opened = try await open(incoming, context)
        let desk = ConfigurationDesk(context)
        let submitting = Submitting(context: context, impacts: impacts)
        do {
            let draft = try incoming.submission.read { RevertDraft(&$0) }
            guard opened.files != opened.now else { throw FormErrors([FieldProblem("", .own("nothing_changed"))]) }
            let base = draft.base ?? opened.now.digest(of: opened.names)
            let changes: [String: String?] = Dictionary(uniqueKeysWithValues: opened.names.map { ($0, opened.files[$0]) })
            let reason = draft.reason ?? desk.t.history.back(number: opened.version.number)
            return try await submitting.publish(
                PublicationDraft(changes: changes, base: base, reason: reason, revertsTo: opened.version.number),
                at: ConfigurationDesk.path(.history))
        } catch let errors as FormErrors {
            let page = sheet(opened, errors.problems, nil, incoming.values["reason"], context)
            return .refused(page: { page }, errors.problems)
        } catch let refused as PublicationRefused {
            let review = Review(
                before: opened.now, after: opened.files, problems: refused.problems,
                difference: FileDifference.all(opened.now, opened.files), impacts: [], configuration: nil)
            let page = sheet(opened, [], review, incoming.values["reason"], context)
            return .refused(page: { page }, review.fieldProblems)
        } catch is PublicationConflict {
            let opened = try await open(incoming, context)
            let page = sheet(opened, [FieldProblem("", .own("changed_meanwhile"))], nil, incoming.values["reason"], context)
            return .conflict(page: { page }, .staleVersion)
        }
    }
}

extension ConfigurationDesk {
    fileprivate func history(_ page: KeysetPage<ConfigurationVersion>, _ total: Int) -> ConfigurationHistoryPage {
        let path = { (cursor: Cursor?) in
            Self.path(.history).adding(query: cursor?.text.map { [("cursor", $0)] } ?? [])
        }
        let summary = t.history.summary(count: total)
        return ConfigurationHistoryPage(
            tabs: tabs(.history), crumbs: crumbs(.history), summary: summary, csv: "/admin/configuration/history.csv",
            rows: page.lines.map(row),
            pager: Pager(previous: page.previous.map { path($0) }, next: page.next.map { path($0) }, summary: summary))
    }

    fileprivate func version(
        _ version: ConfigurationVersion, _ difference: [FileDifference], toNow: [FileDifference]?, _ problems: [FieldProblem],
        _ review: Review?, _ head: PublishPart
    ) -> ConfigurationVersionPage {
        let title = t.history.version(number: version.number)
        return ConfigurationVersionPage(
            title: title,
            crumbs: [Crumb(t.title, Self.path), Crumb(t.history.title, Self.path(.history)), Crumb(title)], tabs: tabs(nil),
            errors: errors(problems), badge: toNow == nil ? Badge(t.history.live, tone: .ok, mark: .check) : badge(version),
            facts: [
                Fact(t.history.author, author(version)), Fact(t.history.when, context.format.dateTime(version.publishedAt)),
                Fact(t.history.reason, version.reason.isEmpty ? t.history.byHand : version.reason),
                Fact(t.history.files, version.changed.isEmpty ? "–" : version.changed.joined(separator: ", ")),
                Fact(t.history.size, size(version.added, version.removed))
            ], differences: difference.map(self.difference),
            revert: mayPublish && toNow != nil ? "/admin/configuration/history/\(version.number)/revert" : nil,
            toNow: toNow?.map(self.difference) ?? [], review: self.review(review), head: head)
    }
}
