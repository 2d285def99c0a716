import Forms
import Foundation
import Web

/// What a client says, one JSON text per message. Names that are not known here are let be; a `type` that is not is an error.
enum LiveRequest: Sendable {
    /// With the time of the page that shows them: what changed since is told at once.
    case subscribe([String], since: Date?)
    case unsubscribe([String])
    /// What others are told for a moment (`LiveWord`).
    case word(LiveWord, about: UUID, begins: Bool)

    /// Nil where the text is no request.
    init?(_ text: [UInt8], _ known: LiveTopics) {
        var limits = FormLimits()
        limits.json = LiveLimits.frame
        guard let json = try? JSONValue(parsing: text, limits: limits), let type = json["type"]?.string else { return nil }
        if let word = known.word(type) {
            guard let id = json[word.field]?.string.flatMap(UUID.init(uuidString:)) else { return nil }
            self = .word(word, about: id, begins: type == word.begin)
            return
        }
        guard case .array(let items) = json["topics"] else { return nil }
        let topics = items.compactMap(\.string)
        guard topics.count == items.count, topics.count <= LiveLimits.topics, topics.allSatisfy(Self.isTopic) else { return nil }
        switch type {
        case "subscribe":
            let since = json["since"]?.int.map { Date(timeIntervalSince1970: Double($0) / 1_000) }
            self = .subscribe(topics, since: since)
        case "unsubscribe": self = .unsubscribe(topics)
        default: return nil
        }
    }

    /// Letters, digits, `-`, `_` and `:`; so it stands in an answer as it is.
    private static func isTopic(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x3A).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
    }
}

/// What the server says.
enum LiveNews: Sendable {
    /// The first word on every socket.
    case welcome
    /// Watched from now on: whoever fetches the topic's page after this misses nothing.
    case subscribed(String)
    case refused(String, LiveRefusal)
    /// Was watched, and is no longer the member's to see.
    case ended(String)
    case changed([String])
    /// Anything may have changed: fetch everything.
    case resync
    /// The socket lives. Scripts in a browser see no ping of the protocol's own.
    case ping
    /// What somebody else says at this moment.
    case word(LiveUtterance)
    /// What the word is about is not there, or not theirs; the socket stays.
    case notFound
    /// The message was no request; the socket stays.
    case badFrame

    /// One JSON text. Topics were checked to need no escaping.
    var text: String {
        switch self {
        case .welcome: #"{"type":"welcome"}"#
        case .subscribed(let topic): #"{"type":"subscribed","topic":"\#(topic)"}"#
        case .refused(let topic, let why): #"{"type":"refused","topic":"\#(topic)","code":"\#(why.rawValue)"}"#
        case .ended(let topic): #"{"type":"ended","topic":"\#(topic)"}"#
        case .changed(let topics): #"{"type":"changed","topics":["\#(topics.joined(separator: #"",""#))"]}"#
        case .resync: #"{"type":"resync"}"#
        case .ping: #"{"type":"ping"}"#
        case .word(let word):
            #"{"type":"\#(word.frame)","userId":"\#(word.member.text)","\#(word.field)":"\#(word.about.text)","name":\#(Self.quoted(word.speaker))}"#
        case .notFound: #"{"type":"error","code":"not_found"}"#
        case .badFrame: #"{"type":"error","code":"bad_frame"}"#
        }
    }

    private static func quoted(_ text: String) -> String {
        (try? JSON.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? #""""#
    }
}

enum LiveLimits {
    /// Bytes of one message from a client.
    static let frame = 4_096
    /// Topics of one socket.
    static let topics = 50
    /// Sockets of one member at one process; a browser has one per open tab.
    static let socketsOfMember = 20
    /// Sockets of one process.
    static let sockets = 20_000
    /// Things that one socket may speak about at once, and seconds until one that is not repeated is over.
    static let voices = 5
    static let breath = 3
    /// Messages that a client may send in one second.
    static let framesPerSecond = 20
    /// Requests of one socket that may wait for the one before.
    static let waiting = 20
    /// Bytes that may wait to be taken by a client before news are put together instead of being sent.
    static let unsent = 16 << 10
    /// Seconds that a client may take nothing.
    static let patience = 30
    /// Seconds between two pings, and until one must have been answered.
    static let ping = 30
    static let silence = 75
    /// Seconds that changes are remembered for pages that were on their way.
    static let memory = 300.0
    /// Seconds that the clocks of two nodes may differ.
    static let skew = 0.5
    /// Seconds between two looks at whether the sender is still who they were.
    static let look = 60
}
