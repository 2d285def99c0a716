import Foundation

/// SMS through Twilio: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
public struct TwilioChannel: Channel {
    private let account: String
    private let token: String
    private let sender: String
    private let address: String

    /// - Parameters:
    ///   - account: "AC…".
    ///   - sender: a number in E.164, or an alphanumeric sender.
    public init(account: String, token: String, sender: String, address: String = "https://api.twilio.com") {
        self.account = account
        self.token = token
        self.sender = sender
        self.address = address
    }

    public func send(_ message: Message) async throws(SendingFailure) -> String {
        var fields = URLComponents()
        fields.queryItems = [("To", message.recipient), ("From", sender), ("Body", Self.short(message.text))].map {
            URLQueryItem(name: $0.0, value: $0.1)
        }
        // A plus sign means a space in a form.
        let body = (fields.percentEncodedQuery ?? "").replacing("+", with: "%2B")
        let post = Post(
            address: "\(address)/2010-04-01/Accounts/\(account)/Messages.json",
            headers: ["Content-Type: application/x-www-form-urlencoded"], basic: (account, token), body: body)
        let (status, answer) = try await post.send()
        let reply = try? JSONDecoder().decode(Reply.self, from: Data(answer.utf8))
        let said = "HTTP \(status): \(reply?.code.map { "\($0) " } ?? "")\((reply?.message ?? "").prefix(300))"
        switch status {
        case 200...299: return reply?.sid ?? "HTTP \(status)"
        // No such number, not a mobile, or the person has answered STOP.
        case 400 where [21211, 21214, 21610, 21614].contains(reply?.code ?? 0): throw .refused(said)
        case 400: throw .rejected(said)
        default: throw .later(said)
        }
    }

    /// Two parts at most.
    private static func short(_ text: String) -> String {
        text.unicodeScalars.count <= 320 ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(319))) + "…"
    }

    private struct Reply: Decodable {
        let sid: String?
        let code: Int?
        let message: String?
    }
}
