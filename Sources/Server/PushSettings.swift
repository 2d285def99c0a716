import Foundation
import Outbound
import Push

/// How devices are told: browsers by Web Push, apps by Firebase. What is not set tells nobody.
struct PushSettings: Sendable {
    let vapid: VAPID?
    let account: ServiceAccount?
    let firebaseAddress: String

    /// - Throws: `SettingsError` that names the variable and what it must be.
    init(_ read: SettingsReader, sender: String) throws {
        let contact = read.text("PORTICO_PUSH_CONTACT") ?? "mailto:\(sender)"
        guard contact.hasPrefix("mailto:") || contact.hasPrefix("https://"), contact.utf8.count <= 200 else {
            throw SettingsError("PORTICO_PUSH_CONTACT must be mailto: and an address, or an https address")
        }
        vapid = try read.optionalSecret("PORTICO_PUSH_KEY").map { text in
            guard let key = VAPIDKey(text) else {
                throw SettingsError("PORTICO_PUSH_KEY must be 64 hex digits or more, or a private P-256 key as PEM")
            }
            return VAPID(key, contact: contact)
        }
        account = try read.optionalSecret("PORTICO_FCM_ACCOUNT").map { text in
            guard let account = ServiceAccount(json: text) else {
                throw SettingsError("PORTICO_FCM_ACCOUNT must be the JSON file of a Google service account")
            }
            return account
        }
        firebaseAddress = read.text("PORTICO_FCM_URL") ?? "https://fcm.googleapis.com"
    }

    func web(_ outbound: Outbound) -> WebPush? { vapid.map { WebPush($0, outbound: outbound) } }

    func firebase(_ outbound: Outbound) -> FirebaseMessaging? {
        account.map { FirebaseMessaging($0, address: firebaseAddress, outbound: outbound) }
    }
}
