import Foundation
import Threads

/// Mails as .eml files in one folder per company: what leaves the house during development.
public struct MailFolder: Channel {
    /// A mail as the development page shows it.
    public struct Entry: Sendable {
        /// Name of the file without its ending.
        public let name: String
        public let date: Date
        public let to: String
        public let subject: String
        public let text: String
        /// The whole file.
        public let source: String
    }

    private let folder: URL
    private let sender: MailAddress
    private let threads = BoundedThreads(name: "mail-folder", count: 1)

    public init(_ folder: URL, sender: MailAddress) {
        self.folder = folder
        self.sender = sender
    }

    /// Written beside its place, then renamed: nobody sees half a mail. A second try of a delivery replaces the first.
    public func send(_ message: Message) async throws(SendingFailure) -> String {
        guard let recipient = MailAddress(message.recipient) else {
            throw .refused("This is no address that a mail can be sent to")
        }
        let bytes = MIME(message: message, sender: sender, recipient: recipient).bytes
        let folder = folder.appending(path: message.company)
        let file = folder.appending(path: "\(message.id.uuidString.lowercased()).eml")
        let written = await Result.of {
            try await threads.run {
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try Data(bytes).write(to: file, options: .atomic)
            }
        }
        if case .failure(let error) = written { throw .later("\(error)") }
        return file.lastPathComponent
    }

    /// The newest mails of a company, newest first.
    public func newest(_ company: String, limit: Int = 100) async throws -> [Entry] {
        let folder = folder.appending(path: company)
        return try await threads.run {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            // Names are version 7 ids: they sort by time.
            let mails = names.filter { $0.hasSuffix(".eml") }.sorted(by: >).prefix(limit)
            return mails.compactMap { Entry(folder.appending(path: $0)) }
        }
    }

    public func find(_ company: String, _ id: UUID) async throws -> Entry? {
        let file = folder.appending(path: company).appending(path: "\(id.uuidString.lowercased()).eml")
        return try await threads.run { Entry(file) }
    }
}

extension MailFolder.Entry {
    init?(_ file: URL) {
        guard let data = try? Data(contentsOf: file) else { return nil }
        let facts = try? FileManager.default.attributesOfItem(atPath: file.path)
        let source = String(decoding: data, as: UTF8.self)
        let halves = source.split(separator: "\r\n\r\n", maxSplits: 1).map(String.init)
        let head = (halves.first ?? "").replacing("\r\n ", with: " ")
        func header(_ name: String) -> String {
            let line = head.split(separator: "\r\n").first { $0.hasPrefix(name + ": ") }
            return line.map { Self.decoded(String($0.dropFirst(name.count + 2))) } ?? ""
        }
        let parts = source.components(separatedBy: "quoted-printable\r\n\r\n")
        let encoded = parts.count > 1 ? parts[1].components(separatedBy: "\r\n--=_")[0] : ""
        self.init(
            name: file.deletingPathExtension().lastPathComponent, date: facts?[.modificationDate] as? Date ?? .distantPast,
            to: header("To"), subject: header("Subject"),
            text: QuotedPrintable.decode(encoded).replacing("\r\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines),
            source: source)
    }

    /// Encoded words as we write them.
    private static func decoded(_ value: String) -> String {
        value.replacing("?= =?UTF-8?B?", with: "?==?UTF-8?B?").replacing(/=\?UTF-8\?B\?([A-Za-z0-9+\/=]*)\?=/) { match in
            Data(base64Encoded: String(match.1)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
