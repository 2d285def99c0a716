import Foundation
import PackagePlugin

/// Compiles `Templates/<module in lower case>/*.html` and `messages.yaml` into the module, one command per file, so that an
/// edit translates only the file it touches.
@main
struct CompileTemplates: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let templates = context.package.directoryURL.appending(path: "Templates")
        let folder = templates.appending(path: target.name.lowercased())
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let compiler = try context.tool(named: "TemplateCompiler").url
        let output = context.pluginWorkDirectoryURL.appending(path: "Compiled")
        let commands = names.filter { $0.hasSuffix(".html") || $0 == "messages.yaml" }.sorted().map { name in
            let file = folder.appending(path: name)
            let input = name == "messages.yaml" ? ["--messages", file.path] : [file.path]
            return Command.buildCommand(
                displayName: "Compiling template \(target.name)/\(name)",
                executable: compiler,
                arguments: ["--module", target.name, "--output", output.path] + input,
                inputFiles: [file],
                outputFiles: [output.appending(path: "\(name).swift")])
        }
        return try [watch(templates, in: context.pluginWorkDirectoryURL)] + commands
    }

    /// SwiftPM asks a plugin again only when a folder that it watches gets or loses a file, and it watches source folders and
    /// the output folders of prebuild commands. So this command does nothing but own a folder with a link to the templates;
    /// without it a new template would be compiled only after some other change (seen with Swift 6.3).
    private func watch(_ templates: URL, in work: URL) throws -> Command {
        let folder = work.appending(path: "Watched")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let link = folder.appending(path: "Templates")
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: link.path)) != templates.path {
            try? FileManager.default.removeItem(at: link)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: templates)
        }
        return .prebuildCommand(
            displayName: "Watching \(templates.path)", executable: URL(fileURLWithPath: "/usr/bin/true"), arguments: [],
            outputFilesDirectory: folder)
    }
}
