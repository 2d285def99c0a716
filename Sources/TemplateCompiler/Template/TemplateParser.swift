/// Puts tokens together into a tree and checks that blocks are balanced.
struct TemplateParser {
    /// Deeper nesting is a mistake, and would only be found by the Swift compiler running out of stack.
    static let maximumDepth = 40

    private struct Frame {
        enum Kind {
            case root, layout(BlockCall), block(BlockCall), fill(Fill), loop(Loop), condition(Condition)
        }

        var kind: Kind
        var at: Int
        var nodes: [Node] = []
    }

    private let source: SourceText
    private var frames = [Frame(kind: .root, at: 0)]
    private var kind: Template.Kind?
    private var modules: [Range<Int>] = []

    private init(_ source: SourceText) {
        self.source = source
    }

    static func parse(_ source: SourceText) throws -> Template {
        var parser = TemplateParser(source)
        for token in try TagLexer.tokens(of: source) { try parser.take(token) }
        return try parser.finish()
    }

    private mutating func take(_ token: Token) throws {
        switch token {
        case .text(let range):
            if kind == nil { try requireBlank(range) } else { append(.text(range)) }
        case .tag(let tag):
            if kind == nil { try header(tag) } else { try take(tag) }
        }
    }

    private mutating func append(_ node: Node) {
        frames[frames.count - 1].nodes.append(node)
    }

    // MARK: - The first tags

    private let firstTag = "a template begins with {{ page StructName }} or {{ component name(parameters) }}"

    private func requireBlank(_ range: Range<Int>) throws {
        let visible = source.trimmed(range)
        if !visible.isEmpty { throw Mistake(offset: visible.lowerBound, message: firstTag) }
    }

    private mutating func header(_ tag: Tag) throws {
        switch tag.kind {
        case .comment: break
        case .module(let name): modules.append(name)
        case .page(let name): kind = .page(name)
        case .component(let call): kind = .component(call)
        default: throw Mistake(offset: tag.range.lowerBound, message: firstTag)
        }
    }

    private mutating func layout(_ call: Tag.Call, _ tag: Tag) throws {
        guard case .page = kind else {
            throw Mistake(
                offset: tag.range.lowerBound, message: "only a page has a layout: write {{ #> layout(…) }} … {{ /> }} here")
        }
        guard frames.count == 1, frames[0].nodes.allSatisfy(isBlank) else {
            throw Mistake(offset: tag.range.lowerBound, message: "{{ layout … }} stands once, directly after {{ page … }}")
        }
        frames[0].nodes.removeAll { if case .text = $0 { true } else { false } }
        frames.append(Frame(kind: .layout(BlockCall(call: call, at: tag.range.lowerBound)), at: tag.range.lowerBound))
    }

    /// Text without anything visible, and constants, which a layout's arguments may use.
    private func isBlank(_ node: Node) -> Bool {
        switch node {
        case .text(let range): source.trimmed(range).isEmpty
        case .constant: true
        default: false
        }
    }

    // MARK: - The rest

    private mutating func take(_ tag: Tag) throws {
        let at = tag.range.lowerBound
        switch tag.kind {
        case .comment: break
        case .value(let code): append(.value(code))
        case .constant(let code): append(.constant(code))
        case .slot(let name): try slot(name, at: at)
        case .call(let call): append(.call(call, at: at))
        case .module(let name): modules.append(name)
        case .layout(let call): try layout(call, tag)
        case .page, .component:
            throw Mistake(offset: at, message: "one file holds one template: this is its second page or component")
        case .block(let call): try push(.block(BlockCall(call: call, at: at)), at: at)
        case .fill(let name): try fill(name, at: at)
        case .loop(let head): try push(.loop(Loop(head: head, at: at)), at: at)
        case .condition(let head): try push(.condition(Condition(branches: [.init(head: head, at: at)])), at: at)
        case .otherwise: try branch(nil, at: at)
        case .otherwiseIf(let head): try branch(head, at: at)
        case .end(let block): try end(block, at: at)
        }
    }

    private mutating func push(_ kind: Frame.Kind, at offset: Int) throws {
        guard frames.count < Self.maximumDepth else {
            throw Mistake(
                offset: offset,
                message: "blocks nest deeper than \(Self.maximumDepth) levels: move the inner ones into a component")
        }
        frames.append(Frame(kind: kind, at: offset))
    }

    private mutating func slot(_ name: String, at: Int) throws {
        guard case .component = kind else {
            throw Mistake(offset: at, message: "only a component has slots: fill one with {{ #slot \(name) }} … {{ /slot }}")
        }
        append(.slot(name: name, at: at))
    }

