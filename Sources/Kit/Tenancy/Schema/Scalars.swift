extension Schema where Value == Bool {
    /// `true` or `false`. YAML 1.1's other spellings (`no`, `on`, `y` …) are refused: half of all readers take them as text.
    public static var toggle: Schema {
        Schema(json: { _ in .object(["type": .string("boolean")]) }, print: { .bool($0) }) { node, reading in
            switch node.content {
            case .scalar("true", plain: true): return true
            case .scalar("false", plain: true): return false
            default:
                reading.refuse("must be true or false, not \(node.kind)", at: node.position)
                return nil
            }
        }
    }
}

extension Schema where Value == Int {
    /// A whole number in plain digits: no `1e3`, `0x1F`, `1_000`, `+5`, `007`.
    public static func integer(_ range: ClosedRange<Int>) -> Schema {
        Schema(
            json: { _ in
                .object([
                    "type": .string("integer"), "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)
                ])
            },
            print: { .integer($0) }
        ) { node, reading in
            if case .scalar(let text, plain: true) = node.content, isDecimal(text, fraction: false), let value = Int(text),
                range.contains(value)
            {
                return value
            }
            let bounds = "\(range.lowerBound) to \(range.upperBound)"
            reading.refuse("must be a whole number from \(bounds), in plain digits, not \(node.kind)", at: node.position)
            return nil
        }
    }
}

extension Schema where Value == Double {
    /// A number in plain digits with at most nine decimals: `0.11`.
    public static func number(_ range: ClosedRange<Double>) -> Schema {
        Schema(
            json: { _ in
                .object([
                    "type": .string("number"), "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)
                ])
            },
            print: { .number($0) }
        ) { node, reading in
            if case .scalar(let text, plain: true) = node.content, isDecimal(text, fraction: true), let value = Double(text),
                range.contains(value)
            {
                return value
            }
            let bounds = "\(JSON.number(range.lowerBound).text()) to \(JSON.number(range.upperBound).text())"
            reading.refuse("must be a number from \(bounds), in plain digits, not \(node.kind)", at: node.position)
            return nil
        }
    }
}

/// `-?(0|[1-9][0-9]{0,17})` and, when asked for, `(\.[0-9]{1,9})?`.
private func isDecimal(_ text: String, fraction: Bool) -> Bool {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, (1...18).contains(whole.utf8.count), whole.utf8.allSatisfy(isDigit) else { return false }
    if whole.utf8.count > 1, whole.hasPrefix("0") { return false }
    guard parts.count == 2 else { return true }
    return fraction && (1...9).contains(parts[1].utf8.count) && parts[1].utf8.allSatisfy(isDigit)
}

func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
