import Foundation
import HTML
import Mail
import UI
import Web

/// `/development/mail`: what would have left the house; only development has it.
package struct MailFolderPage: Sendable {
    var rows: [MailFolderRow]
}

package struct MailFolderRow: Sendable {
    var path: WebPath
    var subject: String
    var to: String
    var moment: Moment
}

/// One mail of it.
package struct MailPage: Sendable {
    var subject: String
    var back: WebPath
    var facts: [Fact]
    var text: String
    /// The addresses in its text, to click on.
    var links: [SafeURL]
    var source: String
}

/// Open to everybody who reaches the development server: invitations and resets are for people who cannot sign in yet.
struct DevelopmentMail: Sendable {
    let folder: MailFolder

    func add(to routes: Routes) {
        routes.openGet("development/mail", on: .page, use: list)
        routes.openGet("development/mail/{id}", on: .page, use: show)
    }

    @Sendable private func list(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        guard context.house.settings.development else { throw Failure.notFound }
        let mails = try await folder.newest(context.tenant.slug)
        return .page(
            MailFolderPage(
                rows: mails.map {
                    MailFolderRow(
                        path: "/development/mail/\($0.name)", subject: $0.subject, to: $0.to,
                        moment: context.format.moment($0.date))
                }))
    }

    @Sendable private func show(_ incoming: Incoming, _ context: TenantContext) async throws -> Reply {
        guard context.house.settings.development, let mail = try await folder.find(context.tenant.slug, incoming.id()) else {
            throw Failure.notFound
        }
        let t = NotificationsMessages(context.language).development
        let words = mail.text.split(whereSeparator: \.isWhitespace)
        return .page(
            MailPage(
                subject: mail.subject, back: "/development/mail",
                facts: [Fact(t.to, mail.to), Fact(t.date, context.format.dateTime(mail.date))], text: mail.text,
                links: words.filter { $0.hasPrefix("http://") || $0.hasPrefix("https://") }.compactMap { SafeURL(String($0)) },
                source: mail.source))
    }
}
