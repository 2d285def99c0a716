import Arrival
import Database
import Foundation
import HTML
import Notifications
import Property
import Tenancy
import UI
import Web

/// What both sides hear of a delegation, each in their own language.
struct DelegationMails {
    let tx: Tx
    let tenant: Tenant

    /// The offer itself: always by mail, and for members also in their inbox.
    ///
    /// - Parameter language: of whoever has none here yet.
    func offer(
        _ line: DelegationLine, _ token: InvitationCode, _ ticket: Bringing.Ticket?, _ recipient: Recipient?, _ language: Language
    ) async throws {
        let answer = ("\(line.path)/accept" as WebPath)
        let link = answer.adding(query: [("token", token.text)])
        let language = recipient.map { tenant.language($0.locale) } ?? language
        var facts = [
            "inviter": line.delegator, "place": line.place,
            "rights": line.rights.map { $0.words(language) }.joined(separator: ", ")
        ]
        if let end = line.expiresAt { facts["until"] = tenant.day(end, language) }
        if ticket != nil { facts["newcomer"] = "yes" }
        let letter = Letter(
            .delegation, path: ticket?.path(next: link) ?? link, facts: facts,
            dedupeKey: "delegation:\(line.id.text):\(line.sendings)")
        guard let recipient, recipient.canSignIn else {
            try await tx.mail(to: line.email, letter, language: language)
            return
        }
        try await tx.mail(to: recipient.id, letter)
        try await tx.notify(
            [recipient.id],
            Notice(
                "delegation.offered", path: answer, facts: ["name": line.delegator, "place": line.place],
                dedupeKey: "delegation-offered:\(line.id.text)"))
    }

    /// - Parameter name: of the other side.
    func tell(_ line: DelegationLine, _ what: String, _ members: [UUID], name: String) async throws {
        try await tx.notify(
            members,
            Notice(
                "delegation.\(what)", path: line.path, facts: ["name": name, "place": line.place],
                dedupeKey: "delegation-\(what):\(line.id.text)"))
    }

    /// A delegate who is nobody here yet hears by letter that there is nothing to answer any more.
    func tellDelegate(_ line: DelegationLine, _ what: String) async throws {
        if let delegate = line.delegateID {
            try await tell(line, what, [delegate], name: line.delegator)
            return
        }
        try await tx.mail(
            to: line.email,
            Letter(
                .delegationEnded, path: "/login", facts: ["inviter": line.delegator, "place": line.place],
                dedupeKey: "delegation-\(what):\(line.id.text)"), language: nil)
    }
}

extension Tenant {
    /// The member's own language, if the company speaks it, or the company's first.
    fileprivate func language(_ own: String?) -> Language {
        let spoken = self.locales.compactMap(Language.init)
        return own.flatMap(Language.init).flatMap { spoken.contains($0) ? $0 : nil } ?? spoken.first ?? .en
    }

    /// The last day of what ends at that moment.
    fileprivate func day(_ end: Date, _ language: Language) -> String {
        Format(language: language, timeZone: self.timeZone, currency: self.currency.code).date(end.addingTimeInterval(-1))
    }
}
