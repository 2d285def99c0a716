import Foundation

/// What stands in a company's folder as its configuration: `tenant.yaml`, pictures (`logo.svg`) and texts
/// (`notices/fault.assigned.de.mustache`), by their path in that folder.
///
/// Whatever else lies there is none of it, and is left alone by whoever writes these. Bytes that are no text are shown as U+FFFD; such a
/// file is refused wherever it is read for use.
public struct CompanyFiles: Sendable, Equatable {
    public private(set) var texts: [String: String]
    private static let most = 500

    public init(_ texts: [String: String]) {
        self.texts = texts
    }

    public subscript(name: String) -> String? {
        get { texts[name] }
        set { texts[name] = newValue }
    }

    /// `tenant.yaml` first, then by name.
    public var names: [String] {
        texts.keys.sorted { ($0 != TenantFile.name ? 1 : 0, $0) < ($1 != TenantFile.name ? 1 : 0, $1) }
    }

    /// These with some changed; nil takes a file away.
    public func changed(_ changes: [String: String?]) -> CompanyFiles {
        var files = self
        for (name, text) in changes { files.texts[name] = text }
        return files
    }

    /// Whether a file of that name may be part of a configuration.
    public static func isName(_ name: String) -> Bool {
        if name == TenantFile.name || TextFormat.svgFile.matches(name) { return true }
        guard name.hasPrefix(TextFolder.name + "/"), name.hasSuffix(".mustache"), name.utf8.count <= 120 else { return false }
        let stem = name.dropFirst(TextFolder.name.utf8.count + 1).dropLast(".mustache".utf8.count)
        return !stem.isEmpty && !stem.hasPrefix(".")
            && stem.utf8.allSatisfy { isLetter($0) || isDigit($0) || [0x2E, 0x2D, 0x5F].contains($0) }
    }

    /// Nil when there is no such folder, or no `tenant.yaml` in it that can be read.
    static func read(_ folder: String) -> CompanyFiles? {
        func text(_ name: String, _ limit: Int) -> String? {
            guard let bytes = try? FileBytes.read(name, in: folder, limit: limit) else { return nil }
            return String(decoding: bytes, as: UTF8.self).replacing("\0", with: "\u{FFFD}")
        }
        guard let main = text(TenantFile.name, SourceText.maximumBytes) else { return nil }
        var texts = [TenantFile.name: main]
        let pictures = list(folder).filter(TextFormat.svgFile.matches)
        for name in pictures.prefix(20) { texts[name] = text(name, Logo.maximumBytes) }
        for name in list("\(folder)/\(TextFolder.name)").map({ "\(TextFolder.name)/\($0)" }).filter(isName).prefix(most) {
            texts[name] = text(name, TextTemplate.maximumBytes)
        }
        return CompanyFiles(texts)
    }

    private static func list(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
    }
}
