/// A file's text and its tree, side by side: where each value stands, counted in characters from the start.
struct YAMLSource: Sendable {
    let file: String
    let root: YAMLNode
    private let scalars: [Unicode.Scalar]
    /// Of each line, its first character.
    private let starts: [Int]

    init(_ text: String, file: String) throws(TenantProblem) {
        self.file = file
        root = try YAMLReader.read(try SourceText.read(Array(text.utf8), file: file), file: file)
        let scalars = Array(text.unicodeScalars)
        self.scalars = scalars
        starts = [0] + scalars.indices.filter { scalars[$0] == "\n" }.map { $0 + 1 }
    }

    func node(_ path: [String]) -> YAMLNode? {
        path.reduce(root as YAMLNode?) { $0?[$1] }
    }

    func texts(_ path: [String]) -> [String]? {
        guard case .list(let nodes)? = node(path)?.content else { return nil }
        return nodes.compactMap { node -> String? in
            if case .scalar(let text, _) = node.content { return text }
            return nil
        }
    }

    func offset(_ position: Position) -> Int {
        guard starts.indices.contains(position.line - 1) else { return scalars.count }
        return min(scalars.count, starts[position.line - 1] + position.column - 1)
    }

    /// Behind the value's last character; what libyaml counts to it of the space behind is not its own.
    func end(_ node: YAMLNode) -> Int {
        let start = offset(node.position)
        var end = offset(node.end)
        while end > start, scalars[end - 1] == " " || scalars[end - 1] == "\n" { end -= 1 }
        return end
    }

    /// The line break at or behind that place, or the end of the text.
    func lineEnd(_ place: Int) -> Int {
        scalars[min(place, scalars.count)...].firstIndex(of: "\n") ?? scalars.count
    }

    /// Where the line of that place begins, when nothing but space stands before it, and once `mark` where that is given.
    func lineStart(_ position: Position, past mark: Unicode.Scalar? = nil) -> Int? {
        let place = offset(position)
        let start = place - (position.column - 1)
        guard start >= 0 else { return nil }
        let before = scalars[start..<place].filter { $0 != " " }
        return before == (mark.map { [$0] } ?? []) ? start : nil
    }

    func replacing(_ from: Int, _ to: Int, with new: String) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[..<min(from, scalars.count)])
        text.append(contentsOf: new.unicodeScalars)
        text.append(contentsOf: scalars[min(max(from, to), scalars.count)...])
        return String(text)
    }
}
