import Forms
import Foundation
import Tokens
import Web

/// The name of somebody whom Apple tells us of, once: on its way from Apple's form to the address of the callback it is sealed, because
/// addresses are logged and names are not.
struct FormName: Sendable {
    let text: String

    /// `{"name":{"firstName":…,"lastName":…}}`; nil for anything else.
    init?(_ user: String?) {
        var limits = FormLimits()
        limits.json = 4096
        limits.jsonDepth = 4
        guard let user, let json = try? JSONValue(parsing: Array(user.utf8), limits: limits) else { return nil }
        let parts = ["firstName", "lastName"].compactMap { json["name"]?[$0]?.string }.filter { !$0.isEmpty }
        guard !parts.isEmpty else { return nil }
        text = String(parts.joined(separator: " ").prefix(120))
    }

    init?(sealed: String, _ context: TenantContext) {
        guard let bytes = Base64URL.decode(sealed), let plain = try? context.house.sealer.open(bytes, for: Self.purpose(context))
        else {
            return nil
        }
        text = String(decoding: plain, as: UTF8.self)
    }

    func sealed(_ context: TenantContext) -> String? {
        (try? context.house.sealer.seal(Array(text.utf8), for: Self.purpose(context))).map { Base64URL.encode($0) }
    }

    private static func purpose(_ context: TenantContext) -> String { "form_name:\(context.tenant.id)" }
}
