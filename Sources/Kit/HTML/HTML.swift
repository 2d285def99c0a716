import NIOCore

/// A page while it is being written: UTF-8 bytes that go to the socket as they are.
///
/// Compiled templates call these methods. Which of them may take a value depends on the place the value stands in, so an
/// unsafe mixture does not compile: text takes anything printable and `SafeHTML`, an attribute no `SafeHTML`, an address
/// only `WebPath` or `SafeURL`.
public struct HTML: Sendable {
    /// Writes one slot of a component: the content that the caller put between the tags.
    public typealias Slot = (inout HTML) -> Void

    public var buffer: ByteBuffer

    public init(capacity: Int = 8192) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
    }

    /// Continues in a buffer that already holds bytes.
    public init(buffer: ByteBuffer) {
        self.buffer = buffer
    }

    /// Everything written so far; for tests and for values that are stored.
    public var string: String { String(buffer: buffer) }

    /// The template's own markup. A `StaticString` is in the program's text segment: nothing a visitor sends can be one.
    public mutating func raw(_ markup: StaticString) {
        buffer.writeStaticString(markup)
    }
}

// MARK: - Text between tags

extension HTML {
    public mutating func text(_ value: String) { buffer.writeEscaped(value) }
    public mutating func text(_ value: Substring) { buffer.writeEscaped(value) }
    public mutating func text(_ value: Int) { buffer.writeDecimal(Int64(value)) }
    public mutating func text(_ value: Int32) { buffer.writeDecimal(Int64(value)) }
    public mutating func text(_ value: Int64) { buffer.writeDecimal(value) }
    public mutating func text(_ value: SafeHTML) { buffer.writeString(value.string) }
    /// Writes nothing for nil.
    public mutating func text(_ value: String?) { if let value { buffer.writeEscaped(value) } }
    /// Writes nothing for nil.
    public mutating func text(_ value: SafeHTML?) { if let value { buffer.writeString(value.string) } }
    public mutating func text(_ value: WebPath) { buffer.writeEscaped(value.string) }
    public mutating func text(_ value: SafeURL) { buffer.writeEscaped(value.string) }
}

// MARK: - Quoted attribute values, and the text of <title> and <textarea>, where markup has no meaning

extension HTML {
    public mutating func attribute(_ value: String) { buffer.writeEscaped(value) }
    public mutating func attribute(_ value: Substring) { buffer.writeEscaped(value) }
    public mutating func attribute(_ value: Int) { buffer.writeDecimal(Int64(value)) }
    public mutating func attribute(_ value: Int32) { buffer.writeDecimal(Int64(value)) }
    public mutating func attribute(_ value: Int64) { buffer.writeDecimal(value) }
    /// Writes nothing for nil: the attribute is there, with an empty value.
    public mutating func attribute(_ value: String?) { if let value { buffer.writeEscaped(value) } }
    public mutating func attribute(_ value: WebPath) { buffer.writeEscaped(value.string) }
    public mutating func attribute(_ value: SafeURL) { buffer.writeEscaped(value.string) }
}

// MARK: - Addresses

extension HTML {
    /// `href`, `src`, `action` and the other attributes that browsers follow.
    public mutating func url(_ value: WebPath) { buffer.writeEscaped(value.string) }
    public mutating func url(_ value: SafeURL) { buffer.writeEscaped(value.string) }
    /// Addresses whose content runs or is drawn inside the page (`<script src>`, `<iframe src>`, `srcset` …): only this
    /// site's own.
    public mutating func path(_ value: WebPath) { buffer.writeEscaped(value.string) }
}

/// Whether the caller of a component filled this slot: `{{ #if has(actions) }}`.
public func has(_ slot: HTML.Slot?) -> Bool { slot != nil }
