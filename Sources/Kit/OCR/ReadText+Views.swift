extension ReadText {
    /// Lines of several views of one picture, from top to bottom. What two views read at the same place counts once, as the surer one
    /// reads it: half of the letters' insides are legible in the other one, too.
    init(_ found: [Line], turn: Int) {
        let words = found.enumerated().flatMap { line, words in words.words.map { (line: line, word: $0) } }
        var kept: [(line: Int, word: Word)] = []
        for entry in words.sorted(by: { $0.word.confidence > $1.word.confidence })
        where !kept.contains(where: { $0.word.box.covers(entry.word.box) }) {
            kept.append(entry)
        }
        let lines = Dictionary(grouping: kept, by: \.line).values.map { words in
            Line(words: words.map(\.word).sorted { $0.box.left < $1.box.left })
        }
        self.init(lines: lines.sorted { ($0.top, $0.left) < ($1.top, $1.left) }, turn: turn)
    }
}

extension ReadText.Line {
    fileprivate var top: Int { words.map(\.box.top).min() ?? 0 }
    fileprivate var left: Int { words.map(\.box.left).min() ?? 0 }
}

extension ReadText.Box {
    private var area: Int { max(right - left, 0) * max(bottom - top, 0) }

    /// Whether more than half of the smaller one is within the other.
    fileprivate func covers(_ other: ReadText.Box) -> Bool {
        let shared = ReadText.Box(
            left: max(left, other.left), top: max(top, other.top), right: min(right, other.right),
            bottom: min(bottom, other.bottom))
        return shared.area * 2 > min(area, other.area)
    }
}
