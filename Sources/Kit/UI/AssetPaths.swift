import HTML

/// Plain names of stylesheets, scripts and icons to their hashed, immutable addresses.
public struct AssetPaths: Sendable {
    private let paths: [String: WebPath]

    /// - Parameter paths: "app.css" → "/a/app-3f9c….css".
    public init(_ paths: [String: WebPath] = [:]) {
        self.paths = paths
    }

    /// The address of an asset; a name the server does not know keeps its plain address and answers 404 there.
    public func callAsFunction(_ name: String) -> WebPath {
        paths[name] ?? "/a/\(name)"
    }
}
