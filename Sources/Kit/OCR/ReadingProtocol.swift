import Foundation
import Workers

/// What the server wants to know: two numbers (what, length), then the picture.
enum ReadingQuestion: Sendable {
    case languages
    case read([UInt8], TextReader.Kind)

    func write(to channel: Channel, before deadline: ContinuousClock.Instant) throws(Channel.Failure) {
        switch self {
        case .languages: try channel.write(Frame.numbers([0, 0]), before: deadline)
        case .read(let jpeg, let kind): try channel.write(Frame.numbers([kind.rawValue + 1, jpeg.count]) + jpeg, before: deadline)
        }
    }

    /// Waits for the next question.
    init(from channel: Channel) throws(Channel.Failure) {
        let head = Frame.numbers(from: try channel.read(8, before: .now + .seconds(86_400 * 365)))
        guard head.count == 2, head[1] <= TextReader.mostBytes else { throw .closed }
        let jpeg = try channel.read(head[1], before: .now + .seconds(60))
        guard head[0] > 0 else {
            self = .languages
            return
        }
        guard let kind = TextReader.Kind(rawValue: head[0] - 1) else { throw .closed }
        self = .read(jpeg, kind)
    }
}

/// What the worker says: a length, then JSON.
struct ReadingAnswer: Codable, Sendable {
    var text: ReadText?
    var languages: [String]?
    /// Why nothing can be read at all.
    var unavailable: String?
    var isUnreadable = false

    static let mostBytes = 256 << 10

    func write(to channel: Channel, before deadline: ContinuousClock.Instant) throws {
        let bytes = Array(try JSONEncoder().encode(self))
        try channel.write(Frame.numbers([bytes.count]) + bytes, before: deadline)
    }
}

extension ReadingAnswer {
    /// It has looked at a stranger's picture: what it says is a stranger's word, too.
    init(from channel: Channel, before deadline: ContinuousClock.Instant) throws(Channel.Failure) {
        let head = Frame.numbers(from: try channel.read(4, before: deadline))
        guard let count = head.first, count <= Self.mostBytes else { throw .closed }
        let bytes = try channel.read(count, before: deadline)
        guard let answer = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { throw .closed }
        self = answer
    }
}
