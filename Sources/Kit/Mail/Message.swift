import Foundation

/// One message to one person, ready to go out by any channel. A short message uses only `text`.
public struct Message: Sendable {
    /// Of the delivery. Message-ID is made from it, so that a second copy of the same delivery can be recognised.
    public var id: UUID
    /// Short name of the company; the development folder keeps companies apart by it.
    public var company: String
    /// The company's host: the right half of Message-ID.
    public var host: String
    /// Shown as the sender; the sending address belongs to the operator.
    public var senderName: String
    /// Mail address or E.164 number.
    public var recipient: String
    public var recipientName: String
    public var language: String
    public var subject: String
    public var text: String
    public var html: String?
    /// RFC 8058: takes a POST without any cookie.
    public var unsubscribe: String?
    public var date: Date

    public init(
        id: UUID, company: String, host: String, senderName: String, recipient: String, recipientName: String = "",
        language: String = "en", subject: String = "", text: String, html: String? = nil, unsubscribe: String? = nil,
        date: Date = Date()
    ) {
        self.id = id
        self.company = company
        self.host = host
        self.senderName = senderName
        self.recipient = recipient
        self.recipientName = recipientName
        self.language = language
        self.subject = subject
        self.text = text
        self.html = html
        self.unsubscribe = unsubscribe
        self.date = date
    }
}

/// A way out of the house: mail through SMTP or SendGrid, SMS through Twilio, or a folder during development.
public protocol Channel: Sendable {
    /// Hands the message over. Returns what the other side called it, for the log.
    func send(_ message: Message) async throws(SendingFailure) -> String
}

/// Why a message did not go out, by what may be done about it. The text is for the log; it holds nothing of the message.
public enum SendingFailure: Error, Sendable, Equatable {
    /// Nothing was taken over; trying again later may help.
    case later(String)
    /// The other side does not know the recipient: this address will never take anything.
    case refused(String)
    /// The other side does not want this message; the address may be good all the same.
    case rejected(String)
    /// The message was handed over entirely and no answer came: it may have arrived.
    case uncertain(String)

    public var detail: String {
        switch self {
        case .later(let text), .refused(let text), .rejected(let text), .uncertain(let text): text
        }
    }
}

/// The channels of this process; nil where the operator has configured none.
public struct Channels: Sendable {
    public var mail: (any Channel)?
    public var sms: (any Channel)?

    public init(mail: (any Channel)? = nil, sms: (any Channel)? = nil) {
        self.mail = mail
        self.sms = sms
    }
}
