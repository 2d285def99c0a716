import Foundation

/// Where a list page begins: after an id (newest first), or before one when going back. Opaque to clients.
public enum Cursor: Sendable, Equatable {
    case first
    case after(UUID)
    case before(UUID)

    /// - Throws: 400 for a text that is no cursor of ours.
    public init(_ text: String?) throws {
        guard let text else {
            self = .first
            return
        }
        let id = UUID(uuidString: String(text.dropFirst()))
        switch (text.first, id) {
        case ("a", let id?): self = .after(id)
        case ("b", let id?): self = .before(id)
        default: throw Failure.malformed("Unknown cursor")
        }
    }

    /// The id that the page comes after; `nil` on the first page and when going back.
    public var afterID: UUID? {
        if case .after(let id) = self { id } else { nil }
    }

    public var beforeID: UUID? {
        if case .before(let id) = self { id } else { nil }
    }

    public var text: String? {
        switch self {
        case .first: nil
        case .after(let id): "a\(id.text)"
        case .before(let id): "b\(id.text)"
        }
    }
}

/// One page of a keyset list, fetched with one row more than it shows.
public struct KeysetPage<Line: Sendable>: Sendable {
    public let lines: [Line]
    public let previous: Cursor?
    public let next: Cursor?

    /// - Parameter fetched: newest first, except for `.before`, where the query ran oldest first.
    public init(_ fetched: [Line], size: Int, cursor: Cursor, id: (Line) -> UUID) {
        let more = fetched.count > size
        var lines = Array(fetched.prefix(size))
        var hasPrevious = cursor != .first
        var hasNext = more
        if case .before = cursor {
            lines.reverse()
            (hasPrevious, hasNext) = (more, true)
        }
        self.lines = lines
        self.previous = hasPrevious ? lines.first.map { .before(id($0)) } : nil
        self.next = hasNext ? lines.last.map { .after(id($0)) } : nil
    }
}

extension Incoming {
    /// `limit`: 20 unless told, at most 100.
    public func limit() throws -> Int {
        guard let text = query.single("limit") else { return 20 }
        guard let limit = Int(text), limit > 0 else { throw Failure.malformed("limit must be a number from 1 to 100") }
        return min(limit, 100)
    }

    public func cursor() throws -> Cursor {
        try Cursor(query.single("cursor"))
    }
}
