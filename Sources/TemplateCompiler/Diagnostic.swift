/// A place in a file as editors count it: lines and characters from 1.
struct Location: Hashable, Comparable, Sendable {
    var line: Int
    var column: Int

    static func < (left: Location, right: Location) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One mistake in one file, printed the way compilers print theirs, so that `swift build` and editors show it.
struct Diagnostic: Error, Hashable, Sendable, CustomStringConvertible {
    var file: String
    var location: Location
    var message: String

    var description: String { "\(file):\(location.line):\(location.column): error: \(message)" }
}

/// Every mistake found in a file, in the order of the file.
struct Diagnostics: Error, CustomStringConvertible {
    var list: [Diagnostic]

    var description: String { list.map(\.description).joined(separator: "\n") }
}

/// A mistake at a byte of the text in hand, before it is known as a line and a column.
struct Mistake: Error {
    var offset: Int
    var message: String
}
