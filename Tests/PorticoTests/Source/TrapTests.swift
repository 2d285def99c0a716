import Foundation
import Testing

/// A trap ends the process for everybody (SECURITY 1.6), so the words that trap on a wrong guess stay out of the source.
@Suite("T73 no forced unwrapping, no forced try, no forced cast in the source")
struct TrapTests {
    private static let sources = TestHouse.home.appending(path: "Sources")

    @Test("T73 swift-format refuses them, and nothing is exempt from it")
    func rules() throws {
        let file = try JSONSerialization.jsonObject(with: Data(contentsOf: TestHouse.home.appending(path: ".swift-format")))
        let rules = try #require((file as? [String: Any])?["rules"] as? [String: Bool])
        for rule in ["NeverForceUnwrap", "NeverUseForceTry", "NeverUseImplicitlyUnwrappedOptionals"] {
            #expect(rules[rule] == true, "\(rule)")
        }
        try eachFile { path, text in #expect(!text.contains("swift-format-ignore"), "\(path)") }
    }

    @Test("T73 no other spelling of them is there either")
    func words() throws {
        let traps = /\btry!|\bas!|\bunsafelyUnwrapped\b|\bfatalError\(|\bunsafeBitCast\b/
        try eachFile { path, text in
            for line in text.split(separator: "\n") where !line.drop(while: \.isWhitespace).hasPrefix("//") {
                #expect(line.firstMatch(of: traps) == nil, "\(path): \(line)")
            }
        }
    }

    private func eachFile(_ look: (String, String) throws -> Void) throws {
        var count = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path) where path.hasSuffix(".swift") {
            try look(path, String(contentsOf: Self.sources.appending(path: path), encoding: .utf8))
            count += 1
        }
        #expect(count > 100)
    }
}
