/// Host names as tenants claim them and as requests carry them.
public enum HostName {
    /// A request's host as tenants write theirs: lower case, without port and trailing dot. Nil when it can be no tenant's.
    public static func normalised(_ host: String) -> String? {
        var name = host[...]
        if let colon = name.utf8.firstIndex(of: 0x3A) {
            let port = name[name.index(after: colon)...]
            guard port.utf8.count <= 5, port.utf8.allSatisfy(isDigit) else { return nil }
            name = name[..<colon]
        }
        if name.utf8.last == 0x2E { name = name.dropLast() }
        let lower = asciiLowercased(name)
        return isValid(lower) ? lower : nil
    }

    /// Lower-case labels of letters, digits and hyphens, at most 63 each and 253 in all. A last label of digits would be an IP
    /// address, which anyone may point a name at.
    static func isValid(_ name: String) -> Bool {
        guard (1...253).contains(name.utf8.count) else { return false }
        let labels = name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard let last = labels.last, !last.allSatisfy(isDigit) else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != 0x2D && label.last != 0x2D
                && label.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || isDigit($0) || $0 == 0x2D }
        }
    }

    /// Only A to Z: Unicode's case mapping would let other characters (U+212A, the Kelvin sign) become letters.
    private static func asciiLowercased(_ text: Substring) -> String {
        if !text.utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }) { return String(text) }
        return String(decoding: text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
