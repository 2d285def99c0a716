/// Writes the typed messages of one module: `t.title`, `t.openFaults(count: 3)`, `t.form.save`.
struct MessagesWriter {
    private static let keywords: Set<String> = [
        "as", "break", "case", "catch", "class", "continue", "default", "defer", "do", "else", "enum", "extension", "false",
        "for",
        "func", "guard", "if", "import", "in", "is", "let", "nil", "operator", "private", "public", "repeat", "rethrows",
        "return",
        "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "var", "where", "while"
    ]

    private var text = ""

    static func swift(_ root: MessageGroup, module: String, file: String) -> String {
        var writer = MessagesWriter()
        let name = file.split(separator: "/").suffix(3).joined(separator: "/")
        writer.text = "// Made from \(name) by TemplateCompiler. Change the messages, not this file.\nimport HTML\n\n"
        writer.group(root, type: "\(module)Messages", indent: "")
        return writer.text
    }

    private mutating func group(_ group: MessageGroup, type: String, indent: String) {
        let inner = indent + "    "
        text += "\(indent)package struct \(type): Sendable {\n"
        text += "\(inner)package let language: Language\n"
        text += "\(inner)package init(_ language: Language) { self.language = language }\n"
        for message in group.messages { self.message(message, indent: inner) }
        for child in group.groups {
            let childType = child.name.prefix(1).uppercased() + child.name.dropFirst()
            text += "\(inner)package var \(Self.name(child.name)): \(childType) { \(childType)(language) }\n"
            self.group(child, type: childType, indent: inner)
        }
        text += "\(indent)}\n"
    }

    private static func name(_ key: String) -> String { keywords.contains(key) ? "`\(key)`" : key }

    private mutating func message(_ message: Message, indent: String) {
        let name = Self.name(message.key)
        if message.arguments.isEmpty {
            text += "\(indent)package var \(name): String {\n"
        } else {
            let parameters = message.arguments.map { "\(Self.name($0.name)): \($0.type.rawValue)" }.joined(separator: ", ")
            text += "\(indent)package func \(name)(\(parameters)) -> String {\n"
        }
        let isSimple = message.texts.allSatisfy { Self.isSimple($0.pattern.pieces) }
        if !isSimple { text += "\(indent)    var text = \"\"\n" }
        text += "\(indent)    switch language {\n"
        for (language, pattern) in message.texts {
            text += "\(indent)    case .\(language):\n"
            if isSimple { text += "\(indent)        \(Self.interpolation(pattern.pieces))\n" }
            if !isSimple { append(pattern.pieces, indent: indent + "        ") }
        }
        text += "\(indent)    }\n"
        if !isSimple { text += "\(indent)    return text\n" }
        text += "\(indent)}\n"
    }

    private static func isSimple(_ pieces: [MessagePattern.Piece]) -> Bool {
        pieces.allSatisfy { piece in
            switch piece {
            case .text, .argument, .number: true
            case .plural, .select: false
            }
        }
    }

    private static func interpolation(_ pieces: [MessagePattern.Piece]) -> String {
        let parts = pieces.map { piece in
            switch piece {
            case .text(let text): SwiftCode.escaped(text)
            case .argument(let argument): "\\(\(name(argument)))"
            case .number(let argument): "\\(language.number(\(name(argument))))"
            case .plural, .select: ""
            }
        }
        return "\"\(parts.joined())\""
    }

    private mutating func append(_ pieces: [MessagePattern.Piece], indent: String) {
        var simple: [MessagePattern.Piece] = []
        for piece in pieces {
            switch piece {
            case .text, .argument, .number: simple.append(piece)
            case .plural(let argument, let choices):
                flush(&simple, indent)
                plural(argument, choices, indent: indent)
            case .select(let argument, let choices):
                flush(&simple, indent)
                select(argument, choices, indent: indent)
            }
        }
        flush(&simple, indent)
        if pieces.isEmpty { text += "\(indent)break\n" }
    }

    private mutating func flush(_ simple: inout [MessagePattern.Piece], _ indent: String) {
        if !simple.isEmpty { text += "\(indent)text += \(Self.interpolation(simple))\n" }
        simple = []
    }

    /// CLDR's rule for whole numbers in English and German: `one` is 1 (and −1), `other` the rest. Exact numbers come first.
    private mutating func plural(_ argument: String, _ choices: [MessagePattern.Choice], indent: String) {
        let exact = choices.compactMap { choice in choice.exact.map { ($0, choice.pieces) } }
        text += "\(indent)switch \(Self.name(argument)) {\n"
        for (number, pieces) in exact { branch("case \(number)", pieces, indent) }
        if let one = choices.first(where: { $0.key == "one" }) {
            branch("case \(exact.contains { $0.0 == 1 } ? "-1" : "1, -1")", one.pieces, indent)
        }
        if let other = choices.first(where: { $0.key == "other" }) { branch("default", other.pieces, indent) }
        text += "\(indent)}\n"
    }

    private mutating func select(_ argument: String, _ choices: [MessagePattern.Choice], indent: String) {
        text += "\(indent)switch \(Self.name(argument)) {\n"
        for choice in choices where choice.key != "other" { branch("case \"\(choice.key)\"", choice.pieces, indent) }
        if let other = choices.first(where: { $0.key == "other" }) { branch("default", other.pieces, indent) }
        text += "\(indent)}\n"
    }

    private mutating func branch(_ head: String, _ pieces: [MessagePattern.Piece], _ indent: String) {
        text += "\(indent)\(head):\n"
        append(pieces, indent: indent + "    ")
    }
}
