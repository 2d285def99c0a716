import HTML

/// The signed-in member as the shell shows them.
public struct Person: Sendable, Hashable {
    public var name: String
    /// The role in words, or the building; shown under the name.
    public var subtitle: String
    /// Opaque and stable; keeps drafts of two people on one device apart.
    public var key: String

    public init(name: String, subtitle: String, key: String = "") {
        self.name = name
        self.subtitle = subtitle
        self.key = key
    }

    /// At most two letters for the avatar.
    public var initials: String {
        let words = name.split(separator: " ")
        let ends = [words.first, words.count > 1 ? words.last : nil].compactMap(\.self)
        return String(ends.compactMap(\.first)).uppercased()
    }
}

/// One entry of the main navigation.
public struct NavItem: Sendable, Hashable {
    public var label: String
    public var path: WebPath
    public var icon: Icon
    public var current: Bool
    /// Things waiting behind this entry; nil shows no number.
    public var count: Int?
    /// What changes that number (Kit/Live).
    public var topic: String?

    public init(label: String, path: WebPath, icon: Icon, current: Bool = false, count: Int? = nil, topic: String? = nil) {
        self.label = label
        self.path = path
        self.icon = icon
        self.current = current
        self.count = count
        self.topic = topic
    }
}

/// One place on the way from the top to this page; the last one is the page itself and has no path.
public struct Crumb: Sendable, Hashable {
    public var label: String
    public var path: WebPath?

    public init(_ label: String, _ path: WebPath? = nil) {
        self.label = label
        self.path = path
    }
}

/// What the last act did, said once after the redirect.
public struct Flash: Sendable, Hashable, Codable {
    public var tone: Tone
    public var text: String
    /// Where the object is, when it is not this page: a path beginning with "/" and its label.
    public var path: String?
    public var label: String?

    public init(_ text: String, tone: Tone = .ok, path: String? = nil, label: String? = nil) {
        self.tone = tone
        self.text = text
        self.path = path
        self.label = label
    }

    /// Nil also when the path does not lead to this site.
    var link: WebPath? { path.flatMap { WebPath($0) } }

    var icon: Icon {
        switch tone {
        case .ok: .checkCircle
        case .warn, .bad: .warning
        case .neutral, .info, .note, .brand: .info
        }
    }
}
