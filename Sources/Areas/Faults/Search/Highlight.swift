import Foundation

/// A piece of a text that a search found: what was asked for, or what stands between.
package struct TextPart: Sendable, Equatable {
    var text: String
    var isHit: Bool
}

/// Marks the words of a text that a search was about, as tolerant as the search itself.
struct Highlight: Sendable {
    private let asked: [(word: String, groups: Set<UInt64>)]

    init(_ words: String) {
        asked = Self.words(Self.folded(String(words.prefix(200)))).prefix(8).map { (String($0), Self.groups($0)) }
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
        let groups = Self.groups(word)
        return asked.contains { ask in
            word.hasPrefix(ask.word)
                || (ask.word.count > 2 && (word.contains(ask.word) || Self.likeness(ask.groups, groups) >= 0.45))
        }
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    private static func words(_ text: String) -> [Substring] { text.split { !isWord($0) } }

    /// As the database folds words: `app.folded`.
    static func folded(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        let german = ["ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"]
        return text.lowercased().precomposedStringWithCanonicalMapping.reduce(into: "") { folded, character in
            folded += german[String(character)] ?? String(character)
        }.folding(options: .diacriticInsensitive, locale: nil)
    }

    /// How many of the asked word's groups of three letters the other one has, from 0 to 1: pg_trgm's word_similarity for one word.
    private static func likeness(_ asked: Set<UInt64>, _ word: Set<UInt64>) -> Double {
        asked.isEmpty ? 0 : Double(asked.intersection(word).count) / Double(asked.count)
    }

    /// Three letters of 21 bits each, two blanks before the word and one behind.
    private static func groups(_ word: some StringProtocol) -> Set<UInt64> {
        let blank: UInt64 = 0x20
        var (group, groups) = (blank << 21 | blank, Set<UInt64>())
        for letter in word.unicodeScalars.map({ UInt64($0.value) }) + [blank] {
            group = (group << 21 | letter) & (1 << 63 - 1)
            groups.insert(group)
        }
        return groups
    }
}
