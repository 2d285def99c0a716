import Foundation
import PackagePlugin

/// Compiles `Templates/<module in lower case>/*.html` and `messages.yaml` into the module, one command per file, so that an
/// edit translates only the file it touches.
@main
struct CompileTemplates: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "Templates").appending(path: target.name.lowercased())
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let compiler = try context.tool(named: "TemplateCompiler").url
        let output = context.pluginWorkDirectoryURL
        return names.filter { $0.hasSuffix(".html") || $0 == "messages.yaml" }.sorted().map { name in
            let file = folder.appending(path: name)
            let input = name == "messages.yaml" ? ["--messages", file.path] : [file.path]
            return .buildCommand(
                displayName: "Compiling template \(target.name)/\(name)",
                executable: compiler,
                arguments: ["--module", target.name, "--output", output.path] + input,
                inputFiles: [file],
                outputFiles: [output.appending(path: "\(name).swift")])
        }
    }
}
