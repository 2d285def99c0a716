import Foundation

/// The command that the build plugin runs.
///
///     TemplateCompiler --module Faults --output <folder> [--messages messages.yaml] [list.html …]
///     TemplateCompiler lint --templates Templates --sources Sources
///
/// The first writes `<folder>/list.html.swift` for each template and `<folder>/messages.yaml.swift`. Both print mistakes as
/// `file:line:column: error: …` and end with 1; a wrong command line ends with 2.
@main
enum TemplateCompiler {
    static func main() {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            let mistakes =
                arguments.first == "lint"
                ? try Lint(Options(arguments.dropFirst())).mistakes() : try compile(Options(arguments[...]))
            for mistake in mistakes { report(mistake.description) }
            if !mistakes.isEmpty { exit(1) }
        } catch {
            report("error: \(error)")
            exit(2)
        }
    }

    private static func report(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    private static func compile(_ options: Options) throws -> [Diagnostic] {
        let module = try options.required("module")
        let folder = try options.required("output")
        var mistakes: [Diagnostic] = []
        func write(_ file: String, _ translate: (String, String, String) throws -> String) throws {
            do {
                let swift = try translate(try read(file), file, module)
                let name = file.split(separator: "/").last.map(String.init) ?? file
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try Data(swift.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).swift"), options: .atomic)
            } catch let found as Diagnostics {
                mistakes += found.list
            }
        }
        if let messages = options.values["messages"] { try write(messages, MessagesTranslator.translate(source:file:module:)) }
        for file in options.files { try write(file, TemplateTranslator.translate(source:file:module:)) }
        return mistakes
    }

    static func read(_ file: String) throws -> String {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let place = Location(line: 1, column: 1)
            throw Diagnostics(list: [Diagnostic(file: file, location: place, message: "the file is not UTF-8: save it as UTF-8")])
        }
        return text
    }
}

/// `--name value` pairs and files.
struct Options {
    struct Misuse: Error, CustomStringConvertible {
        var description: String
    }

    private(set) var values: [String: String] = [:]
    private(set) var files: [String] = []

    init(_ arguments: ArraySlice<String>) throws {
        var rest = arguments
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                files.append(argument)
                continue
            }
            let name = String(argument.dropFirst(2))
            guard ["module", "messages", "output", "templates", "sources"].contains(name), let value = rest.popFirst() else {
                throw Misuse(description: "unknown or incomplete option \(argument)")
            }
            values[name] = value
        }
    }

    func required(_ name: String) throws -> String {
        guard let value = values[name] else { throw Misuse(description: "--\(name) is missing") }
        return value
    }
}
