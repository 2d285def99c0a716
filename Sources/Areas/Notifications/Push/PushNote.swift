import Crypto
import Foundation
import Push
import Tokens

/// What a device shows.
struct PushNote: Sendable, Equatable {
    var title: String
    var body: String
    /// The same without what somebody wrote, for services that read what they carry.
    var plainBody: String
    /// Where it leads, at the company's own host.
    var path: String
    /// What has the same tag takes the place of what is shown.
    var tag: String
    var language: String
    var isUrgent: Bool

    private struct Payload: Encodable {
        let title: String
        let body: String
        let path: String
        let tag: String
        let lang: String
    }

    /// For the service worker (Public/js/sw.js), short enough for one message whatever the words are.
    func payload() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let payload = Payload(
            title: Self.short(title, 120), body: Self.short(body, 360), path: path, tag: tag, lang: language)
        return Array(try encoder.encode(payload))
    }

    func forFirebase() -> FirebaseNote {
        FirebaseNote(
            title: Self.short(title, 120), body: Self.short(plainBody, 360), data: ["path": path, "tag": tag, "lang": language])
    }

    func terms(_ tenant: Int32) -> PushTerms {
        let topic = SHA256.hash(data: Data("\(tenant):\(tag)".utf8)).prefix(24)
        return PushTerms(isUrgent: isUrgent, topic: Base64URL.encode(topic))
    }

    private static func short(_ text: String, _ most: Int) -> String {
        text.unicodeScalars.count <= most
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(most - 1))) + "…"
    }
}

extension Composer {
    /// What a device shows of a delivery. The words of what somebody wrote are there only where they want to see them on a locked screen.
    func push(_ due: DueDelivery) -> PushNote {
        let language = language(due.locale)
        let t = NotificationsMessages(language)
        let (title, body, plain, tag): (String, String, String, String) =
            switch OwnPush(rawValue: due.kind) {
            case .message:
                (
                    due.facts["name"] ?? tenant.name, due.facts["text"] ?? t.push.wrote, t.push.wrote,
                    "conversation:\(due.facts["conversation"] ?? "")"
                )
            case .trial: (tenant.name, t.push.trialText, t.push.trialText, "trial")
            case nil:
                (
                    tenant.name, t.sentence(due.kind, due.facts), t.sentence(due.kind, due.facts),
                    "notice:\(due.notice?.text ?? "")"
                )
            }
        return PushNote(
            title: title, body: body, plainBody: plain, path: due.path, tag: tag, language: language.rawValue,
            isUrgent: due.isUrgent)
    }
}
