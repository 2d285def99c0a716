import Foundation

/// A message as the bytes that go through the wire or into an .eml file (RFC 5322, RFC 2045).
struct MIME {
    let message: Message
    let sender: MailAddress
    let recipient: MailAddress

    var bytes: [UInt8] {
        var lines = [
            "Date: \(Self.date(message.date))",
            "From: \(HeaderText.mailbox(message.senderName, sender))",
            "To: \(HeaderText.mailbox(message.recipientName, recipient))",
            "Subject: \(HeaderText.unstructured(message.subject))",
            "Message-ID: <\(messageID)>",
            "Content-Language: \(Self.token(message.language))",
            // So that no absence notice answers it (RFC 3834).
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0"
        ]
        if let address = message.unsubscribe, Self.isAddress(address) {
            lines.append("List-Unsubscribe: <\(address)>")
            lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
        }
        if let html = message.html {
            let boundary = "=_\(message.id.uuidString)"
            lines += ["Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"", ""]
            lines += ["--\(boundary)"] + part("plain", message.text) + ["--\(boundary)"] + part("html", html)
            lines += ["--\(boundary)--", ""]
        } else {
            lines += part("plain", message.text)
        }
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// The same for every try of one delivery.
    var messageID: String { "\(message.id.uuidString.lowercased())@\(Self.token(message.host))" }

    private func part(_ type: String, _ text: String) -> [String] {
        [
            "Content-Type: text/\(type); charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
            QuotedPrintable.encode(text), ""
        ]
    }

    private static func token(_ text: String) -> String {
        let kept = text.unicodeScalars.filter {
            $0.isASCII && ($0.properties.isAlphabetic || "0123456789.-".unicodeScalars.contains($0))
        }
        return kept.isEmpty ? "localhost" : String(String.UnicodeScalarView(kept.prefix(200)))
    }

    private static func isAddress(_ text: String) -> Bool {
        text.hasPrefix("http") && text.utf8.count <= 900
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
    }

    private static func date(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = .gmt
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: date)
    }
}
