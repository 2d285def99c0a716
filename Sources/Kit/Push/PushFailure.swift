import Outbound

/// Why a push did not go out, by what may be done about it. The text is for the log; it holds nothing of the message.
public enum PushFailure: Error, Sendable, Equatable {
    /// The device takes nothing any more: forget it.
    case gone(String)
    /// Trying again may help; when, if the service said it.
    case later(String, seconds: Int? = nil)
    /// The service does not want it; the device may be good all the same.
    case rejected(String)

    public var detail: String {
        switch self {
        case .gone(let text), .later(let text, _), .rejected(let text): text
        }
    }

    /// There was no answer at all.
    init(_ error: any Error) {
        switch error {
        case let failure as PushFailure: self = failure
        // It led out of the internet, or is no address: no time makes it good.
        case OutboundError.forbidden(let host): self = .gone("\(host) lies in a private network")
        case OutboundError.invalidAddress: self = .gone("no address that can be asked")
        case OutboundError.resting(let seconds): self = .later("the service rests", seconds: seconds)
        default: self = .later("\(error)")
        }
    }
}

/// How a device is to treat what it gets.
public struct PushTerms: Sendable {
    /// It matters now, and may wake the device.
    public var isUrgent: Bool
    /// Takes the place of what has waited under the same topic; at most 32 characters of base64url.
    public var topic: String?
    /// Seconds that it is kept for a device that is away.
    public var life: Int

    public init(isUrgent: Bool = false, topic: String? = nil, life: Int = 86_400) {
        self.isUrgent = isUrgent
        self.topic = topic
        self.life = life
    }
}
