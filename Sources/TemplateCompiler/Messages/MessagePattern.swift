/// A text with its places for arguments: the ICU MessageFormat subset that `messages.yaml` uses.
///
///     {name}                                   a String
///     {count, number}                          an Int with thousands separators
///     {count, plural, =0 {…} one {…} other {# …}}   an Int; # is the number with separators
///     {role, select, owner {…} other {…}}      a String
///     ''                                       an apostrophe; '{' '}' '#' stand for themselves
struct MessagePattern {
    enum Piece {
        case text(String)
        case argument(String)
        case number(String)
        case plural(String, [Choice])
        case select(String, [Choice])
    }

    struct Choice {
        /// `=0`, `one`, `other`, or a select's word.
        var key: String
        var pieces: [Piece]

        var exact: Int? { key.first == "=" ? Int(key.dropFirst()) : nil }
    }

    enum ArgumentType: String {
        case string = "String"
        case int = "Int"
    }

    var pieces: [Piece]

    /// A mistake at a character of the text.
    struct Mistake: Error {
        var offset: Int
        var message: String
    }

    /// Every argument with its type, in the order of first use.
    func arguments() throws -> [(name: String, type: ArgumentType)] {
        var found: [(name: String, type: ArgumentType?)] = []
        try Self.collect(pieces, into: &found)
        return found.map { ($0.name, $0.type ?? .string) }
    }

    private static func collect(_ pieces: [Piece], into found: inout [(name: String, type: ArgumentType?)]) throws {
        for piece in pieces {
            switch piece {
            case .text: break
            case .argument(let name): try note(name, nil, &found)
            case .number(let name): try note(name, .int, &found)
            case .plural(let name, let choices):
                try note(name, .int, &found)
                for choice in choices { try collect(choice.pieces, into: &found) }
            case .select(let name, let choices):
                try note(name, .string, &found)
                for choice in choices { try collect(choice.pieces, into: &found) }
            }
        }
    }

    private static func note(
        _ name: String, _ type: ArgumentType?, _ found: inout [(name: String, type: ArgumentType?)]
    ) throws {
        guard let index = found.firstIndex(where: { $0.name == name }) else {
            found.append((name, type))
            return
        }
        guard let type else { return }
        if let known = found[index].type, known != type {
            throw Mistake(offset: 0, message: "{\(name)} is used as a number and as a word: give one of them another name")
        }
        found[index].type = type
    }
}
