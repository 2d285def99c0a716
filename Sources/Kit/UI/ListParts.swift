import HTML

/// A filter in force, shown as a chip that removes itself.
public struct Chip: Sendable, Hashable {
    public var label: String
    public var value: String
    /// The same list without this filter.
    public var remove: WebPath

    public init(label: String, value: String, remove: WebPath) {
        self.label = label
        self.value = value
        self.remove = remove
    }
}

/// Where a keyset page lies in its list.
public struct Pager: Sendable, Hashable {
    public var previous: WebPath?
    public var next: WebPath?
    /// "26–50 of 312".
    public var summary: String

    /// False where one page shows everything: the bar above the list has said how much that is.
    public var isNeeded: Bool { previous != nil || next != nil }

    public init(previous: WebPath? = nil, next: WebPath? = nil, summary: String) {
        self.previous = previous
        self.next = next
        self.summary = summary
    }
}

/// One of the pages that share a heading; tabs are links with their own address.
public struct Tab: Sendable, Hashable {
    public var label: String
    public var path: WebPath
    public var current: Bool
    public var count: Int?

    public init(_ label: String, _ path: WebPath, current: Bool = false, count: Int? = nil) {
        self.label = label
        self.path = path
        self.current = current
        self.count = count
    }
}

/// A number that opens the rows behind it.
public struct Stat: Sendable, Hashable {
    public var label: String
    public var value: String
    public var unit: String?
    /// The change in words: "3 more than yesterday".
    public var change: String?
    public var tone: Tone
    public var path: WebPath?

    public init(
        _ label: String, value: String, unit: String? = nil, change: String? = nil, tone: Tone = .neutral, path: WebPath? = nil
    ) {
        self.label = label
        self.value = value
        self.unit = unit
        self.change = change
        self.tone = tone
        self.path = path
    }
}
