/// How hard a password is to guess for someone who tries what people choose. The text is cut into the pieces that are cheapest
/// together, the idea of zxcvbn (Wheeler, USENIX Security 2016) with a small list: common words, also with digits for
/// letters, rows of keys, sequences, repetitions, years and dates, and single characters for the rest.
enum Guessing {
    /// - Parameters:
    ///   - folded: in small letters.
    ///   - written: as typed; capitals cost a guesser a little.
    static func bits(of folded: String, written: String) -> Double {
        let text = Array(folded.unicodeScalars.map { $0.value })
        var best = [Double](repeating: .infinity, count: text.count + 1)
        best[0] = written.contains(where: \.isUppercase) ? 1 : 0
        for start in text.indices where best[start].isFinite {
            func offer(_ length: Int, _ bits: Double) {
                best[start + length] = min(best[start + length], best[start] + bits)
            }
            offer(1, alphabetBits(text[start]))
            for length in wordLengths(text, at: start) { offer(length, 9) }
            for length in stride(from: runLength(text, at: start), through: 3, by: -1) { offer(length, 5) }
            for length in repeatLengths(text, at: start) { offer(length, 3) }
            if isYear(text, at: start) { offer(4, 6) }
        }
        return best[text.count]
    }

    private static func alphabetBits(_ scalar: UInt32) -> Double {
        switch scalar {
        case 0x30...0x39: 3.3
        case 0x61...0x7A: 4.7
        default: 5.5
        }
    }

    private static func wordLengths(_ text: [UInt32], at start: Int) -> [Int] {
        let candidates = letters(for: text[start]).flatMap { CommonWords.byFirstLetter[$0] ?? [] }
        return candidates.filter { word in
            start + word.count <= text.count
                && word.indices.allSatisfy { letters(for: text[start + $0]).contains(word[$0]) }
        }.map(\.count)
    }

    /// The letters that a character may stand for: itself, and `@` for a, `0` for o and so on.
    private static func letters(for scalar: UInt32) -> [UInt32] {
        switch scalar {
        case 0x30: [0x30, 0x6F]  // 0 o
        case 0x31, 0x21: [scalar, 0x69, 0x6C]  // 1 ! for i, l
        case 0x33: [0x33, 0x65]  // 3 e
        case 0x34, 0x40: [scalar, 0x61]  // 4 @ for a
        case 0x35, 0x24: [scalar, 0x73]  // 5 $ for s
        case 0x37: [0x37, 0x74]  // 7 t
        default: [scalar]
        }
    }

    /// How far a row of keys or a sequence goes on from here, forwards or backwards; the rows go round (…890123…).
    private static func runLength(_ text: [UInt32], at start: Int) -> Int {
        var longest = 1
        for row in CommonWords.rows {
            for (place, key) in row.enumerated() where key == text[start] {
                for step in [1, row.count - 1] {
                    var length = 1
                    var next = (place + step) % row.count
                    while start + length < text.count, text[start + length] == row[next] {
                        length += 1
                        next = (next + step) % row.count
                    }
                    longest = max(longest, length)
                }
            }
        }
        return longest
    }

    /// Pieces that say again what stood just before them: `aaaa`, `abcabc`, `passwordpassword`.
    private static func repeatLengths(_ text: [UInt32], at start: Int) -> [Int] {
        guard start > 0 else { return [] }
        return (1...start).compactMap { period in
            var length = 0
            while start + length < text.count, text[start + length] == text[start + length - period] { length += 1 }
            return length > 0 && (length >= period || start + length == text.count) ? length : nil
        }
    }

    private static func isYear(_ text: [UInt32], at start: Int) -> Bool {
        guard start + 4 <= text.count else { return false }
        let digits = text[start..<start + 4]
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return digits.starts(with: [0x31, 0x39]) || digits.starts(with: [0x32, 0x30])
    }
}
