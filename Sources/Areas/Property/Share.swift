import Database
import Foundation

/// A part of a unit that somebody owns: an exact fraction above nothing and up to one whole.
package struct Share: Equatable, Sendable {
    package let numerator: Int64
    package let denominator: Int64

    package static let whole = Share(trusted: 1, 1)

    /// nil unless it is above nothing and at most one whole.
    package init?(_ numerator: Int64, _ denominator: Int64) {
        guard numerator >= 1, denominator >= numerator else { return nil }
        self.init(trusted: numerator, denominator)
    }

    private init(trusted numerator: Int64, _ denominator: Int64) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Reads `1/3`, `1`, and percents `33.5 %`, `33,5%`, which are exact as well: 335/1000.
    package init?(_ text: some StringProtocol) {
        let plain = String(text.filter { !$0.isWhitespace })
        guard plain.utf8.count <= 64 else { return nil }
        if plain.hasSuffix("%") {
            self.init(percent: plain.dropLast())
            return
        }
        let parts = plain.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let top = parts.first.flatMap(Self.digits), let bottom = parts.count == 2 ? Self.digits(parts[1]) : 1 else {
            return nil
        }
        self.init(top, bottom)
    }

    private init?(percent text: Substring) {
        let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        let fraction = halves.count == 2 ? halves[1] : ""
        guard let whole = halves.first, fraction.count <= 12, let top = Self.digits(whole + fraction) else { return nil }
        var bottom: Int64 = 100
        for _ in 0..<fraction.count { bottom *= 10 }
        self.init(top, bottom)
    }

    private static func digits(_ text: some StringProtocol) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int64(text)
    }

    /// `1/3`, as people read and type it.
    package var text: String { "\(numerator)/\(denominator)" }

    /// What is left when a part is taken away; nil when nothing is left.
    ///
    /// - Throws: `Overflow` when the difference has no fraction of two 64-bit numbers.
    package func minus(_ part: Share) throws -> Share? {
        let divisor = Self.gcd(denominator, part.denominator)
        let (mine, one) = numerator.multipliedReportingOverflow(by: part.denominator / divisor)
        let (theirs, two) = part.numerator.multipliedReportingOverflow(by: denominator / divisor)
        let (bottom, three) = (denominator / divisor).multipliedReportingOverflow(by: part.denominator)
        guard !one, !two, !three else { throw Overflow() }
        guard mine != theirs else { return nil }
        guard mine > theirs else { throw TooLarge() }
        let common = Self.gcd(mine - theirs, bottom)
        return Share((mine - theirs) / common, bottom / common)
    }

    /// Fractions so fine that their difference does not fit.
    package struct Overflow: Error {}
    /// More was to be taken away than there is.
    package struct TooLarge: Error {}

    private static func gcd(_ one: Int64, _ other: Int64) -> Int64 {
        var (large, small) = (one, other)
        while small != 0 { (large, small) = (small, large % small) }
        return large
    }
}

/// For programs (FLOWS-0 §3).
struct ShareJSON: Codable, Sendable {
    let numerator: Int64
    let denominator: Int64

    init(_ share: Share) {
        numerator = share.numerator
        denominator = share.denominator
    }
}

extension Row {
    /// The share in two columns; nil where none is on record.
    func share(_ numerator: String = "numerator", _ denominator: String = "denominator") throws -> Share? {
        let top: Int64? = try self[numerator]
        let bottom: Int64? = try self[denominator]
        guard let top, let bottom else { return nil }
        return Share(top, bottom)
    }
}
