import Synchronization

/// Answers that many requests ask for and that seldom change, kept in this process until a change is heard.
///
/// A trigger on the table tells each change as NOTIFY `kept` with "tenant topic" (`app.tell_change`, migration 0009), and every
/// write of this process forgets its tenant's answers before its caller goes on, so that people see what they just did. Without
/// a listener nothing is kept: an empty memory changes no answer.
public final class KeptAnswers: Sendable {
    /// What has to change for an answer to be out of date; the triggers' argument.
    public struct Topic: Hashable, Sendable {
        let name: String
        public init(_ name: StaticString) { self.name = name.description }
        init(heard name: Substring) { self.name = String(name) }
    }

    /// Answers per tenant and topic; beyond that, all of them are forgotten.
    fileprivate static let most = 64
    /// Even a listener whose connection died without a word leaves nothing older than this.
    fileprivate static let life = Duration.seconds(30)

    fileprivate struct Key: Hashable {
        let text: String
        let bytes: [UInt8]
        let lengths: [Int32]

        init(_ sql: SQL) {
            text = sql.text
            bytes = sql.binds.bytes
            lengths = sql.binds.slots.map(\.length)
        }
    }

    fileprivate struct Shelf {
        var answers: [Key: (answer: any Sendable, until: Instant)] = [:]
        var changedAt: UInt64 = 0
    }

    fileprivate struct Store {
        var shelves: [Topic: Shelf] = [:]
        var changedAt: UInt64 = 0
    }

    /// Changes are counted: an answer that was asked for before one does not count after it.
    fileprivate struct State {
        var isListening = false
        var stores: [Int32: Store] = [:]
        var count: UInt64 = 0
        var changedAt: UInt64 = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// The query, or its answer when that is known. The answer must depend on nothing but the statement and the topic's table.
    public func query<Output: Sendable>(_ query: Query<Output>, _ topic: Topic, of tenant: Int32) -> Query<Output> {
        guard let sql = query.sql else { return query }
        let key = Key(sql)
        let (found, count) = state.withLock { state -> ((any Sendable)?, UInt64?) in
            guard state.isListening else { return (nil, nil) }
            guard let kept = state.stores[tenant]?.shelves[topic]?.answers[key], kept.until > .now else {
                return (nil, state.count)
            }
            return (kept.answer, nil)
        }
        if let found = found as? Output { return .known(found) }
        guard let count else { return query }
        return query.map { answer in
            self.state.withLock { $0.keep(answer, key, topic, tenant, askedAt: count) }
            return answer
        }
    }

    /// After a write of this process: whatever the tenant has may have changed.
    public func forget(_ tenant: Int32) {
        state.withLock { $0.forget(tenant) }
    }

    /// Hears what other processes change, until its task is cancelled.
    public func listen(_ listener: Listener) async {
        for await event in listener.events {
            state.withLock { $0.hear(event) }
        }
        state.withLock { $0.hear(.deaf) }
    }
}

extension KeptAnswers.State {
    fileprivate mutating func keep(
        _ answer: any Sendable, _ key: KeptAnswers.Key, _ topic: KeptAnswers.Topic, _ tenant: Int32, askedAt: UInt64
    ) {
        var store = stores[tenant] ?? KeptAnswers.Store()
        var shelf = store.shelves[topic] ?? KeptAnswers.Shelf()
        guard isListening, max(changedAt, store.changedAt, shelf.changedAt) <= askedAt else { return }
        if shelf.answers.count >= KeptAnswers.most { shelf.answers = [:] }
        shelf.answers[key] = (answer, .now + KeptAnswers.life)
        store.shelves[topic] = shelf
        stores[tenant] = store
    }

    fileprivate mutating func forget(_ tenant: Int32) {
        count &+= 1
        stores[tenant] = KeptAnswers.Store(changedAt: count)
    }

    private mutating func forget(_ topic: KeptAnswers.Topic, of tenant: Int32) {
        count &+= 1
        stores[tenant, default: KeptAnswers.Store()].shelves[topic] = KeptAnswers.Shelf(changedAt: count)
    }

    private mutating func forgetAll() {
        count &+= 1
        changedAt = count
        stores = [:]
    }

    fileprivate mutating func hear(_ event: Listener.Event) {
        switch event {
        case .listening, .gap:
            isListening = true
            forgetAll()
        case .deaf:
            isListening = false
            forgetAll()
        case .notification(_, let payload):
            let parts = payload.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let tenant = Int32(parts[0]) else { return forgetAll() }
            forget(KeptAnswers.Topic(heard: parts[1]), of: tenant)
        }
    }
}
