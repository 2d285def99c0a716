/// A place in a configuration file; both numbers start at 1, columns count characters.
public struct Position: Sendable, Hashable, Codable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Where the character behind `scalar` stands.
    func after(_ scalar: Unicode.Scalar) -> Position {
        scalar == "\n" ? Position(line: line + 1, column: 1) : Position(line: line, column: column + 1)
    }

    static let start = Position(line: 1, column: 1)
}
