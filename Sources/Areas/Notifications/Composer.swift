import Foundation
import HTML
import Mail
import Tenancy
import UI
import Web

/// Makes a message of a delivery: the company's own text or the house's, in the recipient's language and time zone.
struct Composer {
    let tenant: Tenant
    let site: Site

    func message(_ due: DueDelivery, to address: String, news: [InboxLine] = [], now: Date) -> Message {
        let language = language(due.locale)
        let kind = due.notice == nil ? nil : NoticeKind.of(due.kind)
        let stop =
            due.facts["stop"].flatMap { WebPath($0) }.map { site.url(tenant, $0) }
            ?? due.member.flatMap { member in kind.map { site.unsubscribe(tenant, member, $0) } }
        let wording = wording(due, news, language)
        let isMail = due.medium == .mail
        let sheet = MailSheet(
            wording: wording, company: tenant.name, language: language,
            settings: due.member == nil || (kind == nil && due.kind != Digest.kind)
                ? nil : site.url(tenant, "/account/notifications"),
            stop: stop)
        return Message(
            id: due.id, company: tenant.slug, host: tenant.hosts.first ?? "localhost", senderName: tenant.name,
            recipient: address,
            recipientName: due.name ?? "", language: language.rawValue, subject: wording.subject,
            text: isMail ? sheet.text : wording.short, html: isMail ? sheet.html : nil, unsubscribe: isMail ? stop : nil,
            date: now)
    }

    func language(_ code: String?) -> Language {
        let spoken = tenant.locales.compactMap(Language.init)
        return code.flatMap(Language.init).flatMap { spoken.contains($0) ? $0 : nil } ?? spoken.first ?? .en
    }

    private func wording(_ due: DueDelivery, _ news: [InboxLine], _ language: Language) -> Wording {
        let t = NotificationsMessages(language)
        if due.kind == Digest.kind { return digest(news, t) }
        let link = site.url(tenant, WebPath(due.path) ?? "/")
        var fields = due.facts
        fields["path"] = nil
        fields["stop"] = nil
        fields.chooseText(language)
        fields["link"] = link
        fields["company"] = tenant.name
        if let name = due.name { fields["name"] = name }
        let words = Words(tenant: tenant)
        if let letter = LetterKind(rawValue: due.kind) { return words.wording(letter, fields, language) }
        fields["sentence"] = t.sentence(due.kind, due.facts)
        return words.wording(due.kind, fields, language)
    }

    private func digest(_ news: [InboxLine], _ t: NotificationsMessages) -> Wording {
        let subject = t.mail.digestSubject(count: news.count, company: tenant.name)
        let lines = news.map { "\(t.sentence($0.kind, $0.facts))\n\(site.url(tenant, WebPath($0.path) ?? "/"))" }
        let inbox = site.url(tenant, "/notifications")
        return Wording(
            subject: subject, paragraphs: [t.mail.digestText] + lines + [inbox], link: inbox, label: t.inbox.title, short: subject
        )
    }
}

/// The words for a notice or a letter: the company's own or the house's.
struct Words {
    let tenant: Tenant

    func wording(_ letter: LetterKind, _ fields: [String: String], _ language: Language) -> Wording {
        if letter.isForVisitors { return visitor(letter, fields, language) }
        var fields = fields
        let isNewcomer = fields.removeValue(forKey: "newcomer") != nil
        if let own = own(letter.rawValue, fields, language) { return own }
        let t = NotificationsMessages(language).letter
        let company = fields["company"] ?? ""
        var paragraphs = [greeting(fields["name"], NotificationsMessages(language))]
        let subject: String
        switch letter {
        case .invitation:
            subject = t.invitationSubject(company: company)
            paragraphs.append(
                fields["inviter"].map { t.invitationBy(inviter: $0, company: company) } ?? t.invitation(company: company))
        case .passwordReset:
            subject = t.resetSubject(company: company)
            paragraphs.append(t.reset(company: company))
        case .emailVerification:
            subject = t.verificationSubject
            paragraphs.append(t.verification(company: company))
        case .visitorReceived, .visitorNews: subject = ""
        case .welcome:
            subject = t.welcomeSubject(company: company)
            let provider = fields["provider"]
            paragraphs.append(
                provider.map { t.welcomeWith(company: company, provider: $0) } ?? t.welcome(company: company))
        case .accountExists:
            subject = t.existsSubject(company: company)
            paragraphs.append(t.exists(company: company))
        case .passwordChanged:
            subject = t.changedSubject(company: company)
            paragraphs.append(t.changed(company: company))
        case .delegation:
            let (inviter, place) = (fields["inviter"] ?? "", fields["place"] ?? "")
            subject = t.delegationSubject(inviter: inviter)
            paragraphs.append(t.delegation(inviter: inviter, company: company, place: place))
            paragraphs.append(t.delegationRights(rights: fields["rights"] ?? ""))
            paragraphs.append(fields["until"].map { t.delegationUntil(day: $0) } ?? t.delegationOpen)
            paragraphs.append(isNewcomer ? t.delegationNewcomer : t.delegationAnswer)
        case .delegationEnded:
            subject = t.delegationEndedSubject(inviter: fields["inviter"] ?? "")
            paragraphs.append(t.delegationEnded(inviter: fields["inviter"] ?? "", place: fields["place"] ?? ""))
        case .factorAdded, .factorRemoved, .passkeyAdded, .oneFactorRemoved, .recoveryCodeUsed, .factorGuessed:
            let what = letter.rawValue.replacing(".", with: "_")
            subject = t.factorSubject(what: what, company: company)
            paragraphs.append(t.factor(what: what, company: company))
        case .identityLinked, .identityUnlinked:
            let (what, provider) = (letter.rawValue.replacing(".", with: "_"), fields["provider"] ?? "")
            subject = t.identitySubject(what: what, company: company, provider: provider)
            paragraphs.append(t.identity(what: what, provider: provider, company: company))
        case .newDevice:
            let (device, moment) = (fields["device"] ?? "", fields["moment"] ?? "")
            subject = t.deviceSubject(company: company)
            paragraphs.append(t.device(company: company))
            paragraphs.append(
                fields["address"].map { t.deviceFrom(device: device, address: $0, moment: moment) }
                    ?? t.deviceOnly(device: device, moment: moment))
            paragraphs.append(t.deviceNotYou)
        }
        paragraphs.append(fields["link"] ?? "")
        if let expires = fields["expires"] { paragraphs.append(t.expires(moment: expires)) }
        if !letter.saysWhoNot { paragraphs.append(t.notYou) }
        return Wording(subject: subject, paragraphs: paragraphs, link: fields["link"], label: t.go, short: subject)
    }

