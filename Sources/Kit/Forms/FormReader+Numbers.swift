import Foundation

extension FormReader {
    /// A whole number; 0 with a problem when there is none.
    public mutating func int(_ name: String, in range: ClosedRange<Int> = 0...Int(Int32.max)) -> Int {
        if let probe {
            probe.note(name, .int(range), required: true)
            return range.lowerBound
        }
        return required(name, or: 0) { $0.optionalInt(name, in: range) }
    }

    public mutating func optionalInt(_ name: String, in range: ClosedRange<Int> = 0...Int(Int32.max)) -> Int? {
        if let probe {
            probe.note(name, .int(range))
            return probe.isFilled ? range.lowerBound : nil
        }
        guard let text = written(name) else { return nil }
        guard Self.isWhole(text) else {
            fail(name, .notANumber)
            return nil
        }
        // Only digits: what does not fit is beyond the range on its side.
        let value = Int(text) ?? (text.hasPrefix("-") ? Int.min : Int.max)
        guard range.contains(value), Int(text) != nil else {
            fail(name, value < range.lowerBound ? .tooSmall(min: "\(range.lowerBound)") : .tooBig(max: "\(range.upperBound)"))
            return nil
        }
        return value
    }

    /// The version that an edit was based on; nil when the form names none. One left empty is refused, because taken as none it
    /// would silently switch off the check for other people's changes.
    public mutating func version() -> Int? {
        if let probe {
            probe.note("version", .int(1...Int(Int32.max)))
            return nil
        }
        return many("version").isEmpty ? nil : int("version", in: 1...Int(Int32.max))
    }

    /// A decimal number as a whole number of its smallest units: "12.5" with three digits is 12500.
    public mutating func scaled(
        _ name: String, digits: Int, decimal: Character = ".", in range: ClosedRange<Int64> = 0...Int64.max
    ) -> Int64 {
        if let probe {
            probe.note(name, .decimal(digits: digits, range), required: true)
            return range.lowerBound
        }
        return required(name, or: 0) { $0.optionalScaled(name, digits: digits, decimal: decimal, in: range) }
    }

    public mutating func optionalScaled(
        _ name: String, digits: Int, decimal: Character = ".", in range: ClosedRange<Int64> = 0...Int64.max
    ) -> Int64? {
        if let probe {
            probe.note(name, .decimal(digits: digits, range))
            return probe.isFilled ? range.lowerBound : nil
        }
        // JSON always has a point, and no groups.
        let isJSON = submission.isJSON
        guard let text = written(name) else { return nil }
        do throws(FieldProblem.Code) {
            let value = try FixedPoint.read(text, digits: digits, decimal: isJSON ? "." : decimal, groups: !isJSON)
            if range.contains(value) { return value }
            let below = value < range.lowerBound
            let bound = FixedPoint.write(below ? range.lowerBound : range.upperBound, digits: digits)
            fail(name, below ? .tooSmall(min: bound) : .tooBig(max: bound))
        } catch {
            fail(name, error)
        }
        return nil
    }

    /// Money in minor units. HTML has one field, written as the tenant writes numbers ("1.234,56"); JSON has
    /// `{"amount": 123456, "currency": "EUR"}`, where the currency, if given, must be this one.
    /// - Parameter digits: the currency's decimals (EUR 2, JPY 0).
    public mutating func money(
        _ name: String, currency: String, digits: Int = 2, decimal: Character = ".",
        in range: ClosedRange<Int64> = 0...1_000_000_000_00
    ) -> Int64 {
        if let probe {
            probe.note(name + ".amount", .int(Int(clamping: range.lowerBound)...Int(clamping: range.upperBound)), required: true)
            probe.note(name + ".currency", .choice([currency]))
            return range.lowerBound
        }
        guard submission.isJSON else { return scaled(name, digits: digits, decimal: decimal, in: range) }
        let given = one(name + ".currency", .text)
        if let given, given != currency { fail(name + ".currency", .notAllowed) }
        let whole = Int(clamping: range.lowerBound)...Int(clamping: range.upperBound)
        return Int64(int(name + ".amount", in: whole))
    }

