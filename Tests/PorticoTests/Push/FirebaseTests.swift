import Foundation
import HTTPTypes
import Hummingbird
import Outbound
import Synchronization
import Testing
import _CryptoExtras

@testable import Notifications
@testable import Push
@testable import portico

@Suite("Apps are told through Firebase")
struct FirebaseTests {
    private static let key = Task { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    private static func account(_ peer: TestPeer) async throws -> ServiceAccount {
        let file = [
            "type": "service_account", "project_id": "portico-test", "private_key_id": "k1",
            "private_key": try await key.value.pkcs8PEMRepresentation, "client_email": "push@portico-test.iam.test",
            "token_uri": "\(peer.url)/token"
        ]
        return try #require(ServiceAccount(json: String(decoding: try JSONEncoder().encode(file), as: UTF8.self)))
    }

    private static func firebase(_ peer: TestPeer) async throws -> FirebaseMessaging {
        FirebaseMessaging(try await account(peer), address: peer.url, outbound: Outbound())
    }

    private static let sent = #"{"name":"projects/portico-test/messages/1"}"#

    @Test("An access token is asked for with a signed assertion and used again; the message names device and address")
    func sends() async throws {
        let company = try await TestCompany.fresh()
        let jan = try await company.member("technician")
        let given = #"{"access_token":"ya29.x","expires_in":3599,"token_type":"Bearer"}"#
        try await TestPeer.serving({ TestPeer.ok($0.path == "/token" ? given : Self.sent) }) { peer in
            let channel = try company.channel(peer, firebase: try await Self.firebase(peer))
            let phone = #"{"kind":"fcm","token":"device:1","label":"Phone"}"#
            #expect(try await jan.api(.post, "/push/registrations", phone).status == 201)
            for number in 1...2 {
                try await company.tell([jan], .assigned("F-\(number)"))
                try await company.push(by: channel)
            }
            let all = peer.heard.all
            let send = "/v1/projects/portico-test/messages:send"
            #expect(all.map(\.path) == ["/token", send, send])
            let token = try #require(all.first { $0.path == "/token" })
            let form = String(decoding: token.body, as: UTF8.self)
            #expect(form.contains("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer") && form.contains("assertion=eyJ"))
            let message = try #require(all.first { $0.path.hasSuffix(":send") })
            #expect(message.headers[.authorization] == "Bearer ya29.x")
            let json = try #require(try JSONSerialization.jsonObject(with: Data(message.body)) as? [String: [String: Any]])[
                "message"]
            #expect(json?["token"] as? String == "device:1")
            #expect((json?["data"] as? [String: String])?["path"]?.hasPrefix("/faults/F-") == true)
            #expect(try await company.pushes(jan) == ["sent", "sent"])
        }
    }

    @Test("Which refusals mean that a device is gone, and which that it is to be tried again")
    func judges() async throws {
        func outcome(_ status: Int, _ body: String, _ fields: [OutboundField] = []) -> PushFailure? {
            do {
                _ = try FirebaseMessaging.judge(OutboundAnswer(status: status, fields: fields, body: Array(body.utf8)))
                return nil
            } catch { return error }
        }
        func coded(_ code: String) -> String { #"{"error":{"status":"X","details":[{"errorCode":"\#(code)"}]}}"# }
        #expect(outcome(200, Self.sent) == nil)
        #expect(outcome(404, coded("UNREGISTERED")) == .gone("HTTP 404 UNREGISTERED"))
        #expect(outcome(400, coded("INVALID_ARGUMENT")) == .gone("HTTP 400 INVALID_ARGUMENT"))
        let ours = #"{"error":{"status":"INVALID_ARGUMENT","details":[{"fieldViolations":[{"field":"message.android.ttl"}]}]}}"#
        #expect(outcome(400, ours) == .rejected("HTTP 400 INVALID_ARGUMENT"))
        let busy = outcome(429, coded("QUOTA_EXCEEDED"), [OutboundField("Retry-After", "60")])
        #expect(busy == .later("HTTP 429 QUOTA_EXCEEDED", seconds: 60))
        #expect(outcome(503, "<html>") == .later("HTTP 503", seconds: nil))
        #expect(outcome(403, coded("SENDER_ID_MISMATCH")) == .gone("HTTP 403 SENDER_ID_MISMATCH"))
    }

    private static let noAccounts = [
        "", "{}", #"{"project_id":"x","client_email":"y","private_key":"z","token_uri":"https://t.test"}"#
    ]

    @Test("A file that is no service account is refused", arguments: noAccounts)
    func accounts(_ text: String) { #expect(ServiceAccount(json: text) == nil) }
}
