import Foundation

/// The real Swift compiler on generated code. The modules that templates import are replaced by a stub in the same module.
struct SwiftCompiler {
    struct Outcome {
        var status: Int32
        var output: String
    }

    /// Just enough of HTML and UI, with Kit's own `Language`.
    private static let stub = """
        struct HTML {
            typealias Slot = (inout HTML) -> Void
            var string = ""
            mutating func raw(_ s: StaticString) { string += "\\(s)" }
            mutating func text(_ s: String) { string += "[\\(s)]" }
            mutating func text(_ n: Int) { string += "[\\(n)]" }
            mutating func attribute(_ s: String) { string += "'\\(s)'" }
            mutating func url(_ s: WebPath) { string += s.string }
        }
        struct WebPath { var string: String }
        struct View { var language: Language }
        protocol Page { func render(into out: inout HTML, _ view: View) }
        func has(_ slot: HTML.Slot?) -> Bool { slot != nil }
        """

    private let folder: URL

    init(_ files: [String: String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "portico-templates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let language = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Sources/Kit/HTML/Language.swift")
        var files = files
        files["stub.swift"] = Self.stub
        files["language.swift"] = try String(contentsOf: language.standardized, encoding: .utf8)
        for (name, text) in files {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let own = lines.map { $0 == "import HTML" || $0 == "import UI" ? "" : $0 }.joined(separator: "\n")
            try Data(own.utf8).write(to: folder.appending(path: name))
        }
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    func check() throws -> Outcome { try run("swiftc", ["-typecheck", "-swift-version", "6", "-package-name", "p"] + files()) }

    /// Compiles and runs; `main.swift` must be among the files.
    func result() throws -> Outcome {
        let compiled = try run("swiftc", ["-o", "program", "-swift-version", "6", "-package-name", "p"] + files())
        return compiled.status == 0 ? try run("./program", []) : compiled
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }.sorted()
    }

    private func run(_ program: String, _ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
    }
}
