import Foundation
import Outbound
import Tokens

/// What providers say of themselves, and their keys, as this process last read them.
///
/// Both are read again after an hour. A token with a key that nobody knows has the keys read again at once, but once a minute at most,
/// whoever sends such tokens. Each company has its own copy: what one company's file says of a provider is nothing to another.
actor ProviderDirectory {
    static let fresh: TimeInterval = 3600
    /// People are sent only to a provider that answered a moment ago.
    static let alive: TimeInterval = 60
    static let pause: TimeInterval = 60
    private static let most = 2_000

    private struct Place: Hashable {
        let tenant: Int32
        let issuer: String
    }

    private struct Kept<Value: Sendable> {
        let value: Value
        let at: Date
    }

    private let outbound: Outbound
    private var metadata: [Place: Kept<ProviderMetadata>] = [:]
    private var keys: [Place: Kept<ForeignKeys>] = [:]
    /// When keys were last read because a token named one that is not among them.
    private var renewedAt: [Place: Date] = [:]
    private var reading: [Place: Task<ForeignKeys, any Error>] = [:]

    init(outbound: Outbound) {
        self.outbound = outbound
    }

    /// - Throws: `ProviderFailure`.
    func metadata(
        of provider: Provider, _ tenant: Int32, within age: TimeInterval = fresh, _ patience: Patience, now: Date
    ) async throws -> ProviderMetadata {
        let house = provider.setting.house
        let place = Place(tenant: tenant, issuer: house.issuer)
        if let kept = metadata[place], now.timeIntervalSince(kept.at) < age { return kept.value }
        let answer = try await ask(house.discovery, of: provider, tenant, patience)
        let value = try ProviderMetadata(answer, of: house)
        if metadata.count >= Self.most { metadata = [:] }
        metadata[place] = Kept(value: value, at: now)
        return value
    }

    /// - Parameter lacking: a token's key is not among those that were given before.
    /// - Throws: `ProviderFailure`.
    func keys(
        of provider: Provider, _ tenant: Int32, at address: String, lacking: Bool = false, _ patience: Patience, now: Date
    ) async throws -> ForeignKeys {
        let place = Place(tenant: tenant, issuer: provider.setting.house.issuer)
        // Whoever comes while they are read waits for the same answer.
        if let task = reading[place] { return try await Self.value(of: task) }
        if let kept = keys[place], now.timeIntervalSince(kept.at) < Self.fresh {
            guard lacking, renewedAt[place].map({ now.timeIntervalSince($0) >= Self.pause }) ?? true else { return kept.value }
        }
        if lacking {
            if renewedAt.count >= Self.most { renewedAt = [:] }
            renewedAt[place] = now
        }
        let task = Task {
            guard let found = ForeignKeys(json: try await ask(address, of: provider, tenant, patience)) else {
                throw ProviderFailure.unavailable("no set of keys")
            }
            return found
        }
        reading[place] = task
        defer { reading[place] = nil }
        let found = try await Self.value(of: task)
        if keys.count >= Self.most { keys = [:] }
        keys[place] = Kept(value: found, at: now)
        return found
    }

    private static func value(of task: Task<ForeignKeys, any Error>) async throws -> ForeignKeys { try await task.value }

    private func ask(_ address: String, of provider: Provider, _ tenant: Int32, _ patience: Patience) async throws -> [UInt8] {
        let request = OutboundRequest(
            .get, address, entered: .byTenant, fields: [OutboundField("Accept", "application/json")],
            total: try patience.left(atMost: .seconds(5)), mostBytes: 256 << 10)
        let answer = try await outbound.ask(request, of: provider, tenant)
        guard answer.status == 200 else { throw ProviderFailure.unavailable("answer \(answer.status)") }
        return answer.body
    }
}

/// How long a person waits for their provider, over all that it is asked.
struct Patience: Sendable {
    private let end: ContinuousClock.Instant

    init(_ time: Duration = .seconds(10)) {
        end = .now + time
    }

    /// - Throws: `ProviderFailure.slow` when it is used up.
    func left(atMost most: Duration = .seconds(10)) throws(ProviderFailure) -> Duration {
        let left = end - .now
        guard left > .zero else { throw .slow }
        return min(left, most)
    }
}

extension Outbound {
    /// - Throws: `ProviderFailure`.
    func ask(_ request: OutboundRequest, of provider: Provider, _ tenant: Int32) async throws -> OutboundAnswer {
        do {
            return try await send(request, to: OutboundService("identity:\(provider.key)", tenant: tenant))
        } catch let error as OutboundError {
            throw ProviderFailure(error)
        }
    }
}
