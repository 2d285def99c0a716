import Database
import Tenancy

/// A way by which a notice reaches somebody outside Portico. The inbox is no such way: it always gets the notice.
package enum Medium: String, Sendable, CaseIterable, SQLBindable, SQLDecodable, SQLArrayElement {
    case mail, sms, push
}

/// When a medium tells: at once, with the day's digest, or not at all.
package enum Timing: String, Sendable, CaseIterable, SQLBindable, SQLDecodable, SQLArrayElement {
    case now, digest, off
}

/// A kind of notice that members may choose about, with what holds until they do.
package struct NoticeKind: Sendable {
    /// `fault.assigned`.
    package let name: String
    /// Concerns only people who work for the company.
    let isForStaff: Bool
    let mail: Timing
    let sms: Timing
    let push: Timing

    /// - Parameter push: nil rings for what concerns a vote, and not for the rest.
    private init(_ name: String, staff: Bool = false, mail: Timing, sms: Timing = .off, push: Timing? = nil) {
        self.name = name
        isForStaff = staff
        self.mail = mail
        self.sms = sms
        self.push = push ?? (name.hasPrefix("vote.") ? .now : .off)
    }

    /// Everything that members choose about, in the order of their page. Who gets a kind follows from its name, so its preset is
    /// the preset of that role: a reporter hears of an answer at once, of progress once a day.
    package static let all: [NoticeKind] = [
        NoticeKind("fault.received", mail: .now), NoticeKind("fault.scheduled", mail: .digest),
        NoticeKind("fault.started", mail: .digest), NoticeKind("fault.held", mail: .now),
        NoticeKind("fault.resumed", mail: .digest), NoticeKind("fault.resolved", mail: .now),
        NoticeKind("fault.cancelled", mail: .now), NoticeKind("fault.merged", mail: .now),
        NoticeKind("fault.mentioned", mail: .now), NoticeKind("fault.commented", mail: .now),
        NoticeKind("fault.noted", staff: true, mail: .digest),
        NoticeKind("fault.reported", staff: true, mail: .now), NoticeKind("fault.assigned", staff: true, mail: .now, push: .now),
        NoticeKind("fault.unassigned", staff: true, mail: .digest), NoticeKind("fault.unstaffed", staff: true, mail: .now),
        NoticeKind("fault.due_soon", staff: true, mail: .now), NoticeKind("fault.overdue", staff: true, mail: .now),
        NoticeKind("fault.confirmed", staff: true, mail: .off), NoticeKind("fault.reopened", staff: true, mail: .now),
        NoticeKind("incident.declared", mail: .now), NoticeKind("incident.updated", mail: .now),
        NoticeKind("incident.resolved", mail: .now), NoticeKind("delegation.accepted", mail: .now),
        NoticeKind("delegation.declined", mail: .now), NoticeKind("delegation.revoked", mail: .now),
        NoticeKind("delegation.expired", mail: .now), NoticeKind("vote.created", mail: .now),
        NoticeKind("vote.reminder", mail: .now), NoticeKind("vote.extended", mail: .now),
        NoticeKind("vote.cancelled", mail: .now),
        NoticeKind("vote.closed", mail: .now), NoticeKind("vote.cast", mail: .now), NoticeKind("vote.cast_for_you", mail: .now),
        NoticeKind("vote.cast_on_paper", mail: .now), NoticeKind("invitation.accepted", staff: true, mail: .digest),
        NoticeKind("role.requested", staff: true, mail: .now), NoticeKind("job.parked", staff: true, mail: .off),
        NoticeKind("session.reused", mail: .now), NoticeKind("session.ended", mail: .now),
        NoticeKind("support.asked", staff: true, mail: .now),
        NoticeKind(unreadMessages, mail: .now, push: .now), NoticeKind("message.reported", staff: true, mail: .now),
        NoticeKind("announcement.published", mail: .now), other
    ]

    /// Mails tell of them together and once, devices of each message as it comes (`OwnPush.message`).
    static let unreadMessages = "message.unread"

    /// What areas tell without having named it here.
    static let other = NoticeKind("other", mail: .now)

    /// Undelivered messages are told in the inbox only: a mail about mails that cannot be sent would be the next of them. An offer
    /// to act for somebody goes out as a letter of its own.
    private static let inboxOnly: Set<String> = ["delivery.parked", "delegation.offered"]
    private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    static let names = all.map(\.name)
    package static let mailedAtOnce = all.filter { $0.mail == .now }.map(\.name)

    /// nil for a kind that never leaves the inbox.
    static func of(_ name: String) -> NoticeKind? {
        inboxOnly.contains(name) ? nil : byName[name] ?? other
    }

    subscript(medium: Medium) -> Timing {
        switch medium {
        case .mail: mail
        case .sms: sms
        case .push: push
        }
    }

    /// The ways by which a notice of this kind goes out.
    var media: [Medium] { name == Self.unreadMessages ? [.mail, .sms] : Medium.allCases }
}

