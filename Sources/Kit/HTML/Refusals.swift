/// Overloads that exist only so that the compiler says what to do, at the template's own line.
extension HTML {
    @available(*, unavailable, message: "true and false have no text: write {{ #if … }}")
    public mutating func text(_ value: Bool) {}

    @available(*, unavailable, message: "a Double has no text: prepare it in the page struct with view.format")
    public mutating func text(_ value: Double) {}

    @available(*, unavailable, message: "true and false have no text: write {{ #if … }} attribute{{ /if }}")
    public mutating func attribute(_ value: Bool) {}

    @available(*, unavailable, message: "a Double has no text: prepare it in the page struct")
    public mutating func attribute(_ value: Double) {}

    @available(*, unavailable, message: "markup cannot stand in an attribute, <title> or <textarea>: pass a String")
    public mutating func attribute(_ value: SafeHTML) {}

    @available(
        *, unavailable, message: "an address must be a WebPath (\"/faults/\\(number)\") or a checked SafeURL, not a String"
    )
    public mutating func url(_ value: String) {}

    @available(*, unavailable, message: "an address that may be missing: write {{ #if let path = … }}<a href=…>{{ /if }}")
    public mutating func url(_ value: WebPath?) {}

    @available(*, unavailable, message: "an address that may be missing: write {{ #if let url = … }}<a href=…>{{ /if }}")
    public mutating func url(_ value: SafeURL?) {}

    @available(*, unavailable, message: "this address must be a WebPath of this site, not a String")
    public mutating func path(_ value: String) {}

    @available(*, unavailable, message: "this address must be a WebPath: scripts, frames and image sets come from this site only")
    public mutating func path(_ value: SafeURL) {}
}
