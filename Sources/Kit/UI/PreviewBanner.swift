import HTML

/// Stands above every page while somebody looks at another one's pages.
public struct PreviewBanner: Sendable, Hashable {
    public var text: String
    /// POST: the way out.
    public var end: WebPath

    public init(text: String, end: WebPath) {
        self.text = text
        self.end = end
    }
}
