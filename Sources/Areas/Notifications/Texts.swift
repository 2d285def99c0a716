import Foundation
import HTML
import Tenancy
import UI
import Web

/// `/admin/notices`: which texts there are, and which the company has written itself.
package struct TextsPage: Sendable {
    var rows: [TextRow]
    /// What is wrong with the company's files; empty when nothing is.
    var problems: [String]
}

package struct TextRow: Sendable {
    var path: WebPath
    var title: String
    var name: String
    /// One per language: "English: standard".
    var badges: [Badge]
}

/// `/admin/notices/{kind}`: how a text looks with sample data, in every language of the company.
package struct TextPage: Sendable {
    var title: String
    var crumbs: [Crumb]
    var fields: [Fact]
    var previews: [TextPreview]
    /// Where the company writes its own; nil for those who only look.
    var edit: WebPath?
}

package struct TextPreview: Sendable {
    var language: String
    var code: String
    var badge: Badge
    /// Where the company's own text stands or would stand.
    var file: String
    var subject: String
    var text: String
}

/// The texts of notices, for whoever looks after the company's configuration.
struct TextRoutes: Sendable {
    func add(to routes: Routes) {
        routes.get("admin/notices", may: .seeConfiguration, use: list)
            .tells("The texts of all mails and text messages.").gives([String: [TextJSON]].self)
        routes.get("admin/notices/{kind}", may: .seeConfiguration, use: show)
            .tells("The texts of one kind.").gives(TextJSON.self)
    }

    @Sendable private func list(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let problems = context.house.tenants.problems(of: context.tenant.slug).filter { $0.file.hasSuffix(".mustache") }
        return .show(
            TextsPage(
                rows: NoticeKind.texts.map { TextRow($0, context) }, problems: problems.map(\.description)),
            json: ["items": NoticeKind.texts.map { TextJSON($0, context) }])
    }

    @Sendable private func show(_ incoming: Incoming, _ context: MemberContext) async throws -> Reply {
        let name = try incoming.parameter("kind")
        guard let kind = NoticeKind.texts.first(where: { $0.name == name }) else { throw Failure.notFound }
        return .show(TextPage(kind, context), json: TextJSON(kind, context))
    }
}

struct TextJSON: Codable, Sendable {
    struct Preview: Codable {
        let language: String
        let own: Bool
        let subject: String
        let text: String
    }

    let kind: String
    let fields: [String: String]
    let previews: [Preview]

    init(_ kind: TextKind, _ context: MemberContext) {
        self.kind = kind.name
        fields = kind.samples
        previews = context.tenant.spoken.map { language in
            let wording = kind.preview(context.tenant, language)
            return Preview(
                language: language.rawValue, own: context.tenant.configuration.text(kind.name, language.rawValue) != nil,
                subject: wording.subject, text: wording.paragraphs.joined(separator: "\n\n"))
        }
    }
}

extension Tenant {
    fileprivate var spoken: [Language] { self.locales.compactMap(Language.init) }
}

extension TextKind {
    /// The same as lines, for whoever writes the text.
    package func sample(_ tenant: Tenant, _ language: Language) -> (subject: String, text: String) {
        let wording = preview(tenant, language)
        return (wording.subject, wording.paragraphs.joined(separator: "\n\n"))
    }

    /// "You have a new fault", in the reader's language.
    package func title(_ language: Language) -> String { title(NotificationsMessages(language)) }

    /// The text with its samples, as a mail would say it.
    func preview(_ tenant: Tenant, _ language: Language) -> Wording {
        var fields = samples
        fields["company"] = tenant.name
        let words = Words(tenant: tenant)
        if let letter = LetterKind(rawValue: name) { return words.wording(letter, fields, language) }
        fields["sentence"] = NotificationsMessages(language).sentence(name, samples)
        return words.wording(name, fields, language)
    }

    func title(_ t: NotificationsMessages) -> String {
        LetterKind(rawValue: name) == nil ? t.title(name) : t.deliveries.letter(kind: name.replacing(".", with: "_"))
    }

    fileprivate func badge(_ tenant: Tenant, _ language: Language, _ t: NotificationsMessages) -> Badge {
        let isOwn = tenant.configuration.text(name, language.rawValue) != nil
        return isOwn ? Badge(t.texts.own, tone: .brand) : Badge(t.texts.standard)
    }
}

extension TextRow {
    init(_ kind: TextKind, _ context: MemberContext) {
        let t = NotificationsMessages(context.language)
        self.init(
            path: "/admin/notices/\(kind.name)", title: kind.title(t), name: kind.name,
            badges: context.tenant.spoken.map { language in
                var badge = kind.badge(context.tenant, language, t)
                badge.text = "\(language.rawValue): \(badge.text)"
                return badge
            })
    }
}

extension TextPage {
    init(_ kind: TextKind, _ context: MemberContext) {
        let t = NotificationsMessages(context.language)
        self.init(
            title: kind.title(t), crumbs: [Crumb(t.texts.title, "/admin/notices"), Crumb(kind.title(t))],
            fields: kind.samples.sorted { $0.key < $1.key }.map { Fact($0.key, $0.value) },
            previews: context.tenant.spoken.map { language in
                let wording = kind.preview(context.tenant, language)
                return TextPreview(
                    language: t.texts.inLanguage(code: language.rawValue), code: language.rawValue,
                    badge: kind.badge(context.tenant, language, t),
                    file: "tenants/\(context.tenant.slug)/notices/\(kind.name).\(language.rawValue).mustache",
                    subject: wording.subject, text: wording.paragraphs.joined(separator: "\n\n"))
            },
            edit: context.may(Permission("configuration:publish")) ? "/admin/configuration/notices/\(kind.name)" : nil)
    }
}
