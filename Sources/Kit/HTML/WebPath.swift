/// An address on this site: `/faults/12?sort=new#timeline`. It begins with exactly one `/`, so it can never lead to another
/// host, and holds no space, quote, backslash or control character, so it can stand in a header and in an attribute.
///
///     let path: WebPath = "/faults/\(number)"          // interpolations are one path segment or one query value
///     path.adding(query: [("page", "2")])
public struct WebPath: Sendable, Hashable, CustomStringConvertible {
    public let string: String

    public var description: String { string }

    /// An address that came from outside, such as `?return_to=`. nil unless it is a path on this site as it stands.
    public init?(_ outside: String) {
        guard outside.utf8.count <= 8192, outside.utf8.first == UInt8(ascii: "/"), !outside.hasPrefix("//"),
            outside == PercentEncoding.encodeIllegal(outside), PercentEncoding.escapesAreHarmless(outside)
        else { return nil }
        self.init(assembled: outside)
    }

    /// Joins parts that are already encoded.
    init(assembled parts: String) {
        if Self.isPlain(parts) {
            string = parts
        } else {
            let tail = parts.drop { $0 == "/" }
            string = Self.withoutDotSegments("/" + tail)
        }
    }

    /// Exactly one slash in front and no segment that begins with a dot or an escape: nothing to mend. Nearly every address is
    /// so, and a list prints dozens of them; searching each for substrings took a twelfth of the page's time.
    private static func isPlain(_ parts: String) -> Bool {
        let slash = UInt8(ascii: "/")
        var bytes = parts.utf8.makeIterator()
        guard bytes.next() == slash else { return false }
        var (isFirst, beginsSegment) = (true, true)
        while let byte = bytes.next() {
            if isFirst, byte == slash { return false }
            if beginsSegment, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "%") { return false }
            (isFirst, beginsSegment) = (false, byte == slash)
        }
        return true
    }

    /// Adds `?name=value&…`, before a fragment if there is one. Names and values are encoded.
    public func adding(query: [(String, String)]) -> WebPath {
        guard !query.isEmpty else { return self }
        let pairs = query.map { PercentEncoding.encode($0.0) + "=" + PercentEncoding.encode($0.1) }.joined(separator: "&")
        let (address, fragment) = split
        return WebPath(assembled: address + (address.contains("?") ? "&" : "?") + pairs + fragment)
    }

    /// The same address at an element: `assets("icons.svg").at(fragment: "bell")`.
    public func at(fragment: String) -> WebPath {
        WebPath(assembled: split.address + "#" + PercentEncoding.encode(fragment))
    }

    private var split: (address: Substring, fragment: Substring) {
        let end = string.firstIndex(of: "#") ?? string.endIndex
        return (string[..<end], string[end...])
    }

    /// Browsers resolve `.` and `..` (also as `%2e`) before they ask the server, so a value that is only dots would leave its
    /// place in the path. Encoding the dots twice keeps it one segment, which then simply is not found.
    private static func withoutDotSegments(_ path: String) -> String {
        guard path.contains("/.") || path.contains("/%2") else { return path }
        let end = path.firstIndex { $0 == "?" || $0 == "#" } ?? path.endIndex
        let segments = path[..<end].split(separator: "/", omittingEmptySubsequences: false).map { segment in
            let dots = segment.replacing("%2e", with: ".").replacing("%2E", with: ".")
            return dots == "." || dots == ".." ? dots.replacing(".", with: "%252E") : segment
        }
        return segments.joined(separator: "/") + path[end...]
    }
}

extension WebPath: ExpressibleByStringInterpolation {
    public init(stringLiteral path: String) {
        self.init(assembled: PercentEncoding.encodeIllegal(path))
    }

    public init(stringInterpolation path: StringInterpolation) {
        self.init(assembled: path.string)
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var string = ""

        public init(literalCapacity: Int, interpolationCount: Int) {
            string.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        public mutating func appendLiteral(_ literal: String) {
            string += PercentEncoding.encodeIllegal(literal)
        }

        public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            string += PercentEncoding.encode(value.description)
        }

        public mutating func appendInterpolation<Value: RawRepresentable>(_ value: Value) where Value.RawValue == String {
            string += PercentEncoding.encode(value.rawValue)
        }

        public mutating func appendInterpolation<Value: RawRepresentable & CustomStringConvertible>(_ value: Value)
        where Value.RawValue == String {
            string += PercentEncoding.encode(value.rawValue)
        }

        /// A path continues: `"\(fault.path)/photos"`.
        public mutating func appendInterpolation(_ path: WebPath) {
            string += path.string
        }
    }
}
