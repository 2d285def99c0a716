/// First in, first out, without moving what waits.
struct FIFO<Element> {
    private var items: [Element?] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }
    var count: Int { items.count - head }
    var first: Element? { head < items.count ? items[head] : nil }

    mutating func append(_ element: Element) { items.append(element) }

    mutating func prepend(_ element: Element) {
        if head > 0 {
            head -= 1
            items[head] = element
        } else {
            items.insert(element, at: 0)
        }
    }

    @discardableResult
    mutating func popFirst() -> Element? {
        guard head < items.count else { return nil }
        let element = items[head]
        items[head] = nil
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64, head * 2 >= items.count {
            items.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Takes out whatever the test accepts, in order.
    mutating func remove(where matches: (Element) -> Bool) -> [Element] {
        var removed: [Element] = []
        var kept: [Element?] = []
        for case let element? in items[head...] {
            if matches(element) { removed.append(element) } else { kept.append(element) }
        }
        if !removed.isEmpty {
            items = kept
            head = 0
        }
        return removed
    }
}

extension FIFO: Sequence {
    func makeIterator() -> AnyIterator<Element> {
        var rest = items[head...]
        return AnyIterator { rest.popFirst() ?? nil }
    }
}
