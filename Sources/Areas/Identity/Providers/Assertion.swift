import Forms
import Foundation
import Mail
import UI

/// What a provider says of somebody, once it is believed.
struct Assertion: Sendable {
    let provider: Provider
    let subject: String
    /// Everything that it says, for rules on roles.
    let claims: JSONValue
    /// The name that it gave apart from the claims.
    var name: String?

    var issuer: String { provider.setting.house.issuer }
    var methods: [String] { claims.texts(at: "amr") }
    var contextClass: String? { claims["acr"]?.string }

    /// When the person last showed the provider who they are.
    var authenticatedAt: Date? { claims["auth_time"]?.int.map { Date(timeIntervalSince1970: Double($0)) } }

    /// In lower case; nil when it is none that mails could be sent to.
    var email: String? { claims["email"]?.string.flatMap { MailAddress($0.lowercased())?.text } }

    /// The address, if it is known to be the person's own.
    var confirmedEmail: String? {
        if provider.setting.terms.mail == .trusted { return email }
        // Apple says it as text.
        let verified = claims["email_verified"]
        return verified == .bool(true) || verified?.string == "true" ? email : nil
    }

    /// How the person is called; the address without its host when nothing says so.
    func displayName(_ email: String) -> String {
        let parts = ["given_name", "family_name"].compactMap { claims[$0]?.string }.joined(separator: " ")
        let candidates = [claims["name"]?.string, name, parts, email.split(separator: "@").first.map(String.init)]
        let plain = candidates.lazy.compactMap { $0.map(Self.plain) }.first { !$0.isEmpty }
        return plain ?? email
    }

    private static func plain(_ text: String) -> String {
        let shown = text.unicodeScalars.filter {
            ![.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
        var plain = String.UnicodeScalarView()
        plain.append(contentsOf: shown.prefix(120))
        return String(plain).trimmingCharacters(in: .whitespaces)
    }

    /// Whether something that people or rules need is missing, which the provider may say when it is asked for it.
    static func isScant(_ claims: JSONValue, _ provider: Provider) -> Bool {
        if claims["email"] == nil || claims["name"] == nil { return true }
        return provider.setting.terms.roles.claim.map { claims.texts(at: $0).isEmpty } ?? false
    }
}

extension JSONValue {
    /// What the other one says besides; what this one says stands.
    func completed(by other: JSONValue) -> JSONValue {
        guard case .object(let own) = self, case .object(let more) = other else { return self }
        let names = Set(own.map(\.name))
        return .object(own + more.filter { !names.contains($0.name) })
    }
}
