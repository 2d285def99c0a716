/// Reads one text of `messages.yaml`.
struct MessageParser {
    private static let maximumDepth = 6
    private static let categories: Set<String> = ["one", "other"]

    private let text: [Unicode.Scalar]
    private var offset = 0
    private var depth = 0

    private init(_ text: String) {
        self.text = Array(text.unicodeScalars)
    }

    static func parse(_ text: String) throws -> MessagePattern {
        var parser = MessageParser(text)
        let pieces = try parser.pieces(plural: nil)
        if parser.offset < parser.text.count { throw parser.mistake("'}' closes nothing: write '}' in quotes to print one") }
        return MessagePattern(pieces: pieces)
    }

    private var current: Unicode.Scalar? { offset < text.count ? text[offset] : nil }
    private var next: Unicode.Scalar? { offset + 1 < text.count ? text[offset + 1] : nil }

    private func mistake(_ message: String, at place: Int? = nil) -> MessagePattern.Mistake {
        MessagePattern.Mistake(offset: place ?? offset, message: message)
    }

    /// Text and arguments up to the end or to a `}`. Inside a plural, `#` is its number.
    private mutating func pieces(plural: String?) throws -> [MessagePattern.Piece] {
        var pieces: [MessagePattern.Piece] = []
        var literal = ""
        func flush() {
            if !literal.isEmpty { pieces.append(.text(literal)) }
            literal = ""
        }
        while let scalar = current, scalar != "}" {
            switch scalar {
            case "{":
                flush()
                pieces.append(try argument())
            case "#" where plural != nil:
                flush()
                if let plural { pieces.append(.number(plural)) }
                offset += 1
            case "'": literal += try quoted(inPlural: plural != nil)
            default: literal += try plain(scalar)
            }
        }
        flush()
        return pieces
    }

    private mutating func plain(_ scalar: Unicode.Scalar) throws -> String {
        if scalar == "<" { throw mistake("no HTML in a message: put the element into the template, around a shorter message") }
        if scalar == "&", let next, next == "#" || next.isASCIILetter,
            text[offset...].prefix(12).dropFirst(2).drop(while: { $0.isASCIILetter || $0.isASCIIDigit }).first == ";"
        {
            throw mistake("no character reference in a message: write the character itself")
        }
        offset += 1
        return String(Character(scalar))
    }

    /// `''` is an apostrophe, `'{…'` is literal, any other `'` is itself.
    private mutating func quoted(inPlural: Bool) throws -> String {
        let start = offset
        offset += 1
        if current == "'" {
            offset += 1
            return "'"
        }
        guard current == "{" || current == "}" || current == "#" && inPlural else { return "'" }
        var literal = ""
        while let scalar = current {
            offset += 1
            if scalar != "'" {
                literal.unicodeScalars.append(scalar)
            } else if current == "'" {
                literal += "'"
                offset += 1
            } else {
                return literal
            }
        }
        throw mistake("this quote is not closed: add ' after the literal braces", at: start)
    }

    private mutating func argument() throws -> MessagePattern.Piece {
        let start = offset
        offset += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw mistake("nested too deep: split the message") }
        let name = try argumentName()
        if accept("}") { return .argument(name) }
        guard accept(",") else { throw mistake("'{\(name)' is not closed: add '}'", at: start) }
        let kindStart = skipSpace()
        switch word() {
        case "number":
            guard accept("}") else { throw mistake("write {\(name), number}") }
            return .number(name)
        case "plural":
            let choices = try self.choices(of: name, isPlural: true)
            return .plural(name, choices)
        case "select":
            let choices = try self.choices(of: name, isPlural: false)
            return .select(name, choices)
        case let kind:
            throw mistake(
                "unknown kind '\(kind)': there are number, plural and select; prepare dates and money in the page struct",
                at: kindStart)
        }
    }

    private mutating func argumentName() throws -> String {
        let start = skipSpace()
        let name = word()
        guard let first = name.unicodeScalars.first, first.isASCIILetter, first.properties.isLowercase else {
            throw mistake(
                "an argument's name begins with a small letter: {name}; write '{' in quotes to print a brace", at: start)
        }
        return name
    }

    private mutating func choices(of name: String, isPlural: Bool) throws -> [MessagePattern.Choice] {
        let start = offset
        guard accept(",") else { throw mistake("write {\(name), \(isPlural ? "plural, one" : "select, word") {…} other {…}}") }
        var choices: [MessagePattern.Choice] = []
        while !accept("}") {
            let place = skipSpace()
            let key = try choiceKey(isPlural: isPlural)
            if choices.contains(where: { $0.key == key }) { throw mistake("'\(key)' stands twice", at: place) }
            guard accept("{") else { throw mistake("write the text of '\(key)' in braces: \(key) {…}") }
            let pieces = try self.pieces(plural: isPlural ? name : nil)
            guard accept("}") else { throw mistake("the text of '\(key)' is not closed: add '}'", at: place) }
            choices.append(.init(key: key, pieces: pieces))
        }
        for required in isPlural ? ["one", "other"] : ["other"] where !choices.contains(where: { $0.key == required }) {
            throw mistake("the form '\(required)' is missing: add \(required) {…}", at: start)
        }
        return choices
    }

    private mutating func choiceKey(isPlural: Bool) throws -> String {
        guard current != nil else { throw mistake("the choices are not closed: add '}'") }
        let start = offset
        if isPlural, current == "=" {
            offset += 1
            let digits = word()
            guard digits.allSatisfy(\.isNumber), let exact = Int(digits) else { throw mistake("write =0, =1 …", at: start) }
            return "=\(exact)"
        }
        let key = word()
        if isPlural, !Self.categories.contains(key) {
            throw mistake("unknown form '\(key)': English and German have one and other, and exact numbers such as =0", at: start)
        }
        guard !key.isEmpty else { throw mistake("a choice begins with a word: owner {…}", at: start) }
        return key
    }

    // MARK: - Characters

    @discardableResult
    private mutating func skipSpace() -> Int {
        while let scalar = current, scalar.properties.isWhitespace { offset += 1 }
        return offset
    }

    /// Takes this character after white space, if it stands there. Space before a closing brace of text is not lost: texts are
    /// read by `pieces`, which stops exactly at it.
    private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
        let start = offset
        skipSpace()
        guard current == scalar else {
            offset = start
            return false
        }
        offset += 1
        return true
    }

    private mutating func word() -> String {
        var word = ""
        while let scalar = current, scalar.isASCIILetter || scalar.isASCIIDigit || scalar == "_" {
            word.unicodeScalars.append(scalar)
            offset += 1
        }
        return word
    }
}

extension Unicode.Scalar {
    var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
