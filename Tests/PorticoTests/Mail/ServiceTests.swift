import Foundation
import Testing

@testable import Mail

@Suite("SendGrid and Twilio, as their documents say")
struct ServiceTests {
    @Test("SendGrid gets the whole letter, and its answers decide what happens next")
    func sendGrid() async throws {
        let peer = try await MailPeer.shared.value
        let sender = try #require(MailAddress("notices@portico.test"))
        let channel = SendGridChannel(key: "SG.test", address: peer.http, sender: sender)
        let recipient = "nora@\(UUID().uuidString.lowercased()).test"
        _ = try await channel.send(.sample(to: recipient, subject: "Fall 7\r\nBcc: x"))
        let letter = try #require(try await peer.taken(recipient).only?.letter)
        #expect(letter.subject == "Fall 7 Bcc: x")
        #expect(letter.content.map(\.type) == ["text/plain", "text/html"])
        #expect(letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
        await #expect { _ = try await channel.send(.sample(to: "busy@example.test")) } throws: { $0.isLater }
        await #expect { _ = try await channel.send(.sample(to: "spam@example.test")) } throws: { error in
            if case .rejected? = error as? SendingFailure { true } else { false }
        }
        let wrong = SendGridChannel(key: "wrong", address: peer.http, sender: sender)
        await #expect { _ = try await wrong.send(.sample(to: "nora@example.test")) } throws: { $0.isLater }
    }

    @Test("Twilio gets number and text; a number that does not exist is given up")
    func twilio() async throws {
        let peer = try await MailPeer.shared.value
        let channel = TwilioChannel(account: "AC1", token: "token", sender: "+15005550006", address: peer.http)
        let number = "+4915\(Int.random(in: 100_000_000...999_999_999))"
        let sid = try await channel.send(.sample(to: number, text: String(repeating: "Größe & Maß+ ", count: 40)))
        #expect(sid == "SM123")
        let form = try #require(try await peer.taken(number).first?.form)
        #expect(form["Body"]?.hasPrefix("Größe & Maß+ Größe") == true)
        #expect(form["Body"]?.unicodeScalars.count == 320)
        await #expect { _ = try await channel.send(.sample(to: "+15005550001")) } throws: { error in
            if case .refused? = error as? SendingFailure { true } else { false }
        }
        let wrong = TwilioChannel(account: "AC1", token: "wrong", sender: "+15005550006", address: peer.http)
        await #expect { _ = try await wrong.send(.sample(to: number)) } throws: { $0.isLater }
    }
}

extension Error {
    fileprivate var isLater: Bool {
        if case .later? = self as? SendingFailure { true } else { false }
    }
}
