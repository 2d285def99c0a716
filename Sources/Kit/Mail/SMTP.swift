import CCurl
import Foundation
import Threads

/// Where mails are handed in.
public struct SMTPSettings: Sendable, Equatable {
    /// Whether the way to the server must be encrypted (STARTTLS); `smtps:` always is.
    public enum TLS: String, Sendable {
        case required, optional, never
    }

    public var address: String
    public var user: String?
    public var password: String?
    public var tls: TLS
    /// Another authority than the system's, for servers of the house; tests use it too.
    public var authority: String?

    /// `smtp://user:password@mail.example.com:587?starttls=required`; nil when it is no such address. Characters with a meaning
    /// in addresses are percent-encoded in user and password. Without `starttls` it is required.
    public init?(_ text: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, ["smtp", "smtps"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/"
        else { return nil }
        let choices = Dictionary((parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        guard Set(choices.keys).isSubset(of: ["starttls", "ca"]), let tls = TLS(rawValue: choices["starttls"] ?? "required")
        else {
            return nil
        }
        address = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? (scheme == "smtp" ? ":587" : ""))
        user = parts.user
        password = parts.password
        self.tls = tls
        authority = choices["ca"]
    }
}

/// Mail by SMTP: one message, one connection, on threads of its own.
public struct SMTPChannel: Channel {
    private let settings: SMTPSettings
    private let sender: MailAddress
    private let threads = BoundedThreads(name: "smtp", count: 8, waiting: 10_000)

    public init(_ settings: SMTPSettings, sender: MailAddress) {
        self.settings = settings
        self.sender = sender
    }

    public func send(_ message: Message) async throws(SendingFailure) -> String {
        guard let recipient = MailAddress(message.recipient) else {
            throw .refused("This is no address that a mail can be sent to")
        }
        let mime = MIME(message: message, sender: sender, recipient: recipient)
        let (settings, sender) = (settings, sender)
        let answer = await Result.of { try await threads.run { Self.exchange(settings, sender, recipient, mime.bytes) } }
        switch answer {
        case .success(let result): return try result.get()
        case .failure(let error): throw .later("\(error)")
        }
    }

    private static func exchange(
        _ settings: SMTPSettings, _ sender: MailAddress, _ recipient: MailAddress, _ bytes: [UInt8]
    ) -> Result<String, SendingFailure> {
        // libcurl greets with the path of the address.
        guard
            let exchange = Exchange(
                settings.address + "/" + (sender.text.split(separator: "@").last ?? ""), protocols: "smtp,smtps")
        else { return .failure(.later("libcurl has no memory left")) }
        switch settings.tls {
        case .required: exchange.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        case .optional: exchange.set(CURLOPT_USE_SSL, Int(CURLUSESSL_TRY.rawValue))
        case .never: exchange.set(CURLOPT_USE_SSL, Int(CURLUSESSL_NONE.rawValue))
        }
        if let authority = settings.authority { exchange.set(CURLOPT_CAINFO, authority) }
        if let user = settings.user { exchange.set(CURLOPT_USERNAME, user) }
        if let password = settings.password { exchange.set(CURLOPT_PASSWORD, password) }
        exchange.set(CURLOPT_MAIL_FROM, "<\(sender.text)>")
        exchange.set(CURLOPT_MAIL_RCPT, ["<\(recipient.text)>"])
        exchange.listen()
        exchange.upload(bytes)
        return verdict(exchange.perform())
    }

    private static func verdict(_ outcome: Exchange.Outcome) -> Result<String, SendingFailure> {
        if outcome.code == CURLE_OK { return .success(outcome.answer) }
        let said = outcome.status > 0 ? "\(outcome.error): \(outcome.answer)" : outcome.error
        if outcome.wasHandedOver {
            if (500...599).contains(outcome.status) { return .failure(.rejected(said)) }
            return .failure((400...499).contains(outcome.status) ? .later(said) : .uncertain(said))
        }
        if outcome.error.hasPrefix("RCPT failed: 5") { return .failure(.refused(said)) }
        if outcome.error.hasPrefix("DATA failed: 5") { return .failure(.rejected(said)) }
        // Wrong password, unknown sender, no encryption: the operator's matter, not the recipient's.
        return .failure(.later(said))
    }
}

extension Result where Failure == any Error {
    static func of(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
