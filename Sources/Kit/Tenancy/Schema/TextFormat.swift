/// A form that text can have: as a pattern for editors and as a check for the server. A test holds the two together.
public struct TextFormat: Sendable {
    public let description: String
    /// ECMA 262, anchored.
    public let pattern: String
    let matches: @Sendable (String) -> Bool

    /// The name of something that the configuration defines: `common_area`, `leastBusy`.
    public static let key = TextFormat(
        description: "a key: a letter, then up to 39 letters, digits or underscores", pattern: "^[A-Za-z][A-Za-z0-9_]{0,39}$"
    ) { text in
        guard let first = text.utf8.first, isLetter(first), text.utf8.count <= 40 else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x5F }
    }

    /// `anna@example.com`: enough to catch slips; whether it exists is another question.
    public static let email = TextFormat(
        description: "an e-mail address", pattern: "^(?=.{3,254}$)[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$"
    ) { text in
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (3...254).contains(text.utf8.count), !parts[0].isEmpty else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return parts[0].utf8.allSatisfy { isLetter($0) || isDigit($0) || Array("._%+-".utf8).contains($0) } && labels.count >= 2
            && labels.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2D } }
    }

    /// Lower case, no port, no trailing dot, no wildcard.
    public static let host = TextFormat(
        description: "a host name: lower-case labels of letters, digits and hyphens, joined by dots, without port or https://",
        pattern: "^(?=.{1,253}$)(?!.*\\.[0-9]+$)(?![0-9]+$)\(hostLabel)(\\.\(hostLabel))*$",
        matches: HostName.isValid)

    private static let hostLabel = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

    /// A file beside `tenant.yaml`.
    static let svgFile = TextFormat(
        description: "the name of an SVG file in this folder, e.g. logo.svg", pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,59}\\.svg$"
    ) { text in
        let stem = text.utf8.dropLast(4)
        guard text.hasSuffix(".svg"), (1...60).contains(stem.count), let first = stem.first else { return false }
        return (isLetter(first) || isDigit(first)) && stem.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x5F || $0 == 0x2D }
    }
}

func isLetter(_ byte: UInt8) -> Bool { (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x41 && byte <= 0x5A) }
