import Foundation
import HTML
import Testing
import UI

@Suite("Snapshots of every page's <main>")
struct PageSnapshotTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Snapshots")

    /// `PORTICO_RECORD=1 bin/test --only database,swift --filter PageSnapshot` writes them anew; accepting a change is a commit that shows it.
    @Test("the page prints what its snapshot shows", arguments: PageSamples.all)
    func main(sample: PageSample) throws {
        let html = PageShapeTests.render(sample, .en)
        let start = try #require(html.range(of: "<main"))
        let end = try #require(html.range(of: "</main>"))
        let main = String(html[start.lowerBound..<end.upperBound]) + "\n"
        let area = String(describing: type(of: sample.page))
        let name = sample.name.lowercased().map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
        let file = Self.folder.appending(path: "\(area)/\(name).html")
        if ProcessInfo.processInfo.environment["PORTICO_RECORD"] != nil {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(main.utf8).write(to: file)
        }
        let known = try? String(contentsOf: file, encoding: .utf8)
        #expect(known == main, "\(file.lastPathComponent) differs; look at it and record it anew if it is right")
    }
}
