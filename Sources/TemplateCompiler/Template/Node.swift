/// A template as a tree. Ranges are bytes of the source.
enum Node {
    case text(Range<Int>)
    case value(Range<Int>)
    case constant(Range<Int>)
    case slot(name: String, at: Int)
    case call(Tag.Call, at: Int)
    case block(BlockCall)
    case loop(Loop)
    case condition(Condition)
}

struct BlockCall {
    var call: Tag.Call
    var at: Int
    var content: [Node] = []
    var fills: [Fill] = []
}

struct Fill {
    var name: Range<Int>
    var nodes: [Node] = []
}

struct Loop {
    var head: Range<Int>
    var at: Int
    var body: [Node] = []
    /// What stands there when the sequence is empty.
    var empty: [Node]?
    var emptyAt = 0
}

struct Condition {
    struct Branch {
        /// From the word `if` on; nil for the final else.
        var head: Range<Int>?
        var at: Int
        var nodes: [Node] = []
    }

    var branches: [Branch]
}

/// A whole file.
struct Template {
    enum Kind {
        case page(Range<Int>)
        case component(Tag.Call)
    }

    var kind: Kind
    var modules: [Range<Int>]
    var nodes: [Node]
}
