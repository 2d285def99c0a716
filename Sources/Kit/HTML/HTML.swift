import NIOCore

/// A page while it is being written: UTF-8 bytes that go to the socket as they are.
///
/// Compiled templates call these methods. Which of them may take a value depends on the place the value stands in, so an
/// unsafe mixture does not compile: text takes anything printable and `SafeHTML`, an attribute no `SafeHTML`, an address
/// only `WebPath` or `SafeURL`.
public struct HTML: Sendable {
    /// Writes one slot of a component: the content that the caller put between the tags.
    public typealias Slot = (inout HTML) -> Void

    var bytes: PageBytes

    /// - Parameter capacity: bytes to begin with; a page that needs more grows.
    public init(capacity: Int = 8192) {
        bytes = PageBytes(capacity: capacity)
    }

    /// Everything written so far, copied once, for the socket.
    public var buffer: ByteBuffer { bytes.withBytes { ByteBuffer(bytes: $0) } }

    /// Everything written so far; for tests and for values that are stored.
    public var string: String { bytes.withBytes { String(decoding: $0, as: UTF8.self) } }

    /// The template's own markup. A `StaticString` is in the program's text segment: nothing a visitor sends can be one.
    public mutating func raw(_ markup: StaticString) {
        bytes.append(markup)
    }
}

// MARK: - Text between tags

extension HTML {
    public mutating func text(_ value: String) { bytes.writeEscaped(value) }
    public mutating func text(_ value: Substring) { bytes.writeEscaped(value) }
    public mutating func text(_ value: Int) { bytes.writeDecimal(Int64(value)) }
    public mutating func text(_ value: Int32) { bytes.writeDecimal(Int64(value)) }
    public mutating func text(_ value: Int64) { bytes.writeDecimal(value) }
    public mutating func text(_ value: SafeHTML) { bytes.append(value.string) }
    /// Writes nothing for nil.
    public mutating func text(_ value: String?) { if let value { bytes.writeEscaped(value) } }
    /// Writes nothing for nil.
    public mutating func text(_ value: SafeHTML?) { if let value { bytes.append(value.string) } }
    public mutating func text(_ value: WebPath) { bytes.writeEscaped(value.string) }
    public mutating func text(_ value: SafeURL) { bytes.writeEscaped(value.string) }
}

// MARK: - Quoted attribute values, and the text of <title> and <textarea>, where markup has no meaning

extension HTML {
    public mutating func attribute(_ value: String) { bytes.writeEscaped(value) }
    public mutating func attribute(_ value: Substring) { bytes.writeEscaped(value) }
    public mutating func attribute(_ value: Int) { bytes.writeDecimal(Int64(value)) }
    public mutating func attribute(_ value: Int32) { bytes.writeDecimal(Int64(value)) }
    public mutating func attribute(_ value: Int64) { bytes.writeDecimal(value) }
    /// Writes nothing for nil: the attribute is there, with an empty value.
    public mutating func attribute(_ value: String?) { if let value { bytes.writeEscaped(value) } }
    public mutating func attribute(_ value: WebPath) { bytes.writeEscaped(value.string) }
    public mutating func attribute(_ value: SafeURL) { bytes.writeEscaped(value.string) }
}

// MARK: - Addresses

extension HTML {
    /// `href`, `src`, `action` and the other attributes that browsers follow.
    public mutating func url(_ value: WebPath) { bytes.writeEscaped(value.string) }
    public mutating func url(_ value: SafeURL) { bytes.writeEscaped(value.string) }
    /// Addresses whose content runs or is drawn inside the page (`<script src>`, `<iframe src>`, `srcset` …): only this
    /// site's own.
    public mutating func path(_ value: WebPath) { bytes.writeEscaped(value.string) }
}

/// Whether the caller of a component filled this slot: `{{ #if has(actions) }}`.
public func has(_ slot: HTML.Slot?) -> Bool { slot != nil }
