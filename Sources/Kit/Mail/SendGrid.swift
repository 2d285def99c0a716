import Foundation

/// Mail through SendGrid's REST interface, version 3: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
public struct SendGridChannel: Channel {
    private let key: String
    private let address: String
    private let sender: MailAddress

    /// - Parameter address: `https://api.sendgrid.com`, or the one in the EU.
    public init(key: String, address: String = "https://api.sendgrid.com", sender: MailAddress) {
        self.key = key
        self.address = address
        self.sender = sender
    }

    public func send(_ message: Message) async throws(SendingFailure) -> String {
        guard let recipient = MailAddress(message.recipient) else {
            throw .refused("This is no address that a mail can be sent to")
        }
        let post = Post(
            address: address + "/v3/mail/send",
            headers: ["Authorization: Bearer \(HeaderText.line(key))", "Content-Type: application/json"],
            body: try Letter(message, from: sender, to: recipient).json())
        let (status, body) = try await post.send()
        let said = "HTTP \(status): \(body.prefix(500))"
        switch status {
        case 200...299: return "HTTP \(status)"
        case 400, 413: throw .rejected(said)
        default: throw .later(said)
        }
    }
}

private struct Letter: Encodable {
    struct Person: Encodable {
        let email: String
        let name: String?
    }

    struct Personalization: Encodable {
        let to: [Person]
    }

    struct Content: Encodable {
        let type: String
        let value: String
    }

    let personalizations: [Personalization]
    let from: Person
    let subject: String
    let content: [Content]
    let headers: [String: String]
    let customArgs: [String: String]

    init(_ message: Message, from sender: MailAddress, to recipient: MailAddress) {
        func person(_ address: MailAddress, _ name: String) -> Person {
            let line = HeaderText.line(name)
            return Person(email: address.text, name: line.isEmpty ? nil : line)
        }
        personalizations = [Personalization(to: [person(recipient, message.recipientName)])]
        from = person(sender, message.senderName)
        // SendGrid refuses an empty subject.
        let line = HeaderText.line(message.subject)
        subject = line.isEmpty ? "-" : line
        content =
            [Content(type: "text/plain", value: message.text)]
            + (message.html.map { [Content(type: "text/html", value: $0)] } ?? [])
        var headers = ["Auto-Submitted": "auto-generated"]
        if let unsubscribe = message.unsubscribe {
            headers["List-Unsubscribe"] = "<\(HeaderText.line(unsubscribe))>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        }
        self.headers = headers
        customArgs = ["delivery": message.id.uuidString.lowercased()]
    }

    func json() throws(SendingFailure) -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return String(decoding: try encoder.encode(self), as: UTF8.self) } catch { throw .rejected("\(error)") }
    }
}
