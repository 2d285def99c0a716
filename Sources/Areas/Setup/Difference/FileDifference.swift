import Tenancy

/// How one file differs from before: the lines that changed, with some around them.
struct FileDifference: Sendable, Equatable {
    enum Kind: String, Sendable, Codable, CaseIterable { case same, added, removed, gap }

    struct Line: Sendable, Equatable, Codable {
        let kind: Kind
        /// Of the new file, or for what is gone of the old one; how many are left out, for a gap.
        let number: Int
        let text: String
    }

    let file: String
    /// What a page shows of it; the figures count all.
    let lines: [Line]
    let added: Int
    let removed: Int
    private static let around = 3
    private static let shown = 1_000

    init(_ file: String, before: String, after: String) {
        self.file = file
        let all = Self.all(Self.split(before), Self.split(after))
        added = all.count { $0.kind == .added }
        removed = all.count { $0.kind == .removed }
        lines = Self.shortened(all)
    }

    /// Of each file that is not the same, in the files' order.
    static func all(_ before: CompanyFiles, _ after: CompanyFiles) -> [FileDifference] {
        before.changed(after.texts.mapValues { $0 }).names.filter { before[$0] != after[$0] }
            .map { FileDifference($0, before: before[$0] ?? "", after: after[$0] ?? "") }
    }

    static func split(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func all(_ old: [Substring], _ new: [Substring]) -> [Line] {
        var lines: [Line] = []
        var (i, j) = (0, 0)
        func change(to x: Int, _ y: Int) {
            for index in i..<max(i, x) { lines.append(Line(kind: .removed, number: index + 1, text: String(old[index]))) }
            for index in j..<max(j, y) { lines.append(Line(kind: .added, number: index + 1, text: String(new[index]))) }
        }
        for pair in LineMatches(old, new).pairs {
            change(to: pair.old, pair.new)
            lines.append(Line(kind: .same, number: pair.new + 1, text: String(new[pair.new])))
            (i, j) = (pair.old + 1, pair.new + 1)
        }
        change(to: old.count, new.count)
        return lines
    }

    /// Without the long stretches in which nothing changed.
    private static func shortened(_ all: [Line]) -> [Line] {
        var isNear = [Bool](repeating: false, count: all.count)
        for (index, line) in all.enumerated() where line.kind != .same {
            for near in max(0, index - around)..<min(all.count, index + around + 1) { isNear[near] = true }
        }
        var lines: [Line] = []
        var left = 0
        for (line, isShown) in zip(all, isNear) {
            if isShown, lines.count < shown {
                if left > 0 { lines.append(Line(kind: .gap, number: left, text: "")) }
                left = 0
                lines.append(line)
            } else {
                left += 1
            }
        }
        if left > 0 { lines.append(Line(kind: .gap, number: left, text: "")) }
        return lines
    }
}
