import Foundation
import Outbound

/// What an app shows. Unlike a browser's, it is not encrypted for the device: Google reads it.
public struct FirebaseNote: Sendable {
    public var title: String
    public var body: String
    /// For the app: where it leads.
    public var data: [String: String]

    public init(title: String, body: String, data: [String: String] = [:]) {
        (self.title, self.body, self.data) = (title, body, data)
    }
}

/// Sends to apps through Firebase Cloud Messaging, HTTP v1:
/// https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send
public struct FirebaseMessaging: Sendable {
    private let account: ServiceAccount
    private let access: ServiceAccess
    private let outbound: Outbound
    private let address: String

    /// - Parameter address: scheme and host.
    public init(_ account: ServiceAccount, address: String = "https://fcm.googleapis.com", outbound: Outbound) {
        self.account = account
        self.access = ServiceAccess(account, outbound: outbound)
        self.address = address
        self.outbound = outbound
    }

    /// - Returns: the name of the message, for the log.
    public func send(
        _ note: FirebaseNote, to token: String, _ terms: PushTerms, for tenant: Int32, now: Date
    ) async throws(PushFailure) -> String {
        do {
            let bearer = try await access.token(for: tenant, now: now)
            let answer = try await outbound.send(
                OutboundRequest(
                    .post, "\(address)/v1/projects/\(account.project)/messages:send", entered: .byOperator,
                    fields: [
                        OutboundField("Authorization", "Bearer \(bearer)"), OutboundField("Content-Type", "application/json")
                    ],
                    body: Array(try JSONEncoder().encode(FirebaseRequest(note, to: token, terms))), mostBytes: 64 << 10),
                to: OutboundService("fcm", tenant: tenant))
            if answer.status == 401 { await access.forget(bearer) }
            return try Self.judge(answer)
        } catch {
            throw PushFailure(error)
        }
    }

    private struct Sent: Decodable {
        let name: String
    }

    private struct Refusal: Decodable {
        struct Error: Decodable {
            struct Detail: Decodable {
                struct Violation: Decodable {
                    let field: String?
                }

                let errorCode: String?
                let fieldViolations: [Violation]?
            }

            let status: String?
            let details: [Detail]?
        }

        let error: Error
    }

    /// https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
    static func judge(_ answer: OutboundAnswer) throws(PushFailure) -> String {
        let body = Data(answer.body)
        if answer.status == 200 { return (try? JSONDecoder().decode(Sent.self, from: body))?.name ?? "HTTP 200" }
        let error = (try? JSONDecoder().decode(Refusal.self, from: body))?.error
        let code = error?.details?.compactMap(\.errorCode).first ?? error?.status ?? ""
        let said = "HTTP \(answer.status) \(code.prefix(60))".trimmingCharacters(in: .whitespaces)
        switch (answer.status, code) {
        case (_, "UNREGISTERED"), (_, "SENDER_ID_MISMATCH"): throw .gone(said)
        case (400, "INVALID_ARGUMENT"):
            // Also what is wrong with our own request is called so; then another field is named.
            let fields = error?.details?.flatMap { $0.fieldViolations ?? [] }.compactMap(\.field) ?? []
            if fields.contains(where: { $0 != "message.token" }) { throw .rejected(said) }
            throw .gone(said)
        case (401, _), (429, _), (500...599, _): throw .later(said, seconds: answer.retryAfter)
        default: throw .rejected(said)
        }
    }
}

private struct FirebaseRequest: Encodable {
    struct Message: Encodable {
        let token: String
        let notification: Notification
        let data: [String: String]
        let android: Android
        let apns: Apple
    }

    struct Notification: Encodable {
        let title: String
        let body: String
    }

    struct Android: Encodable {
        let priority: String
        let ttl: String
        let collapse_key: String?
    }

    struct Apple: Encodable {
        let headers: [String: String]
    }

    let message: Message

    init(_ note: FirebaseNote, to token: String, _ terms: PushTerms) {
        var headers = ["apns-priority": terms.isUrgent ? "10" : "5"]
        headers["apns-collapse-id"] = terms.topic
        message = Message(
            token: token, notification: Notification(title: note.title, body: note.body), data: note.data,
            android: Android(priority: terms.isUrgent ? "HIGH" : "NORMAL", ttl: "\(terms.life)s", collapse_key: terms.topic),
            apns: Apple(headers: headers))
    }
}
