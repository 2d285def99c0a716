import Foundation
import Outbound

/// A model behind the chat completions protocol, which many servers speak. It is given fixed instructions and data, and gives back
/// text that is a stranger's word: whoever asks checks it.
public struct ChatEndpoint: Sendable {
    /// Where the operator says it is.
    public struct Settings: Sendable {
        let url: String
        let key: String?
        let model: String
        /// Whether it looks at pictures.
        public let sees: Bool

        /// - Parameter url: with or without `/chat/completions` at its end. Nil when it is no http address.
        public init?(url: String, key: String?, model: String, sees: Bool) {
            guard let parsed = URL(string: url), let scheme = parsed.scheme, ["http", "https"].contains(scheme),
                parsed.host != nil
            else { return nil }
            let base = url.hasSuffix("/") ? String(url.dropLast()) : url
            self.url = base.hasSuffix("/chat/completions") ? base : base + "/chat/completions"
            (self.key, self.model, self.sees) = (key, model, sees)
        }
    }

    public let settings: Settings
    private let outbound: Outbound

    public init(_ settings: Settings, outbound: Outbound) {
        self.settings = settings
        self.outbound = outbound
    }

    /// The name of the model, for what it said.
    public var model: String { settings.model }

    /// - Parameters:
    ///   - instructions: ours alone; never a word that a company's people typed.
    ///   - data: what it is about, as the user's message.
    ///   - pictures: JPEGs.
    /// - Returns: what the model answers, at most 64 KiB.
    /// - Throws: `ChatError`, `OutboundError` or `CancellationError`.
    public func ask(
        _ instructions: String, about data: String, pictures: [[UInt8]] = [], for tenant: Int32, within time: Duration
    ) async throws -> String {
        var fields = [OutboundField("Content-Type", "application/json")]
        if let key = settings.key { fields.append(OutboundField("Authorization", "Bearer \(key)")) }
        let question = ChatQuestion(
            model: settings.model,
            messages: [.init(role: "system", content: .text(instructions)), .init(role: "user", content: .of(data, pictures))])
        let answer = try await outbound.send(
            OutboundRequest(
                .post, settings.url, entered: .byOperator, fields: fields, body: Array(try JSONEncoder().encode(question)),
                total: time, mostBytes: 64 << 10), to: OutboundService("chat", tenant: tenant))
        guard answer.status == 200 else { throw ChatError.refused(status: answer.status) }
        guard let reply = try? JSONDecoder().decode(ChatReply.self, from: Data(answer.body)),
            let text = reply.choices.first?.message.content
        else { throw ChatError.malformed }
        return text
    }
}

public enum ChatError: Error, Equatable, Sendable {
    /// Another status than 200.
    case refused(status: Int)
    /// 200, but not an answer of this protocol.
    case malformed
}
