import Foundation

/// Finds what nothing uses, and components that call each other in a circle. The build cannot: it sees one file at a time.
///
/// It reads text, not types, and when in doubt takes a thing as used.
struct Lint {
    private struct File {
        var path: String
        var text: String
        var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
    }

    private struct Component {
        var name: String
        var file: String
        var location: Location
        var calls: Set<String>
    }

    private let templates: [File]
    private let messages: [File]
    private let sources: [File]

    init(_ options: Options) throws {
        let folder = try options.required("templates")
        templates = try Self.files(in: folder, ending: ".html")
        messages = try Self.files(in: folder, ending: "messages.yaml")
        sources = try Self.files(in: try options.required("sources"), ending: ".swift")
    }

    private static func files(in folder: String, ending: String) throws -> [File] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(ending) }.sorted().map {
            File(path: "\(folder)/\($0)", text: try TemplateCompiler.read("\(folder)/\($0)"))
        }
    }

    func mistakes() throws -> [Diagnostic] {
        var mistakes: [Diagnostic] = []
        var components: [Component] = []
        for file in templates {
            let source = try SourceText(file.text, file: file.path)
            do {
                let template = try TemplateParser.parse(source)
                switch template.kind {
                case .page(let type): mistakes += unusedPage(source, type)
                case .component(let call): components.append(component(template, source, call))
                }
            } catch let mistake as Mistake {
                mistakes.append(source.diagnostic(mistake))
            }
        }
        mistakes += unused(components) + circles(components)
        for file in messages { mistakes += try unusedMessages(file) }
        return mistakes
    }

    // MARK: - Pages and components

    private func unusedPage(_ source: SourceText, _ type: Range<Int>) -> [Diagnostic] {
        let name = source.string(type)
        guard !sources.contains(where: { $0.text.contains("\(name)(") }) else { return [] }
        let mistake = Mistake(offset: type.lowerBound, message: "no code makes a \(name): answer with it or remove the template")
        return [source.diagnostic(mistake)]
    }

    private func component(_ template: Template, _ source: SourceText, _ call: Tag.Call) -> Component {
        Component(
            name: source.string(call.name), file: source.file, location: source.location(call.name.lowerBound),
            calls: Set(Self.calls(template.nodes).map { source.string($0.name) }))
    }

    private static func calls(_ nodes: [Node]) -> [Tag.Call] {
        nodes.flatMap { node -> [Tag.Call] in
            switch node {
            case .text, .value, .constant, .slot: []
            case .call(let call, _): [call]
            case .block(let block): [block.call] + calls(block.content) + block.fills.flatMap { calls($0.nodes) }
            case .loop(let loop): calls(loop.body) + calls(loop.empty ?? [])
            case .condition(let condition): condition.branches.flatMap { calls($0.nodes) }
            }
        }
    }

    private func unused(_ components: [Component]) -> [Diagnostic] {
        components.filter { component in
            let isCalled = templates.contains {
                $0.path != component.file && Self.mentions($0.text, component.name, before: ["> ", ">", "layout "], after: "(")
            }
            return !isCalled && !sources.contains { $0.text.contains(".\(component.name)(") }
        }.map {
            Diagnostic(
                file: $0.file, location: $0.location, message: "nothing calls the component '\($0.name)': use or remove it")
        }
    }

    /// A component that reaches itself through others would never end.
    private func circles(_ components: [Component]) -> [Diagnostic] {
        let calls = Dictionary(components.map { ($0.name, $0.calls) }) { first, second in first.union(second) }
        return components.compactMap { component in
            var reached: Set<String> = []
            var waiting = component.calls
            while let name = waiting.popFirst() {
                if reached.insert(name).inserted { waiting.formUnion(calls[name] ?? []) }
            }
            guard reached.contains(component.name) else { return nil }
            return Diagnostic(
                file: component.file, location: component.location,
                message:
                    "the component '\(component.name)' calls itself through others: render one level, the next is its own request"
            )
        }
    }

    // MARK: - Messages

    private func unusedMessages(_ file: File) throws -> [Diagnostic] {
        let root: MessageGroup
        do { root = try MessagesReader.read(file.text, file: file.path) } catch let found as Diagnostics { return found.list }
        let own = templates.filter { $0.folder == file.folder }
        return Self.paths(root, prefix: []).filter { path, _ in !isUsed(path, in: own) }.map { path, location in
            Diagnostic(
                file: file.path, location: location,
                message: "nothing uses the message '\(path.joined(separator: "."))': remove it")
        }
    }

    private static func paths(_ group: MessageGroup, prefix: [String]) -> [(path: [String], location: Location)] {
        group.messages.map { (prefix + [$0.key], $0.location) }
            + group.groups.flatMap { paths($0, prefix: prefix + [$0.name]) }
    }

    /// Used as `t.form.save` in a template beside it, as `….form.save` in Swift, or through its group: `let form = t.form`.
    private func isUsed(_ path: [String], in own: [File]) -> Bool {
        let full = path.joined(separator: ".")
        if own.contains(where: { Self.mentions($0.text, full, before: ["t."], after: nil) }) { return true }
        if sources.contains(where: { Self.mentions($0.text, full, before: ["."], after: nil) }) { return true }
        guard path.count > 1 else { return false }
        let group = path.dropLast().joined(separator: ".")
        // Swift that takes the group first (`let t = FaultsMessages(language).act`) says the last word by itself, in the same file.
        let last = path.last ?? ""
        if sources.contains(where: {
            Self.mentions($0.text, group, before: ["."], after: nil) && Self.mentions($0.text, last, before: ["t."], after: nil)
        }) {
            return true
        }
        return own.contains { Self.mentionsGroup($0.text, "t.\(group)") }
    }

    private static func mentionsGroup(_ text: String, _ group: String) -> Bool {
        text.ranges(of: group).contains { range in
            let next = text[range.upperBound...].utf8.first ?? 0
            return !next.isWord && next != UInt8(ascii: ".")
        }
    }

    /// Whether `word` stands in the text as a whole word after one of `before`, and before `after` or no further letter.
    private static func mentions(_ text: String, _ word: String, before: [String], after: String?) -> Bool {
        before.contains { prefix in
            text.ranges(of: prefix + word + (after ?? "")).contains { range in
                after != nil || !(text[range.upperBound...].utf8.first ?? 0).isWord
            }
        }
    }
}
