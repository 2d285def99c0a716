/// Markup that is safe to print as it is. Only components and the Markdown renderer make one.
public struct SafeHTML: Sendable, Hashable {
    public let string: String

    /// For code that has itself escaped or filtered every part of `markup`.
    package init(trusted markup: String) {
        string = markup
    }

    /// Plain text as markup.
    public init(escaping text: String) {
        self.init { $0.text(text) }
    }

    /// What a component or any other writer of `HTML` writes: `SafeHTML { $0.badge(view, "new") }`.
    public init(_ write: (inout HTML) -> Void) {
        var out = HTML(capacity: 256)
        write(&out)
        string = out.string
    }

    public static let empty = SafeHTML(trusted: "")

    public static func + (left: SafeHTML, right: SafeHTML) -> SafeHTML {
        SafeHTML(trusted: left.string + right.string)
    }

    public static func += (left: inout SafeHTML, right: SafeHTML) {
        left = left + right
    }
}
