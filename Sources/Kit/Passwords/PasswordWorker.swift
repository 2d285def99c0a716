import Workers

/// The process that hashes for the server and lets everything else go first. It knows no password longer than its hash takes,
/// and has no secrets, files or database.
public enum PasswordWorker {
    /// Runs until the other side closes.
    public static func main() {
        stepBack()
        let channel = Channel.toServer
        while let asked = try? PasswordQuestion(from: channel) {
            let answer = PasswordAnswer { () throws(PasswordHashFailure) in try asked.answer() }
            guard (try? answer.write(to: channel, before: .now + .seconds(60))) != nil else { return }
        }
    }
}

/// What the server wants to know: five numbers (memory, passes, lanes, two lengths), then password and salt or stored hash. Memory 0
/// asks for a comparison.
enum PasswordQuestion: Sendable {
    case hash(password: [UInt8], salt: [UInt8], PasswordCost)
    case verify(password: [UInt8], stored: String)

    func answer() throws(PasswordHashFailure) -> PasswordAnswer {
        switch self {
        case .hash(let password, let salt, let cost): .made(try Argon2.hash(password, salt: salt, cost))
        case .verify(let password, let stored): .compared(try Argon2.verify(password, stored))
        }
    }

    func write(to channel: Channel, before deadline: ContinuousClock.Instant) throws(Channel.Failure) {
        let (password, other, cost) =
            switch self {
            case .hash(let password, let salt, let cost): (password, salt, [cost.memory, cost.passes, cost.lanes].map { Int($0) })
            case .verify(let password, let stored): (password, Array(stored.utf8), [0, 0, 0])
            }
        try channel.write(Frame.numbers(cost + [password.count, other.count]) + password + other, before: deadline)
    }

    init(from channel: Channel) throws(Channel.Failure) {
        let head = Frame.numbers(from: try channel.read(20, before: .now + .seconds(86_400 * 365)))
        guard head.count == 5, head[3] <= 1 << 16, head[4] <= 1 << 12 else { throw .closed }
        let password = try channel.read(head[3], before: .now + .seconds(60))
        let other = try channel.read(head[4], before: .now + .seconds(60))
        let cost = PasswordCost(
            memory: UInt32(clamping: head[0]), passes: UInt32(clamping: head[1]), lanes: UInt32(clamping: head[2]))
        self =
            head[0] == 0
            ? .verify(password: password, stored: String(decoding: other, as: UTF8.self))
            : .hash(password: password, salt: other, cost)
    }
}

/// What came of it: which, the length of a text, and the text.
enum PasswordAnswer: Sendable {
    case made(String)
    case compared(Bool)
    case failed(String)

    init(_ work: () throws(PasswordHashFailure) -> PasswordAnswer) {
        do { self = try work() } catch { self = .failed(error.description) }
    }

    func write(to channel: Channel, before deadline: ContinuousClock.Instant) throws(Channel.Failure) {
        let (kind, text) =
            switch self {
            case .made(let hash): (0, hash)
            case .compared(let same): (same ? 1 : 2, "")
            case .failed(let why): (3, why)
            }
        try channel.write(Frame.numbers([kind, text.utf8.count]) + Array(text.utf8), before: deadline)
    }

    init(from channel: Channel, before deadline: ContinuousClock.Instant) throws(Channel.Failure) {
        let head = Frame.numbers(from: try channel.read(8, before: deadline))
        guard head.count == 2, head[1] <= 1 << 12 else { throw .closed }
        let text = String(decoding: try channel.read(head[1], before: deadline), as: UTF8.self)
        switch head[0] {
        case 0: self = .made(text)
        case 1, 2: self = .compared(head[0] == 1)
        default: self = .failed(text)
        }
    }
}
