import Database
import Foundation
import HTML
import Markdown
import UI
import Web

extension MessageDesk {
    func list(
        _ page: KeysetPage<ConversationLine>, _ total: Int, _ found: [Message], _ filter: ConversationFilter
    ) -> ConversationsPage {
        let path: WebPath = "/messages"
        let address = { (cursor: Cursor) in
            path.adding(query: filter.query + (cursor.text.map { [("cursor", $0)] } ?? []))
        }
        return ConversationsPage(
            tabs: ConversationShelf.allCases.map {
                Tab(
                    t.list.shelf(shelf: $0.rawValue), $0 == .inbox ? path : path.adding(query: [("show", $0.rawValue)]),
                    current: $0 == filter.shelf)
            },
            action: path, shelf: filter.isArchived ? [HiddenValue("show", filter.shelf.rawValue)] : [],
            words: Field("q", label: t.list.search, value: filter.words), summary: t.list.summary(count: total),
            chips: filter.words.isEmpty
                ? []
                : [
                    Chip(
                        label: t.list.search, value: filter.words,
                        remove: filter.isArchived ? path.adding(query: [("show", filter.shelf.rawValue)]) : path)
                ],
            clear: filter.words.isEmpty ? nil : path, csv: ("/messages.csv" as WebPath).adding(query: filter.query),
            found: found.map(hit), rows: page.lines.map(row),
            pager: page.previous == nil && page.next == nil
                ? nil
                : Pager(
                    previous: page.previous.map(address), next: page.next.map(address), summary: t.list.summary(count: total)),
            reports: context.may(.moderateMessages) ? "/admin/message-reports" : nil,
            emptyTitle: t.list.none(shelf: filter.shelf.rawValue), emptyText: t.list.noneText(shelf: filter.shelf.rawValue))
    }

    private func row(_ line: ConversationLine) -> ConversationRow {
        let conversation = line.conversation
        let title = title(conversation)
        var badges: [Badge] = []
        if let about = about(conversation) { badges.append(Badge(about.value)) }
        if conversation.isMuted(context.now) { badges.append(Badge(t.list.muted)) }
        let most = ConversationLine.mostUnread
        return ConversationRow(
            path: conversation.path, initials: Person(name: conversation.others.first ?? title, subtitle: "").initials,
            title: title,
            preview: preview(line), moment: format.moment(conversation.lastAt, now: context.now),
            unread: line.unread == 0 ? "" : t.list.unread(count: line.unread >= most ? "99+" : String(line.unread)),
            badges: badges)
    }

    private func hit(_ message: Message) -> FoundMessage {
        // The page that ends a little after it.
        FoundMessage(
            path: ("/messages/\(message.conversation.text)" as WebPath).adding(query: [("before", String(message.seq + 10))]),
            text: Markdown.excerpt(message.body), author: message.author, moment: format.moment(message.sentAt, now: context.now))
    }
}

extension ConversationLine {
    static let head = ["conversation", "subject", "people", "about", "last_at", "unread", "muted", "archived"]

    func cells(at now: Date) -> [String] {
        [
            conversation.id.text, conversation.subject, conversation.others.joined(separator: ", "),
            conversation.fault ?? conversation.unit ?? "", conversation.lastAt.formatted(.iso8601), String(unread),
            conversation.isMuted(now) ? "true" : "false", conversation.archivedAt == nil ? "false" : "true"
        ]
    }
}
