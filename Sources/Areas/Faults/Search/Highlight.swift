import Foundation

/// A piece of a text that a search found: what was asked for, or what stands between.
package struct TextPart: Sendable, Equatable {
    var text: String
    var isHit: Bool
}

/// Marks the words of a text that a search was about, as tolerant as the search itself.
struct Highlight: Sendable {
    private let asked: [String]

    init(_ words: String) {
        asked = Self.words(Self.folded(String(words.prefix(200)))).prefix(8).map(String.init)
    }

    func parts(_ text: String) -> [TextPart] {
        var parts: [TextPart] = []
        var rest = text[...]
        while let first = rest.first {
            let isWord = Self.isWord(first)
            let run = rest.prefix { Self.isWord($0) == isWord }
            rest = rest[run.endIndex...]
            let isHit = isWord && fits(Self.folded(String(run)))
            if let last = parts.last, last.isHit == isHit {
                parts[parts.count - 1].text += run
            } else {
                parts.append(TextPart(text: String(run), isHit: isHit))
            }
        }
        return parts
    }

    private func fits(_ word: String) -> Bool {
        asked.contains { ask in
            word.hasPrefix(ask) || (ask.count > 2 && (word.contains(ask) || Self.likeness(ask, word) >= 0.45))
        }
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    private static func words(_ text: String) -> [Substring] { text.split { !isWord($0) } }

    /// As the database folds words: `app.folded`.
    static func folded(_ text: String) -> String {
        let german = ["ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"]
        return text.lowercased().precomposedStringWithCanonicalMapping.reduce(into: "") { folded, character in
            folded += german[String(character)] ?? String(character)
        }.folding(options: .diacriticInsensitive, locale: nil)
    }

    /// How many of the asked word's groups of three letters the other one has, from 0 to 1: pg_trgm's word_similarity for one word.
    static func likeness(_ asked: String, _ word: String) -> Double {
        let wanted = groups(asked)
        return wanted.isEmpty ? 0 : Double(wanted.intersection(groups(word)).count) / Double(wanted.count)
    }

    private static func groups(_ word: String) -> Set<[Character]> {
        let letters: [Character] = [" ", " "] + Array(word) + [" "]
        return Set((0..<max(0, letters.count - 2)).map { Array(letters[$0..<$0 + 3]) })
    }
}
