import Yams

/// Reads `messages.yaml` and collects every mistake with its line and column.
struct MessagesReader {
    /// Must agree with `Language` in Kit/HTML; if it does not, the generated switch does not compile.
    static let languages = ["en", "de"]

    /// Names that Swift or the generated structs need for themselves.
    private static let reserved: Set<String> = ["language", "init", "self", "type", "protocol", "description"]

    private let file: String
    private let lines: [[Unicode.Scalar]]
    private(set) var diagnostics: [Diagnostic] = []

    private init(text: String, file: String) {
        self.file = file
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
    }

    static func read(_ text: String, file: String) throws -> MessageGroup {
        let text = String(decoding: SourceText.normalised(text), as: UTF8.self)
        var reader = MessagesReader(text: text, file: file)
        var root = MessageGroup(name: "")
        if let node = try reader.compose(text) { root = reader.group(node, name: "") }
        guard reader.diagnostics.isEmpty else {
            throw Diagnostics(list: reader.diagnostics.sorted { $0.location < $1.location })
        }
        return root
    }

    // MARK: - YAML

    private func compose(_ text: String) throws -> Yams.Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw Diagnostics(list: [diagnostic(for: error)])
        }
    }

    private func diagnostic(for error: YamlError) -> Diagnostic {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            return Diagnostic(
                file: file, location: Location(line: mark.line, column: mark.column),
                message: "this is no valid YAML (\(problem)): put the text in double quotes")
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.sorted().first ?? ""
            return Diagnostic(
                file: file, location: secondPlace(of: key, after: Location(line: context.mark.line, column: context.mark.column)),
                message: "the key '\(key)' stands twice: remove one")
        default:
            return Diagnostic(file: file, location: Location(line: 1, column: 1), message: "this is no valid YAML: \(error)")
        }
    }

    /// Yams names the mapping of a repeated key, not its place.
    private func secondPlace(of key: String, after start: Location) -> Location {
        let word = Array(key.unicodeScalars)
        var places: [Location] = []
        for (index, line) in lines.enumerated() where index + 1 >= start.line {
            let indent = line.prefix { $0 == " " }.count
            if line.dropFirst(indent).starts(with: word), line.dropFirst(indent + word.count).first == ":" {
                places.append(Location(line: index + 1, column: indent + 1))
            }
        }
        guard let first = places.first else { return start }
        return places.dropFirst().first { $0.column == first.column } ?? start
    }

    // MARK: - Groups

    private mutating func group(_ node: Yams.Node, name: String) -> MessageGroup {
        var group = MessageGroup(name: name)
        guard case .mapping(let mapping) = node else {
            report(node, "expected keys with texts: key: {en: \"…\", de: \"…\"}")
            return group
        }
        for (keyNode, value) in mapping {
            guard let key = self.key(keyNode) else { continue }
            guard case .mapping(let children) = value, !children.isEmpty else {
                report(value, "'\(key)' needs a text in every language: \(key): {en: \"…\", de: \"…\"}")
                continue
            }
            if children.keys.contains(where: { Self.languages.contains($0.string ?? "") }) {
                if let message = message(children, key: key, at: keyNode) { group.messages.append(message) }
            } else {
                group.groups.append(self.group(value, name: key))
            }
        }
        return group
    }

    private mutating func key(_ node: Yams.Node) -> String? {
        guard case .scalar(let scalar) = node else {
            report(node, "a key is a word")
            return nil
        }
        let letters = scalar.string.unicodeScalars
        guard let first = letters.first, first.isASCIILetter, first.properties.isLowercase,
            letters.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit })
        else {
            report(node, "the key '\(scalar.string)' must be letters and digits and begin with a small letter: it becomes t.key")
            return nil
        }
        if Self.reserved.contains(scalar.string) {
            report(node, "the key '\(scalar.string)' is taken: choose another")
            return nil
        }
        return scalar.string
    }

    // MARK: - Messages

    private mutating func message(_ mapping: Yams.Node.Mapping, key: String, at keyNode: Yams.Node) -> Message? {
        let before = diagnostics.count
        var texts: [(language: String, pattern: MessagePattern)] = []
        for (languageNode, _) in mapping where !Self.languages.contains(languageNode.string ?? "") {
            report(
                languageNode,
                "unknown language '\(languageNode.string ?? "")': there are \(Self.languages.joined(separator: " and "))")
        }
        for language in Self.languages {
            guard let node = mapping.first(where: { $0.key.string == language })?.value else {
                report(keyNode, "'\(key)' has no text for \(language): add \(language): \"…\"")
                continue
            }
            if let pattern = pattern(node, key: key, language: language) { texts.append((language, pattern)) }
        }
        guard diagnostics.count == before, let arguments = arguments(texts, key: key, at: keyNode) else { return nil }
        return Message(key: key, location: location(keyNode), arguments: arguments, texts: texts)
    }

    private mutating func pattern(_ node: Yams.Node, key: String, language: String) -> MessagePattern? {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty, node.tag != Yams.Tag(.null) else {
            report(node, "the \(language) text of '\(key)' is empty: write it in double quotes")
            return nil
        }
        do {
            let pattern = try MessageParser.parse(scalar.string)
            _ = try pattern.arguments()
            return pattern
        } catch let mistake as MessagePattern.Mistake {
            let place = self.place(of: mistake.offset, in: scalar.string, node)
            diagnostics.append(Diagnostic(file: file, location: place, message: mistake.message))
        } catch {
            report(node, "\(error)")
        }
        return nil
    }

    /// The same names in every language; a number in one language is a number in all.
    private mutating func arguments(
        _ texts: [(language: String, pattern: MessagePattern)], key: String, at keyNode: Yams.Node
    ) -> [(name: String, type: MessagePattern.ArgumentType)]? {
        guard let first = texts.first, var result = try? first.pattern.arguments() else { return nil }
        for text in texts.dropFirst() {
            guard let others = try? text.pattern.arguments() else { return nil }
            for name in Set(result.map(\.name)).symmetricDifference(others.map(\.name)).sorted() {
                let missing = others.contains { $0.name == name } ? first.language : text.language
                report(
                    keyNode, "'\(key)' does not use {\(name)} in its \(missing) text: use the same arguments in every language")
                return nil
            }
            for other in others where other.type == .int {
                if let index = result.firstIndex(where: { $0.name == other.name }) { result[index].type = .int }
            }
        }
        return result
    }

    // MARK: - Places

    private func location(_ node: Yams.Node) -> Location {
        Location(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }

    private mutating func report(_ node: Yams.Node, _ message: String) {
        diagnostics.append(Diagnostic(file: file, location: location(node), message: message))
    }

    /// The exact column when the text stands in the file as it is; otherwise (folded, escaped) where the text begins.
    private func place(of offset: Int, in text: String, _ node: Yams.Node) -> Location {
        var place = location(node)
        guard place.line >= 1, place.line <= lines.count else { return place }
        let line = lines[place.line - 1].dropFirst(place.column - 1)
        let quote = line.first == "\"" || line.first == "'" ? 1 : 0
        if line.dropFirst(quote).starts(with: text.unicodeScalars) { place.column += quote + offset }
        return place
    }
}
