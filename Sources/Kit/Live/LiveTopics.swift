import Database
import Web

/// What may be watched, and by whom: an area adds its topics here as it adds its routes.
public struct LiveTopics: Sendable {
    public typealias Check = @Sendable (_ id: String, MemberContext) async throws -> Bool

    private struct Entry: Sendable {
        let permission: Permission?
        let topic: @Sendable (_ id: String, MemberContext) async throws -> LiveTopic?
    }

    /// Asked for by name alone, and by name and id.
    private var single: [String: Entry] = [:]
    private var several: [String: Entry] = [:]
    private var words: [String: LiveWord] = [:]

    public init() {}

    /// One topic for everybody who holds the permission: `faults`.
    public mutating func add(_ topic: LiveTopic, may permission: Permission) {
        single[topic.text] = Entry(permission: permission) { _, _ in topic }
    }

    /// A topic of each member's own, which its holder asks for by the bare name: `notices`.
    public mutating func addOwn(_ name: String, _ topic: @escaping @Sendable (MemberContext) -> LiveTopic) {
        single[name] = Entry(permission: nil) { _, context in topic(context) }
    }

    /// One topic for each thing of a kind, `fault:12`, where the check finds that the member may see that one. Without a permission the
    /// check alone decides.
    public mutating func addEach(_ name: String, may permission: Permission?, _ check: @escaping Check) {
        several[name] = Entry(permission: permission) { id, context in
            guard try await check(id, context) else { return nil }
            return LiveTopic("\(name):\(id)")
        }
    }

    /// What members may say to each other for a moment.
    public mutating func add(_ word: LiveWord) {
        words[word.begin] = word
        words[word.end] = word
    }

    func word(_ type: String) -> LiveWord? { words[type] }

    /// The topic that a member means by what they ask for. Something that is not there and something that is not theirs are the same.
    func find(_ asked: String, _ context: MemberContext) async throws -> Result<LiveTopic, LiveRefusal> {
        let parts = asked.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        let id = parts.count > 1 ? String(parts[1]) : ""
        guard let entry = parts.count > 1 ? several[name] : single[name] else { return .failure(.unknown) }
        guard entry.permission.map(context.may) ?? true else { return .failure(.forbidden) }
        return try await entry.topic(id, context).map(Result.success) ?? .failure(.notFound)
    }
}

/// Why a topic is not watched.
enum LiveRefusal: String, Error {
    case unknown = "unknown_topic"
    case forbidden
    case notFound = "not_found"
    case tooMany = "too_many_topics"
    case busy
}
