import Foundation

/// What a browser or program says it is, in words that people know their own devices by. It may say what it likes: this decides nothing.
struct UserAgent: Sendable, Equatable {
    /// "Firefox"; a program's own name, such as "curl"; nil when it says nothing.
    let name: String?
    /// "Windows", "iPhone".
    let system: String?

    init(_ text: String?) {
        let text = String((text ?? "").prefix(400))
        if text.hasPrefix("Mozilla/") {
            name = Self.first(of: Self.browsers, in: text)
            system = Self.first(of: Self.systems, in: text)
        } else {
            let word = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }.prefix(40)
            name = word.isEmpty ? nil : String(word)
            system = nil
        }
    }

    private static func first(of signs: [(sign: String, name: String)], in text: String) -> String? {
        signs.first { text.contains($0.sign) }?.name
    }

    /// In this order: most say that they are Chrome and Safari, too.
    private static let browsers: [(sign: String, name: String)] = [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")
    ]

    private static let systems: [(sign: String, name: String)] = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"), ("Linux", "Linux")
    ]
}
