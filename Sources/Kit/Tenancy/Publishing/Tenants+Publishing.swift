import Foundation
import Threads

extension Tenants {
    /// The files of a company's folder as they are now; nil when it has none.
    public func files(of slug: String) async throws -> CompanyFiles? {
        let folder = folder(slug)
        return try await disk.run {
            try? FolderJournal.finish(folder)
            return CompanyFiles.read(folder)
        }
    }

    /// The number of the publication that the folder was last brought to; 0 when people alone have written it.
    public func published(of slug: String) async throws -> Int {
        let folder = folder(slug)
        return try await disk.run { FolderJournal.published(folder) }
    }

    /// Whether this process may write into the company's folder.
    public func isWritable(_ slug: String) -> Bool { access(folder(slug), W_OK | X_OK) == 0 }

    /// Makes the folder hold exactly these files, at once. Only for files that `check` accepts; `reload` lets the server use them.
    public func place(_ files: CompanyFiles, number: Int, of slug: String) async throws {
        let folder = folder(slug)
        try await disk.run {
            try FolderJournal.finish(folder)
            let now = CompanyFiles.read(folder) ?? CompanyFiles([:])
            var changes: [String: String?] = [:]
            for name in now.names where files[name] == nil { changes[name] = .some(nil) }
            for name in files.names where files[name] != now[name] { changes[name] = files[name] }
            try FolderJournal.write(changes, number: number, in: folder)
        }
    }

    /// What the server would make of the files, were they the company's.
    ///
    /// - Throws: everything that is wrong with them; files are named by their path in the company's folder.
    public func check(_ files: CompanyFiles, of slug: String) throws(TenantProblems) -> TenantConfiguration {
        var problems = files.names.filter { !CompanyFiles.isName($0) }.map {
            TenantProblem(file: $0, message: "is no file of a configuration")
        }
        for name in files.names {
            guard let place = files[name].flatMap({ Secrets.place(in: $0) }) else { continue }
            problems.append(TenantProblem(file: name, position: place, message: Secrets.refusal))
        }
        guard problems.isEmpty else { throw TenantProblems(slug, problems) }
        let rules = rules
        let file = try TenantFile.decode(
            Array((files[TenantFile.name] ?? "").utf8), slug: slug, file: TenantFile.name, rules: rules,
            texts: { TextFolder.read(files, rules: rules, locales: $0) },
            logo: { name throws(FileBytes.Failure) in
                guard let text = files[name] else { throw .missing }
                return Array(text.utf8)
            })
        let now = snapshot
        for (index, host) in file.configuration.hosts.enumerated() {
            guard let other = now.byHost[host], other.slug != slug else { continue }
            problems.append(
                TenantProblem(
                    file: TenantFile.name, position: file.hostPlaces[host] ?? .start, path: ["hosts", String(index + 1)],
                    message: "\(quoted(host)) belongs to another company"))
        }
        guard problems.isEmpty else { throw TenantProblems(slug, problems) }
        return file.configuration
    }

    private func folder(_ slug: String) -> String { root + "/" + slug }
}

extension TenantProblem {
    /// A mistake that is found by whoever publishes, in a file of the company's folder.
    public init(file: String, line: Int, path: String, message: String) {
        self.init(
            file: file, position: Position(line: line, column: 1), path: path.split(separator: ".").map(String.init),
            message: message)
    }

}
