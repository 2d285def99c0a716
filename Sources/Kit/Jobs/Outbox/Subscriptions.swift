import Database

/// Which jobs follow which event. Made once at the start and given to `Database`.
public struct Subscriptions: Subscribing {
    private var table: [String: [@Sendable (any Event, TxFacts) -> [any Job]]] = [:]

    public init() {}

    /// Says what follows an event; several subscribers may follow the same one.
    public mutating func when<E: Event>(_: E.Type, _ jobs: @escaping @Sendable (E, TxFacts) -> [any Job]) {
        table[E.name, default: []].append { event, facts in
            guard let event = event as? E else { return [] }
            return jobs(event, facts)
        }
    }

    func jobs(after event: some Event, _ facts: TxFacts) -> [any Job] {
        table[type(of: event).name, default: []].flatMap { $0(event, facts) }
    }
}
