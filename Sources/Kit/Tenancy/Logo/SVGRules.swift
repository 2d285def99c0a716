/// What a logo may consist of.
enum SVGRules {
    /// Without `use`: a few nested ones draw a billion shapes.
    static let elements: Set<String> = [
        "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc", "defs", "linearGradient",
        "radialGradient", "stop", "clipPath", "mask", "text", "tspan"
    ]

    /// Left behind by drawing programs, without effect on the picture: dropped with all they contain.
    static let dropped: Set<String> = ["metadata"]

    /// Presentation properties: allowed as attributes, and in `style`, which is rewritten into attributes.
    static let properties: Set<String> = [
        "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
        "stroke-dasharray", "stroke-dashoffset", "stroke-opacity", "opacity", "clip-path", "clip-rule", "mask", "stop-color",
        "stop-opacity", "color", "display", "visibility", "font-family", "font-size", "font-weight", "font-style", "text-anchor",
        "letter-spacing", "dominant-baseline", "paint-order", "vector-effect", "shape-rendering"
    ]

    static let attributes: Set<String> = [
        "xmlns", "viewBox", "width", "height", "preserveAspectRatio", "id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy",
        "r",
        "rx", "ry", "fx", "fy", "dx", "dy", "points", "transform", "offset", "gradientUnits", "gradientTransform", "spreadMethod",
        "clipPathUnits", "maskUnits", "maskContentUnits", "pathLength", "version", "role", "aria-label", "href", "xlink:href"
    ]

    /// Attributes without effect that need not be refused: other namespaces, and hooks for style sheets we do not allow.
    static func isDropped(_ attribute: String) -> Bool {
        attribute.hasPrefix("xmlns:") || attribute.hasPrefix("data-")
            || ["class", "xml:space", "xml:lang", "version"].contains(attribute)
            || (attribute.contains(":") && attribute != "xlink:href")
    }

    /// Why the value cannot stay, or nil. Functions are limited to colours and transforms; `url()` to this file.
    static func refusal(_ name: String, _ value: String) -> String? {
        if name == "xmlns" { return value == "http://www.w3.org/2000/svg" ? nil : "must be http://www.w3.org/2000/svg" }
        if name == "href" || name == "xlink:href" { return isLocal(value) ? nil : "may only point into this file (#name)" }
        if name == "aria-label" { return nil }
        if name == "id" { return isName(value[...]) ? nil : "must be a plain name" }
        if value.unicodeScalars.contains(where: { $0 == "\\" || $0 == "@" || $0 == "<" || $0 == ";" || $0 == "{" }) {
            return "contains characters that are not allowed"
        }
        var rest = value[...]
        while let open = rest.firstIndex(of: "(") {
            let function = rest[..<open].reversed().prefix { $0.isLetter || $0.isNumber || $0 == "-" }
            guard let close = rest[open...].firstIndex(of: ")") else { return "has a bracket without an end" }
            let inside = rest[rest.index(after: open)..<close]
            guard isAllowed(String(function.reversed()), inside) else { return "uses a function or address that is not allowed" }
            rest = rest[rest.index(after: close)...]
        }
        return nil
    }

    private static let functions: Set<String> = [
        "rgb", "rgba", "hsl", "hsla", "matrix", "translate", "scale", "rotate", "skewX", "skewY"
    ]

    private static func isAllowed(_ function: String, _ argument: Substring) -> Bool {
        if functions.contains(function) { return true }
        return function.lowercased() == "url" && isLocal(String(argument.filter { $0 != "'" && $0 != "\"" }))
    }

    private static func isLocal(_ value: String) -> Bool { value.hasPrefix("#") && isName(value.dropFirst()) }

    private static func isName(_ name: Substring) -> Bool {
        (1...60).contains(name.utf8.count)
            && name.utf8.allSatisfy { isLetter($0) || isDigit($0) || [0x5F, 0x2D, 0x2E].contains($0) }
    }
}
