import Synchronization

/// Counts and collects from several tasks at once.
final class Tallied<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    /// Adds one, and gives the number there are now.
    @discardableResult
    func add(_ element: Element) -> Int {
        elements.withLock { elements in
            elements.append(element)
            return elements.count
        }
    }

    var all: [Element] { elements.withLock { $0 } }
    var count: Int { elements.withLock { $0.count } }
}
