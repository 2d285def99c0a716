import HTML

/// Plain names of stylesheets, scripts and icons to their hashed, immutable addresses.
public struct AssetPaths: Sendable {
    private let paths: [String: WebPath]
    /// Every icon's own address in the sprite, made once: a list page asks for dozens.
    private let icons: [Icon: WebPath]

    /// - Parameter paths: "app.css" → "/a/app-3f9c….css".
    public init(_ paths: [String: WebPath] = [:]) {
        self.paths = paths
        let sprite = paths["icons.svg"] ?? "/a/icons.svg"
        icons = Dictionary(uniqueKeysWithValues: Icon.allCases.map { ($0, sprite.at(fragment: $0.rawValue)) })
    }

    /// The address of an asset; a name the server does not know keeps its plain address and answers 404 there.
    public func callAsFunction(_ name: String) -> WebPath {
        paths[name] ?? "/a/\(name)"
    }

    /// The address of an icon inside the sprite.
    public func icon(_ icon: Icon) -> WebPath {
        icons[icon] ?? "/a/icons.svg"
    }
}
