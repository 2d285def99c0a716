import HTML

/// One page as data: everything its template prints, nothing it would have to compute.
///
/// The template compiler writes `render` from `Templates/<area>/<name>.html`.
public protocol Page: Sendable {
    func render(into out: inout HTML, _ view: View)
}

extension Page {
    /// The whole page as bytes, ready for the socket.
    public func rendered(_ view: View) -> HTML {
        var out = HTML(capacity: 16384)
        render(into: &out, view)
        return out
    }
}
