/// Which lines of two texts are the same: first what begins and ends alike, then lines that stand in both exactly once, then, in what
/// is left between those, the longest common row. Time and memory stay in proportion to the texts, whatever they are.
struct LineMatches {
    /// Pairs of line numbers from 0, both rising.
    private(set) var pairs: [(old: Int, new: Int)] = []
    private let old: [Int]
    private let new: [Int]
    private static let deepest = 40
    /// Lines of one times lines of the other that are compared each with each.
    private static let most = 250_000

    init(_ before: [Substring], _ after: [Substring]) {
        var numbers: [Substring: Int] = [:]
        func number(_ line: Substring) -> Int {
            let next = numbers.count
            if let known = numbers[line] { return known }
            numbers[line] = next
            return next
        }
        old = before.map(number)
        new = after.map(number)
        compare(old.indices, new.indices, depth: 0)
    }

    private mutating func compare(_ a: Range<Int>, _ b: Range<Int>, depth: Int) {
        var (a, b) = (a, b)
        while let x = a.first, let y = b.first, old[x] == new[y] {
            pairs.append((x, y))
            (a, b) = (x + 1..<a.upperBound, y + 1..<b.upperBound)
        }
        var tail: [(old: Int, new: Int)] = []
        while let x = a.last, let y = b.last, old[x] == new[y] {
            tail.append((x, y))
            (a, b) = (a.lowerBound..<x, b.lowerBound..<y)
        }
        between(a, b, depth)
        pairs += tail.reversed()
    }

    private mutating func between(_ a: Range<Int>, _ b: Range<Int>, _ depth: Int) {
        guard !a.isEmpty, !b.isEmpty else { return }
        let anchors = depth < Self.deepest ? anchors(a, b) : []
        guard !anchors.isEmpty else { return exact(a, b) }
        var (i, j) = (a.lowerBound, b.lowerBound)
        for anchor in anchors {
            compare(i..<anchor.old, j..<anchor.new, depth: depth + 1)
            pairs.append(anchor)
            (i, j) = (anchor.old + 1, anchor.new + 1)
        }
        compare(i..<a.upperBound, j..<b.upperBound, depth: depth + 1)
    }

    /// Lines that are unique in both, as many of them as stand in the same order.
    private func anchors(_ a: Range<Int>, _ b: Range<Int>) -> [(old: Int, new: Int)] {
        let (here, there) = (unique(old, a), unique(new, b))
        var common: [(old: Int, new: Int)] = []
        for x in a where here[old[x]] == .some(.some(x)) {
            if case .some(.some(let y)) = there[old[x]] { common.append((old: x, new: y)) }
        }
        // The longest rising row (patience sorting): the last of each pile, and who lay on the pile before when it came.
        var tops: [Int] = []
        var below: [Int?] = []
        for (index, pair) in common.enumerated() {
            var (low, high) = (0, tops.count)
            while low < high {
                let middle = (low + high) / 2
                if common[tops[middle]].new < pair.new { low = middle + 1 } else { high = middle }
            }
            below.append(low > 0 ? tops[low - 1] : nil)
            if low == tops.count { tops.append(index) } else { tops[low] = index }
        }
        var row: [(old: Int, new: Int)] = []
        var next = tops.last
        while let index = next {
            row.append(common[index])
            next = below[index]
        }
        return row.reversed()
    }

    /// Each line's place; nil for one that stands there twice.
    private func unique(_ lines: [Int], _ range: Range<Int>) -> [Int: Int?] {
        var places: [Int: Int?] = [:]
        for place in range {
            let isFirst = places[lines[place]] == nil
            places.updateValue(isFirst ? place : nil, forKey: lines[place])
        }
        return places
    }

    private mutating func exact(_ a: Range<Int>, _ b: Range<Int>) {
        guard a.count <= Self.most / b.count else { return }
        let width = b.count + 1
        var lengths = [Int32](repeating: 0, count: (a.count + 1) * width)
        for i in stride(from: a.count - 1, through: 0, by: -1) {
            for j in stride(from: b.count - 1, through: 0, by: -1) {
                let isSame = old[a.lowerBound + i] == new[b.lowerBound + j]
                lengths[i * width + j] =
                    isSame
                    ? lengths[(i + 1) * width + j + 1] + 1 : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
            }
        }
        var (i, j) = (0, 0)
        while i < a.count, j < b.count {
            if old[a.lowerBound + i] == new[b.lowerBound + j] {
                pairs.append((a.lowerBound + i, b.lowerBound + j))
                (i, j) = (i + 1, j + 1)
            } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
    }
}
