/// A text that companies may replace by a file of their own: which fields it may name, with a sample of each for previews.
public struct TextKind: Sendable {
    /// `fault.assigned`: the file is `notices/fault.assigned.en.mustache`.
    public let name: String
    public let samples: [String: String]

    public init(_ name: String, samples: [String: String]) {
        self.name = name
        self.samples = samples
    }
}
