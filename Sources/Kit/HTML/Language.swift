/// A language that Portico speaks. `messages.yaml` must have every text in each of them.
public enum Language: String, Sendable, CaseIterable, Codable {
    case en, de

    private var groupSeparator: Character {
        switch self {
        case .en: ","
        case .de: "."
        }
    }

    /// A whole number with the language's thousands separator: 12,345 and 12.345.
    public func number(_ value: Int) -> String {
        let digits = String(value.magnitude)
        guard digits.utf8.count > 3 else { return String(value) }
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.utf8.count - index).isMultiple(of: 3) { text.append(groupSeparator) }
            text.append(digit)
        }
        return text
    }
}