    private mutating func fill(_ name: Range<Int>, at: Int) throws {
        let fills: [Fill]
        switch frames.last?.kind {
        case .block(let call), .layout(let call): fills = call.fills
        default:
            throw Mistake(
                offset: at,
                message: "{{ #slot … }} stands directly inside {{ #> … }} or a page with a layout; put an #if inside it")
        }
        if source.string(name) == "content" {
            throw Mistake(offset: at, message: "the slot 'content' is what stands outside every {{ #slot }}: remove this tag")
        }
        if fills.contains(where: { source.string($0.name) == source.string(name) }) {
            throw Mistake(offset: at, message: "the slot '\(source.string(name))' is filled twice: join the two")
        }
        try push(.fill(Fill(name: name)), at: at)
    }

    private mutating func branch(_ head: Range<Int>?, at: Int) throws {
        let nodes = frames[frames.count - 1].nodes
        switch frames.last?.kind {
        case .condition(var condition):
            guard let last = condition.branches.indices.last, condition.branches[last].head != nil else {
                throw Mistake(offset: at, message: "this #if already has its {{ else }}: end it with {{ /if }}")
            }
            condition.branches[last].nodes = nodes
            condition.branches.append(.init(head: head, at: at))
            replaceTop(.condition(condition))
        case .loop(var loop) where head == nil && loop.empty == nil:
            loop.body = nodes
            loop.empty = []
            loop.emptyAt = at
            replaceTop(.loop(loop))
        default: throw Mistake(offset: at, message: "this else belongs to no {{ #if … }} or {{ #for … }}")
        }
    }

    private mutating func replaceTop(_ kind: Frame.Kind) {
        frames[frames.count - 1].kind = kind
        frames[frames.count - 1].nodes = []
    }

    private mutating func end(_ block: Tag.Block, at: Int) throws {
        guard frames.count > 1, let frame = frames.popLast() else {
            throw Mistake(offset: at, message: "\(block.closing) closes nothing: open it with \(block.opening) or remove it")
        }
        switch (frame.kind, block) {
        case (.block(var call), .call):
            call.content = trimmed(frame.nodes)
            append(.block(call))
        case (.fill(var fill), .fill):
            fill.nodes = trimmed(frame.nodes)
            add(fill)
        case (.loop(var loop), .loop):
            if loop.empty == nil { loop.body = frame.nodes } else { loop.empty = frame.nodes }
            append(.loop(loop))
        case (.condition(var condition), .condition):
            if let last = condition.branches.indices.last { condition.branches[last].nodes = frame.nodes }
            append(.condition(condition))
        case (.layout, _):
            throw Mistake(offset: at, message: "\(block.closing) closes nothing: open it with \(block.opening) or remove it")
        default:
            let opened = source.location(frame.at)
            let expected = self.block(frame.kind)?.closing ?? ""
            throw Mistake(
                offset: at,
                message: "\(block.closing) stands where \(expected) is expected, for the block opened at line \(opened.line)")
        }
    }

    private mutating func add(_ fill: Fill) {
        switch frames.last?.kind {
        case .block(var call):
            call.fills.append(fill)
            frames[frames.count - 1].kind = .block(call)
        case .layout(var call):
            call.fills.append(fill)
            frames[frames.count - 1].kind = .layout(call)
        default: break
        }
    }

    private func block(_ kind: Frame.Kind) -> Tag.Block? {
        switch kind {
        case .root, .layout: nil
        case .block: .call
        case .fill: .fill
        case .loop: .loop
        case .condition: .condition
        }
    }

    private mutating func finish() throws -> Template {
        guard let kind else { throw Mistake(offset: 0, message: firstTag) }
        if let frame = frames.last, let block = block(frame.kind) {
            throw Mistake(offset: frame.at, message: "this block is not closed: add \(block.closing)")
        }
        if case .layout(var call) = frames.last?.kind {
            call.content = trimmed(frames.removeLast().nodes)
            append(.block(call))
        }
        return Template(kind: kind, modules: modules, nodes: trimmed(frames[0].nodes))
    }

    /// Without the white space at both ends, so that a component leaves none where it is called.
    private func trimmed(_ nodes: [Node]) -> [Node] {
        var nodes = nodes[...]
        while case .text(let range) = nodes.first {
            let start = source.skipSpace(range.lowerBound, to: range.upperBound)
            nodes.removeFirst()
            if start == range.upperBound { continue }
            nodes.insert(.text(start..<range.upperBound), at: nodes.startIndex)
            break
        }
        while case .text(let range) = nodes.last {
            nodes.removeLast()
            let visible = source.trimmed(range)
            if visible.isEmpty { continue }
            nodes.append(.text(range.lowerBound..<visible.upperBound))
            break
        }
        return Array(nodes)
    }
}
