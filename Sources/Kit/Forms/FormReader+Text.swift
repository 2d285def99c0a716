import Foundation

/// What a text must be. Lengths count code points, as Postgres' `length()` does.
public enum TextRule: Sendable, Equatable {
    case required
    case min(Int)
    /// 200 when it is not said.
    case max(Int)
    /// Several lines are allowed.
    case lines
}

extension FormReader {
    /// The text in composed form (NFC), without white space around it, line ends as LF; "" when it was not given.
    public mutating func text(_ name: String, _ rules: TextRule...) -> String {
        text(name, rules: rules) ?? ""
    }

    /// Nil when it was not given or is empty.
    public mutating func optionalText(_ name: String, _ rules: TextRule...) -> String? {
        let text = text(name, rules: rules) ?? ""
        return text.isEmpty ? nil : text
    }

    /// A name that was given several times. Empty values are left out.
    public mutating func texts(_ name: String, max: Int, _ rules: TextRule...) -> [String] {
        if let probe {
            let least = rules.contains(.required) ? 1 : 0
            probe.note(name, TextLimits(rules).kind, required: least > 0, count: least...max)
            return []
        }
        let given = many(name).filter { !$0.value.isEmpty }
        guard check(given.count, min: rules.contains(.required) ? 1 : 0, max: max, name) else { return [] }
        guard given.allSatisfy({ $0.kind == .text }) else {
            fail(name, .wrongType)
            return []
        }
        return given.compactMap { cleaned(name, $0.value, rules) }
    }

    /// An address of at most 254 characters, in lower case. Whether it exists, only a mail to it tells.
    public mutating func email(_ name: String, _ rules: TextRule...) -> String {
        if let probe {
            probe.note(name, .email, required: rules.contains(.required))
            return ""
        }
        guard let text = text(name, rules: rules + [.max(254)])?.lowercased(), !text.isEmpty else { return "" }
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        let sound =
            halves.count == 2 && halves.allSatisfy { !$0.isEmpty && $0.utf8.count <= 190 } && halves[1].contains(".")
            && !halves[1].hasPrefix(".") && !halves[1].hasSuffix(".") && !text.contains("..")
            && !text.unicodeScalars.contains { $0.properties.isWhitespace || "<>()[],;:\\\"".unicodeScalars.contains($0) }
        if !sound { fail(name, .invalidEmail) }
        return text
    }

    /// Exactly what was typed, neither trimmed nor composed, and never given back to a page.
    public mutating func password(_ name: String) -> String {
        keepSecret(name)
        if let probe {
            probe.note(name, .password, required: true)
            return ""
        }
        return required(name, or: "") { form in
            guard let text = form.one(name, .text), !text.isEmpty else { return nil }
            guard text.utf8.count <= 1024 else {
                form.fail(name, .tooLong(max: 128))
                return nil
            }
            return text
        }
    }

    /// The text of a file: neither trimmed nor composed, and judged by whoever reads the file. A browser's line ends become LF; what a
    /// program sends stays as it is.
    /// - Parameter bytes: at most.
    public mutating func source(_ name: String, max bytes: Int) -> String {
        if let probe {
            probe.note(name, .text(min: 0, max: bytes, lines: true))
            return ""
        }
        guard let raw = one(name, .text) else { return "" }
        guard raw.utf8.count <= bytes else {
            fail(name, .tooLong(max: bytes))
            return ""
        }
        return submission.isJSON ? raw : raw.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }

    private mutating func text(_ name: String, rules: [TextRule]) -> String? {
        if let probe {
            probe.note(name, TextLimits(rules).kind, required: rules.contains(.required))
            return probe.text
        }
        let before = problems.count
        let text = one(name, .text).flatMap { cleaned(name, $0, rules) } ?? ""
        guard problems.count == before else { return nil }
        if text.isEmpty, rules.contains(.required) { fail(name, .required) }
        return text
    }

    private mutating func cleaned(_ name: String, _ raw: String, _ rules: [TextRule]) -> String? {
        let limits = TextLimits(rules)
        // Before any look at characters: a megabyte of combining marks is not sorted and counted first.
        guard raw.utf8.count <= limits.max * 12 + 64 else {
            fail(name, .tooLong(max: limits.max))
            return nil
        }
        guard let text = PlainText.cleaned(raw, lines: limits.lines) else {
            fail(name, .invalidCharacters)
            return nil
        }
        let length = text.unicodeScalars.count
        if length > limits.max { fail(name, .tooLong(max: limits.max)) }
        if length > 0, length < limits.min { fail(name, .tooShort(min: limits.min)) }
        return text
    }
}

private struct TextLimits {
    var min = 0
    var max = 200
    var lines = false

    init(_ rules: [TextRule]) {
        for rule in rules {
            switch rule {
            case .min(let count): min = count
            case .max(let count): max = count
            case .lines: lines = true
            case .required: break
            }
        }
    }

    var kind: FieldShape.Kind { .text(min: min, max: max, lines: lines) }
}

/// Text that people typed, in one form.
enum PlainText {
    /// Nil when it has characters that no keyboard types: controls, and those that turn the reading direction around.
    static func cleaned(_ raw: String, lines: Bool) -> String? {
        let unified = raw.utf8.contains(0x0D) ? raw.replacing("\r\n", with: "\n").replacing("\r", with: "\n") : raw
        var hasInk = false
        for scalar in unified.unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x2028, 0x2029:
                if !lines { return nil }
            case 0x09: break
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0xFFF9...0xFFFB: return nil
            case 0x21..<0x7F: hasInk = true
            default:
                if !hasInk { hasInk = !scalar.properties.isWhitespace && scalar.properties.generalCategory != .format }
            }
        }
        guard hasInk else { return "" }
        let trimmed = hasBareEnds(unified.utf8) ? unified : unified.trimmingCharacters(in: .whitespacesAndNewlines)
        let isASCII = trimmed.utf8.allSatisfy { $0 < 0x80 }
        return isASCII ? trimmed : trimmed.precomposedStringWithCanonicalMapping
    }

    /// Whether it begins and ends with ink of ASCII, as most texts do: then nothing is to be trimmed.
    private static func hasBareEnds(_ text: String.UTF8View) -> Bool {
        guard let first = text.first, let last = text.last else { return false }
        return (0x21..<0x7F).contains(first) && (0x21..<0x7F).contains(last)
    }
}
