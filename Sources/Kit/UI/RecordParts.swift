import HTML

/// A state in a word, with its colour and shape.
public struct Badge: Sendable, Hashable {
    public var text: String
    public var tone: Tone
    public var mark: Mark

    public init(_ text: String, tone: Tone = .neutral, mark: Mark = .none) {
        self.text = text
        self.tone = tone
        self.mark = mark
    }
}

/// One line of a facts list.
public struct Fact: Sendable, Hashable {
    public var label: String
    public var value: String
    public var path: WebPath?

    public init(_ label: String, _ value: String, path: WebPath? = nil) {
        self.label = label
        self.value = value
        self.path = path
    }
}

/// A moment as people read it and as `<time datetime>` needs it.
public struct Moment: Sendable, Hashable {
    public var text: String
    public var iso: String

    public init(text: String, iso: String) {
        self.text = text
        self.iso = iso
    }
}

/// One entry of a timeline, oldest first.
public struct TimelineEntry: Sendable {
    public var actor: String
    /// What happened, as a sentence without the actor: "assigned this to Jan Weber".
    public var text: String
    public var moment: Moment
    public var icon: Icon
    public var tone: Tone
    /// Words of a person that go with it: a reason, a resolution.
    public var note: String?
    /// What kind of entry it is, where that matters: "Internal".
    public var badge: Badge?
    /// Words as people format them, instead of a note.
    public var body: SafeHTML?

    public init(
        actor: String, text: String, moment: Moment, icon: Icon, tone: Tone = .neutral, note: String? = nil, badge: Badge? = nil,
        body: SafeHTML? = nil
    ) {
        self.actor = actor
        self.text = text
        self.moment = moment
        self.icon = icon
        self.tone = tone
        self.note = note
        self.badge = badge
        self.body = body
    }
}

/// A picture in a gallery. Sizes are those of the thumbnail, in pixels.
public struct Picture: Sendable, Hashable {
    public var thumbnail: WebPath
    public var page: WebPath
    public var alt: String
    public var caption: String?
    public var width: Int
    public var height: Int

    public init(thumbnail: WebPath, page: WebPath, alt: String, caption: String? = nil, width: Int, height: Int) {
        self.thumbnail = thumbnail
        self.page = page
        self.alt = alt
        self.caption = caption
        self.width = width
        self.height = height
    }
}

/// A field that two people changed to different things: what it was, what it is now, what this person wants.
public struct MergeLine: Sendable, Hashable {
    /// Name of the form field; the choice is sent under it.
    public var name: String
    public var label: String
    /// As people read it: when the form was opened, now, and in this person's form.
    public var base: String
    public var theirs: String
    public var yours: String
    /// As the form sends it.
    public var theirsValue: String
    public var yoursValue: String

    public init(
        name: String, label: String, base: String, theirs: String, yours: String, theirsValue: String? = nil,
        yoursValue: String? = nil
    ) {
        self.name = name
        self.label = label
        self.base = base
        self.theirs = theirs
        self.yours = yours
        self.theirsValue = theirsValue ?? theirs
        self.yoursValue = yoursValue ?? yours
    }
}

/// A value that a form carries without showing it.
public struct HiddenValue: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// The version that a form changes: after a refusal still the one that it was opened with, so that nothing is overwritten that somebody
    /// else changed meanwhile; the current one once the form has said that there is one.
    public static func version(_ current: Int, opened: String?, stale: Bool) -> HiddenValue {
        HiddenValue("version", String(stale ? current : opened.flatMap { Int($0) } ?? current))
    }
}
