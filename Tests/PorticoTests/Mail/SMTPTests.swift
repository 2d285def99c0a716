import Foundation
import Testing

@testable import Mail

@Suite("Mail by SMTP, with a real server")
struct SMTPTests {
    private func address(_ name: String = "nora") -> String { "\(name)@\(UUID().uuidString.lowercased()).test" }

    @Test("A mail arrives as it was written: both texts, umlauts, a lone dot, short lines, and the same Message-ID at each try")
    func arrives() async throws {
        let peer = try await MailPeer.shared.value
        let message = Message.sample(to: address())
        for _ in 0..<2 { _ = try await peer.channel().send(message) }
        let mails = try await peer.taken(message.recipient)
        #expect(mails.count == 2)
        let mail = try #require(mails.first)
        #expect(
            mail.text?.replacing("\r\n", with: "\n").trimmingCharacters(in: .newlines)
                == message.text.trimmingCharacters(in: .newlines))
        #expect(mail.html?.contains("<p>Es tropft &amp; tropft</p>") == true)
        #expect(mail.headers?["Subject"] == message.subject)
        #expect(mail.headers?["To"] == "Nora Blum <\(message.recipient)>")
        #expect(mail.headers?["From"] == "Hausverwaltung Lindenhof <notices@portico.test>")
        #expect(mail.headers?["List-Unsubscribe"] == "<https://lindenhof.test/unsubscribe/1/2/3>")
        #expect(mail.headers?["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
        #expect(Set(mails.map { $0.headers?["Message-ID"] }) == ["<\(message.id.uuidString.lowercased())@lindenhof.test>"])
        #expect(mail.defects == [])
        #expect(mail.longest ?? 999 <= 78)
    }

    @Test(
        "T32: CR, LF, NUL and U+010A in names, subjects and addresses make no header",
        arguments: [
            "x\r\nBcc: evil@example.com", "x\nBcc: evil@example.com\n\nbody", "x\u{0}\u{85}\u{2028}y", "Ċ\u{10A}x",
            "=?utf-8?q?x=0ABcc:_e?="
        ])
    func injection(text: String) async throws {
        let peer = try await MailPeer.shared.value
        var message = Message.sample(to: address(), name: text, subject: text, unsubscribe: "https://a.test/\(text)")
        message.senderName = text
        message.host = text
        message.language = text
        _ = try await peer.channel().send(message)
        let mail = try #require(try await peer.taken(message.recipient).first)
        let known = [
            "Date", "From", "To", "Subject", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version", "Content-Type",
            "List-Unsubscribe", "List-Unsubscribe-Post"
        ]
        #expect(Set(mail.names ?? []).subtracting(known).isEmpty, "\(mail.names ?? [])")
        #expect(mail.text?.hasPrefix("Guten Tag") == true)
        #expect(mail.defects == [])
    }

    @Test("An address that is more than one address is refused before anything is sent")
    func hostileAddress() async throws {
        let peer = try await MailPeer.shared.value
        for bad in [
            "a@b.test\r\nRCPT TO:<c@d.test>", "a@b.test> <c@d.test", "a@b.test,c@d.test", "a b@c.test", "-o@c", "äa@b.test", "@",
            ""
        ] {
            await #expect(throws: SendingFailure.refused("This is no address that a mail can be sent to")) {
                _ = try await peer.channel().send(.sample(to: bad))
            }
        }
    }

    @Test("What the server says decides: 550 gives the address up, 451 waits, 554 gives the message up, no answer is uncertain")
    func verdicts() async throws {
        let peer = try await MailPeer.shared.value
        func failure(_ name: String) async throws -> SendingFailure? { try await Self.failure(peer.channel(), address(name)) }
        guard case .refused(let refusal)? = try await failure("nobody") else { Issue.record("nobody"); return }
        #expect(refusal.contains("550"))
        guard case .later? = try await failure("busy") else { Issue.record("busy"); return }
        guard case .rejected(let text)? = try await failure("spam") else { Issue.record("spam"); return }
        #expect(text.contains("not wanted"))
        guard case .uncertain? = try await failure("cut") else { Issue.record("cut"); return }
        let nowhere = try MailPeer.channel("smtp://127.0.0.1:\(MailPeer.freePort())?starttls=never")
        guard case .later? = await Self.failure(nowhere, address()) else { Issue.record("nobody listens there"); return }
    }

    /// nil when it went out.
    private static func failure(_ channel: SMTPChannel, _ recipient: String) async -> SendingFailure? {
        do {
            _ = try await channel.send(.sample(to: recipient))
            return nil
        } catch {
            return error
        }
    }

    @Test("Encryption that is required is required: with it user and password go through, without it nothing is sent")
    func encryption() async throws {
        let peer = try await MailPeer.shared.value
        let good = address()
        _ = try await peer.channel(peer.secure()).send(.sample(to: good))
        let mail = try #require(try await peer.taken(good).first)
        #expect(mail.tls == true)
        for wrong in [peer.plain.replacing("never", with: "required"), peer.secure(password: "wrong"), peer.secure("never")] {
            let nobody = address()
            guard case .later? = try await Self.failure(peer.channel(wrong), nobody) else {
                Issue.record("it went out by \(wrong)")
                continue
            }
            #expect(try await peer.taken(nobody).isEmpty)
        }
    }

    @Test("Settings that are no SMTP address are none")
    func settings() {
        for bad in ["", "http://x", "smtp://", "smtp://h/path", "smtp://h?starttls=maybe", "smtp://h?x=y"] {
            #expect(SMTPSettings(bad) == nil, "\(bad)")
        }
        #expect(SMTPSettings("smtp://mail.test")?.address == "smtp://mail.test:587")
        #expect(SMTPSettings("smtps://mail.test")?.tls == .required)
    }
}
