import Database
import Foundation
import Web

/// Something that a member says for a moment to those who watch the same thing, such as that they are typing. It is kept nowhere, reaches
/// none of the speaker's own sockets, and ends by itself.
public struct LiveWord: Sendable {
    public typealias Audience = @Sendable (_ id: UUID, MemberContext) async throws -> LiveAudience

    /// What the client sends: that it begins, or goes on, and that it is over.
    let begin: String
    let end: String
    /// What the others get.
    let begun: String
    let ended: String
    /// The frame's name for the id of what it is about: `conversationId`.
    let field: String
    let audience: Audience

    public init(
        begin: String, end: String, begun: String, ended: String, field: String, audience: @escaping Audience
    ) {
        (self.begin, self.end, self.begun, self.ended, self.field) = (begin, end, begun, ended, field)
        self.audience = audience
    }
}

/// Whom a word goes to.
public enum LiveAudience: Sendable {
    /// What it is about is not there, or not the speaker's.
    case unknown
    /// The speaker may speak, and is not heard.
    case nobody
    /// Everybody who watches the topic, but these. At most 100 of them.
    case watchers(of: LiveTopic, speaker: String, without: [UUID])
}

/// Who says what about what.
struct LiveSpeaker: Hashable, Sendable {
    let member: LiveHub.Member
    /// `LiveWord.begin`.
    let word: String
    let about: UUID
}

/// A word on its way through the fleet: sealed, because NOTIFY is heard by whoever listens.
struct LiveUtterance: Codable, Sendable {
    let tenant: Int32
    let member: UUID
    let word: String
    let about: UUID
    let tag: UUID
    /// The frame that its hearers get.
    var frame: String
    let field: String
    let speaker: String
    /// 16 bytes each.
    let deaf: Data
    /// False: it is over.
    var goesOn: Bool
    let ended: String

    init(_ word: LiveWord, _ speaker: LiveSpeaker, _ tag: UUID, called name: String, without deaf: [UUID]) {
        (tenant, member, self.word, about) = (speaker.member.tenant, speaker.member.id, speaker.word, speaker.about)
        (self.tag, frame, field, ended) = (tag, word.begun, word.field, word.ended)
        self.speaker = name
        self.deaf = deaf.prefix(100).reduce(into: Data()) { data, id in
            withUnsafeBytes(of: id.uuid) { data.append(contentsOf: $0) }
        }
        goesOn = true
    }

    var source: LiveSpeaker { LiveSpeaker(member: .init(tenant: tenant, id: member), word: word, about: about) }

    /// The same word, over.
    var over: LiveUtterance {
        var utterance = self
        (utterance.frame, utterance.goesOn) = (ended, false)
        return utterance
    }

    func isFor(_ hearer: LiveHub.Member) -> Bool {
        guard hearer.id != member else { return false }
        let id = withUnsafeBytes(of: hearer.id.uuid) { Data($0) }
        return !stride(from: 0, to: deaf.count, by: 16).contains { deaf.dropFirst($0).prefix(16) == id }
    }

    private static let purpose = "live word"

    /// What NOTIFY carries: less than 8,000 bytes.
    func sealed(_ house: House) throws -> String {
        Data(try house.sealer.seal(Array(try JSONEncoder().encode(self)), for: Self.purpose)).base64EncodedString()
    }

    /// Nil for what nobody of the fleet has sealed.
    static func opened(_ payload: String, _ house: House) -> LiveUtterance? {
        guard let sealed = Data(base64Encoded: payload), let bytes = try? house.sealer.open(Array(sealed), for: purpose) else {
            return nil
        }
        return try? JSONDecoder().decode(LiveUtterance.self, from: Data(bytes))
    }
}

extension LiveUtterance {
    static let channel = "live_words"

    /// To every process, this one among them. One that cannot be sent is lost, as it would be a moment later.
    func send(_ house: House) async {
        guard let payload = try? sealed(house) else { return }
        await house.database.notify(Self.channel, payload)
    }
}
