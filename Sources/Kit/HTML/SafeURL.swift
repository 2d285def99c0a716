/// An address that a person or a company gave and that is safe to follow: a relative path, http, https, mailto or tel.
public struct SafeURL: Sendable, Hashable, CustomStringConvertible {
    public let string: String

    public var description: String { string }

    public init(_ path: WebPath) {
        string = path.string
    }

    /// nil for every other scheme (`javascript:`, `data:` …), for `//host` and `/\host`, for names and passwords before the
    /// host, and for control, format and space characters, plain or as `%0d%0a`.
    public init?(_ address: String) {
        guard !address.isEmpty, address.utf8.count <= 8192, !address.unicodeScalars.contains(where: Self.isDeceptive),
            PercentEncoding.escapesAreHarmless(address), !address.hasPrefix("//"), Self.schemeIsKnown(address)
        else { return nil }
        string = address
    }

    /// The address of a program on somebody's device (RFC 8252, 7.1): its scheme has a dot, as no scheme has that browsers know. Only for
    /// addresses that a company has registered.
    public init?(program address: String) {
        guard let colon = address.firstIndex(of: ":"), address.utf8.count <= 8192,
            !address.unicodeScalars.contains(where: Self.isDeceptive), PercentEncoding.escapesAreHarmless(address)
        else { return nil }
        let labels = address[..<colon].split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            !label.isEmpty && label.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        }
        guard labels.count >= 2, isName, address[address.index(after: colon)...].hasPrefix("/") else { return nil }
        string = address
    }

    /// Characters that browsers drop, turn into `/`, or do not show, so that an address is not what it looks like.
    private static func isDeceptive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned: true
        default: scalar == "\\" || scalar == "\"" || scalar == "<" || scalar == ">"
        }
    }

    private static func schemeIsKnown(_ address: String) -> Bool {
        guard let colon = address.firstIndex(of: ":") else { return true }
        let before = address[..<colon]
        if before.contains(where: { $0 == "/" || $0 == "?" || $0 == "#" }) { return true }
        let rest = address[address.index(after: colon)...]
        switch before.lowercased() {
        case "http", "https": return rest.hasPrefix("//") && hostIsPlain(rest.dropFirst(2))
        case "mailto", "tel": return !rest.isEmpty && !rest.hasPrefix("//")
        default: return false
        }
    }

    private static func hostIsPlain(_ rest: Substring) -> Bool {
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return !authority.isEmpty && !authority.contains("@") && authority.first != ":"
    }
}
