import Foundation
import Testing

@testable import Setup

@Suite("Differences between two versions of a file")
struct DifferenceTests {
    /// A text of few different lines, so that much repeats, and one that was changed from it.
    private func pair(_ random: inout SeededRandom) -> (String, String) {
        var lines = (0..<Int.random(in: 0...60, using: &random)).map { _ in "line \(Int.random(in: 0...12, using: &random))" }
        let before = lines.map { $0 + "\n" }.joined()
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let place = Int.random(in: 0...lines.count, using: &random)
            if Bool.random(using: &random) || lines.isEmpty {
                lines.insert("new \(Int.random(in: 0...5, using: &random))", at: place)
            } else {
                lines.remove(at: min(place, lines.count - 1))
            }
        }
        return (before, lines.map { $0 + "\n" }.joined())
    }

    @Test("What is the same, gone and new makes up both texts")
    func complete() {
        var random = SeededRandom(state: 7)
        for _ in 0..<2_000 {
            let (before, after) = pair(&random)
            let (old, new) = (FileDifference.split(before), FileDifference.split(after))
            let pairs = LineMatches(old, new).pairs
            #expect(pairs.allSatisfy { old[$0.old] == new[$0.new] })
            #expect(zip(pairs, pairs.dropFirst()).allSatisfy { $0.old < $1.old && $0.new < $1.new })
            let difference = FileDifference("x", before: before, after: after)
            #expect(difference.added - difference.removed == new.count - old.count)
            if before == after { #expect(difference.lines.allSatisfy { $0.kind == .gap }) }
        }
    }

    @Test("One changed line is one line less and one more, with three around it")
    func oneLine() {
        let text = (1...20).map { "line \($0)\n" }.joined()
        let difference = FileDifference("x", before: text, after: text.replacing("line 10\n", with: "line ten\n"))
        #expect(difference.lines.map(\.kind) == [.gap, .same, .same, .same, .removed, .added, .same, .same, .same, .gap])
        #expect(difference.lines[0].number == 6)
        #expect(difference.lines[4] == .init(kind: .removed, number: 10, text: "line 10"))
    }

    @Test("A hundred thousand lines against others take no time to speak of", .timeLimit(.minutes(1)))
    func large() {
        let same = String(repeating: "x\n", count: 100_000)
        let other = String(repeating: "y\nx\n", count: 60_000)
        let began = ContinuousClock.now
        let difference = FileDifference("x", before: same, after: other)
        #expect(difference.added + difference.removed > 0)
        #expect(ContinuousClock.now - began < .seconds(20))
    }

    @Test("Changes that do not touch come together, whoever made which; those that touch do not")
    func merge() {
        let base = (1...9).map { "line \($0)\n" }.joined()
        let one = base.replacing("line 2\n", with: "two\n")
        let other = base.replacing("line 8\n", with: "").replacing("line 5\n", with: "line 5\nfive and a half\n")
        let both = one.replacing("line 8\n", with: "").replacing("line 5\n", with: "line 5\nfive and a half\n")
        #expect(TextMerge.merged(base: base, theirs: one, yours: other) == both)
        #expect(TextMerge.merged(base: base, theirs: other, yours: one) == both)
        #expect(TextMerge.merged(base: base, theirs: one, yours: base.replacing("line 2\n", with: "zwei\n")) == nil)
        #expect(TextMerge.merged(base: base, theirs: one, yours: one) == one)
        #expect(TextMerge.merged(base: base, theirs: base, yours: one) == one)
    }

    @Test("Merging with an unchanged text gives the changed one, always")
    func mergeAlways() {
        var random = SeededRandom(state: 11)
        for _ in 0..<1_000 {
            let (base, changed) = pair(&random)
            for (theirs, yours) in [(base, changed), (changed, base)] {
                let merged = TextMerge.merged(base: base, theirs: theirs, yours: yours)
                #expect(merged.map(FileDifference.split) == FileDifference.split(changed))
            }
        }
    }
}
