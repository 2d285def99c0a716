/// Walks a template's tree in the order of the file: feeds literal text to the HTML scanner, asks it where each tag stands, and
/// writes the Swift.
struct TemplateWriter {
    private let source: SourceText
    private let template: Template
    private(set) var code: SwiftCode
    private(set) var slots: Set<String> = []
    private(set) var callsComponents = false
    private(set) var mistakes: [Mistake] = []
    private var scanner = HTMLScanner()
    /// What the Swift at this place calls the page being written.
    private var target: String
    private var counter = 0

    init(_ source: SourceText, _ template: Template) {
        self.source = source
        self.template = template
        code = SwiftCode(source)
        if case .component = template.kind { target = "self" } else { target = "out" }
    }

    mutating func write() throws {
        try write(template.nodes)
        try scanner.finish(at: source.bytes.count)
        flush()
    }

    private mutating func write(_ nodes: [Node]) throws {
        for node in nodes {
            switch node {
            case .text(let range): try scanner.read(source, range)
            case .value(let range): try value(range)
            case .constant(let range): code.copy(range, before: [], after: "")
            case .slot(let name, let at): try slot(name, at)
            case .call(let call, let at): try self.call(call, at, slots: [])
            case .block(let block): try self.block(block)
            case .loop(let loop): try self.loop(loop)
            case .condition(let condition): try self.condition(condition)
            }
        }
    }

    private mutating func flush() {
        code.raw(scanner.output, to: target)
        scanner.output.removeAll(keepingCapacity: true)
    }

    // MARK: - Values

    private mutating func value(_ range: Range<Int>) throws {
        do {
            let place = try scanner.place(ofValueAt: range.lowerBound)
            flush()
            code.copy(range, before: [target, ".\(place)("], after: ")")
        } catch let mistake as Mistake {
            // The grammar is intact here, so that the rest of the file can be checked in the same run.
            guard case .value = scanner.state else { throw mistake }
            mistakes.append(mistake)
        }
    }

    // MARK: - Components

    private mutating func slot(_ name: String, _ at: Int) throws {
        try scanner.requireText(at: at, "a slot")
        slots.insert(name)
        flush()
        code.line("\(name)?(&\(target))")
    }

    private mutating func call(_ call: Tag.Call, _ at: Int, slots: [(name: String, function: String)]) throws {
        try scanner.requireText(at: at, "a component")
        let name = source.string(call.name)
        if case .component(let own) = template.kind, source.string(own.name) == name {
            throw Mistake(
                offset: call.name.lowerBound,
                message: "the component '\(name)' calls itself: render one level, the next is its own request")
        }
        flush()
        callsComponents = true
        let isEmpty = source.trimmed(call.arguments).isEmpty
        let after = slots.map { ", \($0.name): \($0.function)" }.joined() + ")"
        code.copy(call.arguments, before: [target, ".\(name)(_v\(isEmpty ? "" : ",")"], after: after)
    }

    /// Slots become local functions: the Swift compiler checks their bodies statement by statement, which is fast and gives
    /// good errors; in closures inside the call it would do neither.
    private mutating func block(_ block: BlockCall) throws {
        try scanner.requireText(at: block.at, "a component")
        flush()
        var slots: [(name: String, function: String)] = []
        for fill in block.fills {
            let name = source.string(fill.name)
            slots.append((name, try function(name, fill.nodes, at: block.at)))
        }
        slots.sort { $0.name < $1.name }
        if !block.content.isEmpty { slots.insert(("content", try function("content", block.content, at: block.at)), at: 0) }
        try call(block.call, block.at, slots: slots)
    }

    private mutating func function(_ name: String, _ nodes: [Node], at: Int) throws -> String {
        counter += 1
        let function = "_\(name)\(counter)"
        let outside = target
        let mark = try scanner.beginBlock(at: at)
        code.line("func \(function)(_ out: inout HTML) {")
        target = "out"
        try write(nodes)
        try scanner.finish(at: at)
        flush()
        target = outside
        code.line("}")
        scanner.endBlock(mark)
        return function
    }

    // MARK: - Blocks

    private mutating func loop(_ loop: Loop) throws {
        let mark = try scanner.beginBlock(at: loop.at)
        flush()
        counter += 1
        let flag = "_empty\(counter)"
        if loop.empty != nil { code.line("var \(flag) = true") }
        code.copy(loop.head, before: [], after: loop.empty == nil ? " {" : " { \(flag) = false")
        try branch(loop.body, mark, at: loop.at)
        code.line("}")
        if let empty = loop.empty {
            code.line("if \(flag) {")
            try branch(empty, mark, at: loop.emptyAt)
            code.line("}")
        }
        scanner.endBlock(mark)
    }

    private mutating func condition(_ condition: Condition) throws {
        guard let first = condition.branches.first else { return }
        let mark = try scanner.beginBlock(at: first.at)
        flush()
        for (index, branch) in condition.branches.enumerated() {
            if let head = branch.head {
                code.copy(head, before: index == 0 ? [] : ["} else "], after: " {")
            } else {
                code.line("} else {")
            }
            try self.branch(branch.nodes, mark, at: branch.at)
        }
        code.line("}")
        scanner.endBlock(mark)
    }

    private mutating func branch(_ nodes: [Node], _ mark: HTMLScanner.Mark, at: Int) throws {
        scanner.restart(mark)
        try write(nodes)
        try scanner.endBranch(mark, at: at)
        flush()
    }
}
