/// The word of `allowed` that `text` most likely meant: at most one slip per three letters, or the same without punctuation.
func suggestion(for text: String, among allowed: [String]) -> String? {
    guard text.utf8.count <= 64 else { return nil }
    let wanted = Array(text.lowercased())
    let limit = max(1, wanted.count / 3)
    var best: (word: String, distance: Int)?
    for word in allowed {
        let distance = slips(wanted, Array(word.lowercased()))
        if distance <= limit, distance < best?.distance ?? .max { best = (word, distance) }
    }
    return best?.word
}

/// Optimal string alignment: insertions, deletions, replacements and swapped neighbours.
private func slips(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var row = [i + 1]
        for (j, right) in b.enumerated() {
            var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left == right ? 0 : 1))
            if i > 0, j > 0, left == b[j - 1], a[i - 1] == right { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
