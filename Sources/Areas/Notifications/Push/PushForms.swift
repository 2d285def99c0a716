import Forms
import Foundation
import Push

/// A device that somebody registers: what a browser's subscription says, or an app's token.
struct PushDraft: Sendable {
    let address: PushAddress
    /// What its member calls it; nil leaves that to what the browser says it is.
    let label: String?

    /// - Parameter anywhere: also addresses without TLS, during development.
    init(_ form: inout FormReader, anywhere: Bool) {
        let kind = form.optionalChoice("kind", PushKind.self) ?? .web
        label = form.optionalText("label", .min(3), .max(80))
        let endpoint = form.optionalText("endpoint", .max(2_000))
        let (p256dh, auth) = (form.optionalText("p256dh", .max(100)), form.optionalText("auth", .max(40)))
        let token = form.optionalText("token", .max(4_000))
        switch kind {
        case .web:
            address = .web(endpoint: endpoint ?? "", p256dh: p256dh ?? "", auth: auth ?? "")
            for (name, value) in [("endpoint", endpoint), ("p256dh", p256dh), ("auth", auth)]
            where value == nil && !form.hasProblem(name) { form.fail(name, .required) }
            guard form.isValid else { return }
            if !Self.isAddress(endpoint ?? "", anywhere: anywhere) { form.fail("endpoint", .own("no_push_address")) }
            if WebPushKeys(p256dh: p256dh ?? "", auth: auth ?? "") == nil { form.fail("p256dh", .own("no_push_key")) }
        case .fcm:
            address = .firebase(token: token ?? "")
            if token == nil, !form.hasProblem("token") { form.fail("token", .required) }
            guard form.isValid else { return }
            if token?.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) != true { form.fail("token", .invalidCharacters) }
        }
    }

    /// Where it leads is looked at each time that something is sent there (T40).
    private static func isAddress(_ text: String, anywhere: Bool) -> Bool {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let url = URL(string: text), let host = url.host, !host.isEmpty,
            url.user == nil, url.password == nil, url.fragment == nil
        else { return false }
        return url.scheme == "https" || (anywhere && url.scheme == "http")
    }
}
