/// JSON in the making.
indirect enum Tree: Encodable, Sendable {
    case text(String), number(Int), decimal(Double), flag(Bool)
    case list([Tree])
    case object([String: Tree])

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .text(let text): try text.encode(to: encoder)
        case .number(let number): try number.encode(to: encoder)
        case .decimal(let number): try number.encode(to: encoder)
        case .flag(let flag): try flag.encode(to: encoder)
        case .list(let items): try items.encode(to: encoder)
        case .object(let members): try members.encode(to: encoder)
        }
    }

    static func texts(_ texts: some Sequence<String>) -> Tree { .list(texts.map(Tree.text)) }

    static func reference(_ path: String) -> Tree { ["$ref": .text("#/components/\(path)")] }

    /// With other members added.
    func with(_ more: [String: Tree]) -> Tree {
        guard case .object(let members) = self else { return self }
        return .object(members.merging(more) { $1 })
    }
}

extension Tree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .number(number) }
    init(booleanLiteral flag: Bool) { self = .flag(flag) }
    init(arrayLiteral items: Tree...) { self = .list(items) }
    init(dictionaryLiteral members: (String, Tree)...) {
        self = .object(Dictionary(members, uniquingKeysWith: { $1 }))
    }
}