    /// A measured quantity; never infinite, never not-a-number.
    public mutating func number(_ name: String, in range: ClosedRange<Double>) -> Double {
        if let probe {
            probe.note(name, .number(range), required: true)
            return range.lowerBound
        }
        return required(name, or: range.lowerBound) { $0.optionalNumber(name, in: range) }
    }

    public mutating func optionalNumber(_ name: String, in range: ClosedRange<Double>) -> Double? {
        if let probe {
            probe.note(name, .number(range))
            return probe.isFilled ? range.lowerBound : nil
        }
        guard let text = written(name) else { return nil }
        let plain = text.utf8.allSatisfy { "+-.0123456789eE".utf8.contains($0) }
        guard plain, let value = Double(text), !value.isNaN else {
            fail(name, .notANumber)
            return nil
        }
        guard range.contains(value) else {
            fail(name, value < range.lowerBound ? .tooSmall(min: "\(range.lowerBound)") : .tooBig(max: "\(range.upperBound)"))
            return nil
        }
        return value
    }

    private mutating func written(_ name: String) -> String? {
        guard let raw = one(name, .text, .number) else { return nil }
        guard raw.utf8.count <= 64 else {
            fail(name, .notANumber)
            return nil
        }
        let text = raw.trimmingCharacters(in: .whitespaces)
        return text.isEmpty ? nil : text
    }

    private static func isWhole(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        return !digits.isEmpty && digits.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
}

/// Decimal numbers as whole numbers of their smallest unit, without any floating point in between.
enum FixedPoint {
    /// - Parameter groups: whether thousands may be grouped, by the other of point and comma, a blank or an apostrophe.
    static func read(_ text: String, digits: Int, decimal: Character, groups: Bool) throws(FieldProblem.Code) -> Int64 {
        let sign = text.hasPrefix("-") ? "-" : ""
        let halves = text.dropFirst(sign.count).split(separator: decimal, maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = halves.first, let whole = ungrouped(first, decimal: decimal, groups: groups) else { throw .notANumber }
        let fraction = halves.count == 2 ? halves[1] : ""
        guard halves.count == 1 || !fraction.isEmpty, isDigits(fraction) else { throw .notANumber }
        guard fraction.count <= digits else { throw .tooManyDecimals(max: digits) }
        let zeros = String(repeating: "0", count: digits - fraction.count)
        guard let value = Int64(sign + whole + fraction + zeros) else {
            throw sign.isEmpty ? .tooBig(max: write(.max, digits: digits)) : .tooSmall(min: write(.min, digits: digits))
        }
        return value
    }

    /// With a point; for bounds in messages.
    static func write(_ value: Int64, digits: Int) -> String {
        var text = String(value.magnitude)
        while text.count <= digits { text = "0" + text }
        if digits > 0 { text.insert(".", at: text.index(text.endIndex, offsetBy: -digits)) }
        return value < 0 ? "-" + text : text
    }

    /// The whole part without its groups, which must have three digits each: "1.234" in German, and never "12.34".
    private static func ungrouped(_ text: Substring, decimal: Character, groups: Bool) -> String? {
        if isDigits(text) { return text.isEmpty ? nil : String(text) }
        guard groups else { return nil }
        let separators: [Character] = [decimal == "." ? "," : ".", "'", "’", " ", "\u{A0}", "\u{202F}"]
        guard let separator = separators.first(where: text.contains) else { return nil }
        let pieces = text.split(separator: separator, omittingEmptySubsequences: false)
        guard let first = pieces.first, (1...3).contains(first.count), pieces.allSatisfy(isDigits),
            pieces.dropFirst().allSatisfy({ $0.count == 3 })
        else { return nil }
        return pieces.joined()
    }

    private static func isDigits(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
}
