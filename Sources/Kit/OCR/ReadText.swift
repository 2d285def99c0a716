/// What was read on a picture, in lines from top to bottom. All of it is a stranger's word: whoever wrote on what was photographed.
public struct ReadText: Sendable, Equatable, Codable {
    public struct Word: Sendable, Equatable, Codable {
        public var text: String
        /// How sure the reader is, from 0 to 1.
        public var confidence: Double
        public var box: Box

        public init(text: String, confidence: Double, box: Box) {
            (self.text, self.confidence, self.box) = (text, confidence, box)
        }
    }

    /// Where it stands, in pixels of the picture as the reader saw it: scaled, and turned by ``turn``.
    public struct Box: Sendable, Equatable, Codable {
        public var left: Int
        public var top: Int
        public var right: Int
        public var bottom: Int

        public init(left: Int, top: Int, right: Int, bottom: Int) {
            (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
        }
    }

    public struct Line: Sendable, Equatable, Codable {
        public var words: [Word]

        public init(words: [Word]) { self.words = words }
    }

    public var lines: [Line]
    /// How far the picture had to be turned to the right until something could be read, in quarters.
    public var turn: Int

    public init(lines: [Line] = [], turn: Int = 0) {
        (self.lines, self.turn) = (lines, turn)
    }

    /// The words, the surest first: what a meter may show, for whoever looks for a number.
    public var candidates: [Word] {
        lines.flatMap(\.words).sorted { $0.confidence > $1.confidence }
    }

    /// The lines that somebody would read so, too. Scratches and leaves look like letters, but hardly ever like sure ones.
    public func legible(from confidence: Double = 0.8) -> [String] {
        lines.compactMap { line in
            let words = line.words.filter { $0.confidence >= confidence && $0.isWordLike }.map(\.text)
            return words.reduce(0) { $0 + $1.count(where: \.isPartOfWord) } >= 3 ? words.joined(separator: " ") : nil
        }
    }
}

extension ReadText.Word {
    /// At least two letters or digits, and no more signs than those.
    fileprivate var isWordLike: Bool {
        let parts = text.count(where: \.isPartOfWord)
        return parts >= 2 && parts * 2 >= text.count
    }
}

extension Character {
    fileprivate var isPartOfWord: Bool { isLetter || isNumber }
}
