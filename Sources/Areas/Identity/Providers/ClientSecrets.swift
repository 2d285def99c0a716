import Foundation

/// The secrets of companies' clients at their identity providers, which the operator has. A company names one of its own and never sees
/// it; another company's it cannot name.
package struct ClientSecrets: Sendable {
    private let secrets: [String: String]

    package static let none = ClientSecrets(secrets: [:])

    private init(secrets: [String: String]) {
        self.secrets = secrets
    }

    /// Takes `company/name=secret` each, with blanks or line breaks between them.
    ///
    /// - Returns: nil when one of them is none.
    package init?(_ text: String) {
        var secrets: [String: String] = [:]
        for word in text.split(whereSeparator: \.isWhitespace) {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].split(separator: "/", omittingEmptySubsequences: false).count == 2,
                secrets.updateValue(String(parts[1]), forKey: String(parts[0])) == nil
            else { return nil }
        }
        self.secrets = secrets
    }

    func secret(_ name: String, of slug: String) -> String? { secrets["\(slug)/\(name)"] }

    /// Whether the provider can be asked at all: it needs no secret, or its secret is here.
    package func suffice(for provider: Provider, of slug: String) -> Bool {
        provider.setting.terms.secretName.map { secret($0, of: slug) != nil } ?? true
    }
}
