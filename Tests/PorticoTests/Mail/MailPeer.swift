import Foundation
import Testing

@testable import Mail

/// Real servers for mail and SMS, in a process beside the tests: see Tests/Peers/mail.py.
final class MailPeer: Sendable {
    /// One for all tests that do not need it to be away.
    static let shared = Task { try MailPeer() }

    private struct Ports: Decodable {
        let http: Int
        let smtp: Int
        let secure: Int
        let authority: String
    }

    /// What the peer took.
    struct Taken: Decodable, Sendable {
        struct Letter: Decodable, Sendable {
            struct Text: Decodable, Sendable {
                let type: String
                let value: String
            }

            let subject: String
            let content: [Text]
            let headers: [String: String]
        }

        let by: String
        let tls: Bool?
        let user: String?
        let from: String?
        let to: [String]?
        let text: String?
        let html: String?
        let headers: [String: String]?
        let names: [String]?
        let defects: [String]?
        let longest: Int?
        let raw: String?
        let letter: Letter?
        let form: [String: String]?
    }

    private let process: Process
    private let input = Pipe()
    private let ports: Ports

    init(port: Int? = nil) throws {
        let environment = ProcessInfo.processInfo.environment
        let python = try #require(environment["PORTICO_PEERS"], "bin/test sets PORTICO_PEERS") + "/python"
        let output = Pipe()
        process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-B", TestHouse.home.appending(path: "Tests/Peers/mail.py").path] + (port.map { [String($0)] } ?? [])
        // It ends with us, however we end.
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while !line.contains(0x0A) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            line += more
        }
        ports = try JSONDecoder().decode(Ports.self, from: line)
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    var http: String { "http://127.0.0.1:\(ports.http)" }
    var plain: String { "smtp://127.0.0.1:\(ports.smtp)?starttls=never" }

    func secure(password: String = "se%3Acr%40t", _ tls: String = "required") -> String {
        "smtp://portico:\(password)@127.0.0.1:\(ports.secure)?starttls=\(tls)&ca=\(ports.authority)"
    }

    func channel(_ address: String? = nil) throws -> SMTPChannel { try Self.channel(address ?? plain) }

    static func channel(_ address: String) throws -> SMTPChannel {
        SMTPChannel(try #require(SMTPSettings(address)), sender: try #require(MailAddress("notices@portico.test")))
    }

    /// Everything that was taken for that recipient.
    func taken(_ recipient: String) async throws -> [Taken] {
        let body = try await Post(address: http + "/received", body: recipient).send().body
        return try JSONDecoder().decode([Taken].self, from: Data(body.utf8))
    }

    /// A port where nobody listens now.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
                guard bind(descriptor, address, length) == 0, getsockname(descriptor, address, &length) == 0 else { return nil }
                return pointer.pointee.sin_port.bigEndian
            }
        }
        return Int(try #require(port))
    }
}

extension Message {
    static func sample(
        to recipient: String, id: UUID = UUID(), name: String = "Nora Blum",
        subject: String = "Wasser tropft von der Decke – dringend",
        text: String = "Guten Tag,\n\n.\nes tropft seit heute früh: 3 Liter = viel.\n",
        html: String? = "<p>Es tropft &amp; tropft</p>",
        unsubscribe: String? = "https://lindenhof.test/unsubscribe/1/2/3"
    ) -> Message {
        Message(
            id: id, company: "lindenhof", host: "lindenhof.test", senderName: "Hausverwaltung Lindenhof", recipient: recipient,
            recipientName: name, language: "de", subject: subject, text: text, html: html, unsubscribe: unsubscribe)
    }
}
