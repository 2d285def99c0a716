import Crypto
import Database
import Foundation
import HTML
import UI

/// Everything under `Public/`, held in memory, hashed into its name so that browsers may keep it for ever, and compressed once at
/// start. The files of `css/` are joined in the order of their names into `app.css`.
public struct Assets: Sendable {
    struct File: Sendable {
        let bytes: [UInt8]
        let gzip: [UInt8]?
        let type: String
        let etag: String
    }

    private let files: [String: File]
    /// From the plain name (`app.css`) to the hashed path (`/a/app-1f0c….css`).
    public let paths: AssetPaths

    /// - Throws: when the folder cannot be read.
    public init(folder: URL) throws {
        var plain: [String: Data] = [:]
        var styles: [(String, Data)] = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() {
            let url = folder.appending(path: path)
            guard let type = Self.type(of: path), !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else {
                continue
            }
            let data = try Data(contentsOf: url)
            if type.hasPrefix("text/css"), path.hasPrefix("css/") { styles.append((path, data)) } else { plain[path] = data }
        }
        plain["app.css"] = styles.reduce(into: Data()) { $0 += $1.1 + Data("\n".utf8) }
        var files: [String: File] = [:]
        var names: [String: String] = [:]
        // Style sheets name fonts and icons by their plain path, so those are hashed first.
        for (name, data) in plain.sorted(by: { Self.rank($0.key) < Self.rank($1.key) }) {
            var bytes = Array(data)
            if name == "app.css" { bytes = Array(Self.link(String(decoding: bytes, as: UTF8.self), names).utf8) }
            let hash = SHA256.hash(data: bytes).prefix(8).hex
            let flat = (name as NSString).lastPathComponent as NSString
            let path = "/a/\(flat.deletingPathExtension)-\(hash).\(flat.pathExtension)"
            let type = Self.type(of: name) ?? "application/octet-stream"
            let zipped = Self.compressible(type) ? Gzip.compress(bytes) : nil
            files[path] = File(
                bytes: bytes, gzip: zipped.flatMap { $0.count < bytes.count ? $0 : nil }, type: type, etag: "\"\(hash)\"")
            names[flat as String] = path
            names[name] = path
        }
        self.files = files
        self.paths = AssetPaths(names.compactMapValues { WebPath($0) })
    }

    func file(_ path: String) -> File? {
        files[path]
    }

    /// The service worker, which has to stand at one address for ever: nil where there is none.
    var worker: File? { files[paths("sw.js").string] }

    static let workerPath = "/sw.js"

    private static func rank(_ name: String) -> String {
        (name == "app.css" ? "1" : "0") + name
    }

    private static func link(_ css: String, _ names: [String: String]) -> String {
        names.reduce(css) { $0.replacingOccurrences(of: "url(\"/\($1.key)\")", with: "url(\"\($1.value)\")") }
    }

    private static func compressible(_ type: String) -> Bool {
        type.hasPrefix("text/") || type.contains("svg") || type.contains("json")
    }

    private static func type(of path: String) -> String? {
        switch (path as NSString).pathExtension {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "woff2": "font/woff2"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "webp": "image/webp"
        case "webmanifest": "application/manifest+json"
        default: nil
        }
    }
}