/// Mails that somebody asked for or waits for: no preference turns them off, no quiet hour holds them back.
package enum LetterKind: String, Sendable, CaseIterable {
    case invitation
    case passwordReset = "password.reset"
    case emailVerification = "email.verification"
    /// To somebody without an account who reported a fault.
    case visitorReceived = "visitor.received"
    case visitorNews = "visitor.news"
    /// To somebody who has just come in.
    case welcome
    /// To somebody whose address was registered again, perhaps by a stranger.
    case accountExists = "account.exists"
    case passwordChanged = "password.changed"
    /// To somebody whom an owner asks to act for them, with the link that answers it; perhaps without an account.
    case delegation
    /// To somebody without an account: there is nothing to answer any more.
    case delegationEnded = "delegation.ended"
    case factorAdded = "factor.added"
    case factorRemoved = "factor.removed"
    case passkeyAdded = "passkey.added"
    /// To somebody who has given up one of several factors.
    case oneFactorRemoved = "factor.one_removed"
    case recoveryCodeUsed = "factor.recovery_used"
    /// To somebody whose password another one knows, and who tries codes.
    case factorGuessed = "factor.guessed"
    /// To somebody who signs in with an identity provider from now on, or no longer.
    case identityLinked = "identity.linked"
    case identityUnlinked = "identity.unlinked"
    /// To somebody who signed in with what they never used before; or another one did.
    case newDevice = "sign_in.new_device"
}

extension NoticeKind {
    /// The texts that a company may write itself, with samples for previews.
    package static let texts: [TextKind] =
        all.filter { $0.name.hasPrefix("fault.") }.map {
            TextKind(
                $0.name,
                samples: [
                    "name": "Nora Blum", "company": "Lindenhof", "number": "F-2026-0412",
                    "title": "Water dripping from the ceiling",
                    "sentence": "F-2026-0412: Water dripping from the ceiling",
                    "link": "https://lindenhof.example/faults/F-2026-0412"
                ])
        }
        + all.filter { $0.name.hasPrefix("incident.") }.map {
            TextKind(
                $0.name,
                samples: [
                    "name": "Nora Blum", "company": "Lindenhof", "number": "O-2026-0003", "title": "No heating",
                    "place": "Lindenstraße 12", "text": "There is an outage in Lindenstraße 12 since this morning.",
                    "sentence": "Outage: No heating, Lindenstraße 12", "link": "https://lindenhof.example/incidents/O-2026-0003"
                ])
        }
        + LetterKind.allCases.map {
            TextKind($0.rawValue, samples: $0.samples)
        }
}

extension LetterKind {
    /// The letter itself says what to do when it comes as a surprise.
    var saysWhoNot: Bool {
        switch self {
        case .welcome, .passwordChanged, .factorAdded, .factorRemoved, .passkeyAdded, .oneFactorRemoved, .recoveryCodeUsed,
            .factorGuessed, .identityLinked, .identityUnlinked, .newDevice:
            true
        default: false
        }
    }

    var isForVisitors: Bool { self == .visitorReceived || self == .visitorNews }

    fileprivate var samples: [String: String] {
        if self == .delegation || self == .delegationEnded {
            return [
                "name": "Nora Blum", "company": "Lindenhof", "inviter": "Maria Kern", "place": "Lindenhof Vorderhaus, 2.1",
                "rights": "vote, report faults", "until": "31 Dec 2026", "link": "https://lindenhof.example/delegations/sample"
            ]
        }
        if self == .identityLinked || self == .identityUnlinked {
            return [
                "name": "Nora Blum", "company": "Lindenhof", "provider": "Google",
                "link": "https://lindenhof.example/account/security"
            ]
        }
        if self == .newDevice {
            return [
                "name": "Nora Blum", "company": "Lindenhof", "device": "Firefox on Windows", "address": "192.0.2.7",
                "moment": "28 Nov 2026, 14:05", "link": "https://lindenhof.example/account/sessions"
            ]
        }
        return isForVisitors
            ? [
                "name": "Nora Blum", "company": "Lindenhof", "number": "F-2026-0412", "title": "Lift stops between floors",
                "sentence": "F-2026-0412: Lift stops between floors", "link": "https://lindenhof.example/s/sample"
            ]
            : [
                "name": "Nora Blum", "company": "Lindenhof", "inviter": "Maria Kern", "expires": "28 Nov 2026, 14:05",
                "link": "https://lindenhof.example/register?code=sample"
            ]
    }
}
