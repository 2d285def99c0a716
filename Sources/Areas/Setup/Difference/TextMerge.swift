/// Two people's versions of one text brought together, line by line; nil where both changed the same lines in different ways.
enum TextMerge {
    static func merged(base: String, theirs: String, yours: String) -> String? {
        let (old, left, right) = (FileDifference.split(base), FileDifference.split(theirs), FileDifference.split(yours))
        let toLeft = places(old, left)
        let toRight = places(old, right)
        var lines: [Substring] = []
        var (o, l, r) = (0, 0, 0)
        // From one line that all three have to the next; what lies between is somebody's change.
        for next in (0...old.count).filter({ $0 == old.count || (toLeft[$0] != nil && toRight[$0] != nil) }) {
            let x = next == old.count ? left.count : toLeft[next] ?? l
            let y = next == old.count ? right.count : toRight[next] ?? r
            let (before, one, other) = (old[o..<next], left[l..<x], right[r..<y])
            if one.elementsEqual(before) {
                lines += other
            } else if other.elementsEqual(before) || one.elementsEqual(other) {
                lines += one
            } else {
                return nil
            }
            if next < old.count { lines.append(old[next]) }
            (o, l, r) = (next + 1, x + 1, y + 1)
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func places(_ old: [Substring], _ new: [Substring]) -> [Int: Int] {
        Dictionary(LineMatches(old, new).pairs.map { ($0.old, $0.new) }) { first, _ in first }
    }
}
