/// What stands between `{{` and `}}`. Ranges are bytes of the source and hold Swift that is copied as it stands.
struct Tag {
    enum Kind {
        case comment
        case value(Range<Int>)
        case page(Range<Int>)
        case component(Call)
        case layout(Call)
        case module(Range<Int>)
        /// From the word `for`, `if` or `let` on, as Swift writes it.
        case loop(Range<Int>)
        case condition(Range<Int>)
        case constant(Range<Int>)
        case otherwise
        case otherwiseIf(Range<Int>)
        case call(Call)
        case block(Call)
        case fill(Range<Int>)
        case slot(String)
        case end(Block)
    }

    /// A component's name and what stands between its parentheses: parameters where it is declared, arguments where it is called.
    struct Call {
        var name: Range<Int>
        var arguments: Range<Int>
    }

    enum Block: String {
        case loop = "for"
        case condition = "if"
        case call = ">"
        case fill = "slot"

        var opening: String { self == .call ? "{{ #> … }}" : "{{ #\(rawValue) … }}" }
        var closing: String { "{{ /\(rawValue) }}" }
    }

    var kind: Kind
    /// With the braces.
    var range: Range<Int>

    /// Prints nothing itself, so a line that holds nothing else leaves no empty line behind.
    var isSilent: Bool {
        switch kind {
        case .value, .call, .block, .end(.call), .slot: false
        default: true
        }
    }
}
