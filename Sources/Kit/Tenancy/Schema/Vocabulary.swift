/// The closed lists that the server brings: no word of them is known to this module.
public struct Vocabulary: Sendable {
    /// Language codes that the server's texts exist in, e.g. `["en", "de"]`.
    public let languages: [String]
    /// Every permission that a route or a service asks for.
    public let permissions: [String]
    public let features: [Feature]

    public init(languages: [String], permissions: [String], features: [Feature] = []) {
        self.languages = languages
        self.permissions = permissions
        self.features = features
    }
}

/// A switch that a tenant may set under `features:`.
public struct Feature: Sendable, Hashable {
    public let key: String
    public let description: String
    public let isOnByDefault: Bool

    public init(_ key: String, _ description: String, onByDefault: Bool = false) {
        self.key = key
        self.description = description
        isOnByDefault = onByDefault
    }
}
