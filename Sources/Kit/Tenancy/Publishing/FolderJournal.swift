import Foundation

/// Replaces several files of a company's folder at once: all or none, whenever the power fails.
///
/// The new files are written and synced into a folder beside the old ones, which a single rename turns into the journal: from then on
/// the change has happened. Carrying it out, file by file, is repeated by whoever reads the folder next, so that nobody sees half of it.
enum FolderJournal {
    static let name = ".publication"
    /// Holds the number of the publication that the folder was last brought to.
    static let mark = ".published"
    private static let removals = "removals"

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameters:
    ///   - changes: by path in the folder; nil takes the file away.
    ///   - number: of the publication.
    static func write(_ changes: [String: String?], number: Int, in folder: String) throws {
        try finish(folder)
        let draft = "\(folder)/.next-\(UUID().uuidString)"
        try act("make \(draft)") { mkdir(draft, 0o755) }
        do {
            for (name, text) in changes { if let text { try put(text, "\(draft)/\(encoded(name))") } }
            try put("\(number)\n", "\(draft)/\(encoded(mark))")
            let gone = changes.filter { $0.value == nil }.keys.sorted().map(encoded).joined(separator: "\n")
            try put(gone, "\(draft)/\(removals)")
            try sync(draft)
            try act("rename \(draft)") { rename(draft, "\(folder)/\(name)") }
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw error
        }
        try sync(folder)
        try finish(folder)
    }

    /// Carries out what an interrupted write has begun; nothing to do as a rule. Several may do it at once.
    static func finish(_ folder: String) throws {
        let journal = "\(folder)/\(name)"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: journal) else { return }
        let gone = (try? String(contentsOfFile: "\(journal)/\(removals)", encoding: .utf8)) ?? ""
        for file in gone.split(separator: "\n") {
            guard let name = decoded(String(file)) else { continue }
            unlink("\(folder)/\(name)")
        }
        for file in names where file != removals {
            guard let name = decoded(file) else { continue }
            if name.contains("/") { mkdir("\(folder)/\(TextFolder.name)", 0o755) }
            // Gone already: somebody else carries it out, too.
            guard rename("\(journal)/\(file)", "\(folder)/\(name)") == 0 || errno == ENOENT else {
                throw Failure(description: "cannot put \(printable(name)) in place: \(String(cString: strerror(errno)))")
            }
        }
        try? sync("\(folder)/\(TextFolder.name)")
        try sync(folder)
        unlink("\(journal)/\(removals)")
        rmdir(journal)
    }

    /// The number of the publication that the folder was last brought to; 0 for one that people alone have written.
    static func published(_ folder: String) -> Int {
        guard let bytes = try? FileBytes.read(mark, in: folder, limit: 20) else { return 0 }
        return Int(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)) ?? 0
    }

    private static func put(_ text: String, _ path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Failure(description: "cannot write \(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(description: "cannot write \(path): \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
        try act("sync \(path)") { fsync(file) }
    }

    private static func sync(_ folder: String) throws {
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw Failure(description: "cannot open \(folder): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        try act("sync \(folder)") { fsync(file) }
    }

    private static func act(_ what: String, _ call: () -> Int32) throws {
        guard call() == 0 else { throw Failure(description: "cannot \(what): \(String(cString: strerror(errno)))") }
    }

    /// A path as one name; nothing but files of a configuration and the mark comes back out.
    private static func encoded(_ name: String) -> String { "file-" + name.replacing("/", with: "~") }

    private static func decoded(_ file: String) -> String? {
        guard file.hasPrefix("file-") else { return nil }
        let name = String(file.dropFirst(5)).replacing("~", with: "/")
        return name == mark || CompanyFiles.isName(name) ? name : nil
    }
}