    /// What somebody without an account hears of their report: the news, and the private link.
    private func visitor(_ letter: LetterKind, _ fields: [String: String], _ language: Language) -> Wording {
        let t = NotificationsMessages(language)
        var fields = fields
        let (number, title) = (fields["number"] ?? "", fields["title"] ?? "")
        let what = fields.removeValue(forKey: "what") ?? (letter == .visitorReceived ? "received" : "")
        let sentence = t.letter.visitor(what: what, number: number, title: title)
        fields["sentence"] = sentence
        if let own = own(letter.rawValue, fields, language) { return own }
        var paragraphs = [greeting(fields["name"], t), sentence]
        if letter == .visitorReceived { paragraphs.append(t.letter.visitorKeep) }
        paragraphs.append(fields["link"] ?? "")
        return Wording(
            subject: sentence, paragraphs: paragraphs, link: fields["link"], label: t.letter.visitorGo, short: sentence)
    }

    func wording(_ kind: String, _ fields: [String: String], _ language: Language) -> Wording {
        let t = NotificationsMessages(language)
        let (sentence, link) = (fields["sentence"] ?? "", fields["link"] ?? "")
        let short = "\(sentence) \(link)"
        if var own = own(kind, fields, language) {
            own.short = short
            return own
        }
        return Wording(
            subject: sentence, paragraphs: [greeting(fields["name"], t)] + (fields.text ?? [sentence]) + [link], link: link,
            label: t.mail.open, short: short)
    }

    private func greeting(_ name: String?, _ t: NotificationsMessages) -> String {
        name.map { t.mail.greeting(name: $0) } ?? t.mail.greetingNobody
    }

    private func own(_ kind: String, _ fields: [String: String], _ language: Language) -> Wording? {
        guard let template = tenant.configuration.text(kind, language.rawValue) else { return nil }
        let (subject, text) = template.render(fields)
        let paragraphs = text.components(separatedBy: "\n\n").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        return Wording(
            subject: subject.trimmingCharacters(in: .whitespacesAndNewlines), paragraphs: paragraphs.filter { !$0.isEmpty },
            link: fields["link"], label: NotificationsMessages(language).mail.open, short: subject)
    }
}

/// What a message says, before it is set as text or HTML.
struct Wording: Sendable {
    var subject: String
    var paragraphs: [String]
    /// A paragraph that is only this address becomes a button.
    var link: String?
    var label: String
    /// All of it in one line, for SMS.
    var short: String
}

/// How a notice whose words somebody wrote will look, before it is sent.
package struct NoticePreview: Sendable {
    package let subject: String
    package let paragraphs: [String]

    package static func of(
        _ kind: String, _ facts: [String: String], path: WebPath, _ tenant: Tenant, _ language: Language
    ) -> NoticePreview {
        var fields = facts
        fields.chooseText(language)
        fields["company"] = tenant.name
        fields["link"] = "https://\(tenant.hosts.first ?? "")\(path.string)"
        fields["sentence"] = NotificationsMessages(language).sentence(kind, facts)
        let wording = Words(tenant: tenant).wording(kind, fields, language)
        return NoticePreview(subject: wording.subject, paragraphs: wording.paragraphs)
    }
}

extension [String: String] {
    /// Facts may hold words that people wrote in several languages, `text_de`, `text_en`: the reader's become `text`.
    fileprivate mutating func chooseText(_ language: Language) {
        let texts = filter { $0.key.hasPrefix("text_") }.sorted { $0.key < $1.key }
        guard let text = self["text_\(language.rawValue)"] ?? texts.first?.value else { return }
        for (key, _) in texts { self[key] = nil }
        self["text"] = text
    }

    /// Those words, by paragraph.
    fileprivate var text: [String]? {
        self["text"]?.components(separatedBy: "\n\n").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty }
    }
}
