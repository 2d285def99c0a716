import Foundation
import Testing

@testable import portico

@Suite("The style sheets")
struct StyleSheetTests {
    /// Two components of one name meet on a page sooner or later: a document's first page once made work sheets narrow on paper.
    @Test("A class is one component: no two rules of its own stand at the top of a layer")
    func oneComponent() throws {
        var known: [String: String] = [:]
        let folder = TestHouse.home.appending(path: "Public/css")
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let text = try String(contentsOf: file, encoding: .utf8).replacing(#/\/\*.*?\*\//#.dotMatchesNewlines(), with: "")
            for name in Self.selectors(text) where name.wholeMatch(of: #/\.[a-z-]+/#) != nil {
                #expect(known[name] == nil, "\(name) of \(file.lastPathComponent) is that of \(known[name] ?? "") already")
                known[name] = file.lastPathComponent
            }
        }
        #expect(known.count > 50)
    }

    /// What stands before each block directly within a layer.
    private static func selectors(_ text: String) -> [String] {
        var (depth, found, current) = (0, [String](), "")
        for character in text {
            switch character {
            case "{":
                if depth == 1 { found.append(current.trimmingCharacters(in: .whitespacesAndNewlines)) }
                (depth, current) = (depth + 1, "")
            case "}": (depth, current) = (depth - 1, "")
            case ";": current = ""
            default: current.append(character)
            }
        }
        return found
    }
}
