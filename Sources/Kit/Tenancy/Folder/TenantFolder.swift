import Foundation

/// The folder of all tenants: one folder per tenant, named by its slug. Files beside them and hidden folders are ignored.
public struct TenantFolder: Sendable {
    /// Tenants whose files are right and whose hosts are theirs alone.
    public let tenants: [TenantConfiguration]
    public let problems: [TenantProblem]

    /// Reads everything under `root`, without a database.
    public static func load(_ root: String, rules: TenantRules) -> TenantFolder {
        let contents = read(root, rules: rules)
        var claims = HostClaims(candidates: contents.files, live: [:])
        let conflicts = claims.settle()
        return TenantFolder(
            tenants: claims.accepted.values.map(\.configuration).sorted { $0.slug < $1.slug },
            problems: (contents.problems + conflicts).sorted { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) })
    }

    /// The text of one tenant.yaml, for previews, tests and tools. A logo it names must be in `pictures`.
    public static func read(
        _ text: String, slug: String, rules: TenantRules, pictures: [String: [UInt8]] = [:]
    ) throws(TenantProblems) -> TenantConfiguration {
        let file = slug + "/" + TenantFile.name
        let bytes = Array(text.utf8.prefix(SourceText.maximumBytes + 1))
        return try TenantFile.decode(bytes, slug: slug, file: file, rules: rules) { name throws(FileBytes.Failure) in
            guard let picture = pictures[name] else { throw .missing }
            return picture
        }.configuration
    }

    struct Contents: Sendable {
        let root: String
        /// Folders that are there, right or wrong; nil when the root itself cannot be read.
        var slugs: Set<String>?
        var files: [String: TenantFile] = [:]
        var problems: [TenantProblem] = []
    }

    static func read(_ root: String, rules: TenantRules) -> Contents {
        guard let slugs = slugs(root) else {
            return Contents(
                root: root, slugs: nil, problems: [TenantProblem(file: root, message: "the folder of tenants cannot be read")])
        }
        var contents = Contents(root: root, slugs: Set(slugs))
        for slug in slugs {
            guard isSlug(slug) else {
                contents.problems.append(
                    TenantProblem(
                        tenant: slug, file: root + "/" + printable(slug),
                        message: "the folder's name must be 2 to 40 lower-case letters, digits or hyphens and begin with a letter"
                    ))
                continue
            }
            // One that cannot be carried out stays to be tried again; what is wrong then shows below.
            try? FolderJournal.finish("\(root)/\(slug)")
            do {
                contents.files[slug] = try TenantFile.read(slug, root: root, rules: rules)
            } catch {
                contents.problems += error.problems
            }
        }
        return contents
    }

    static func slugs(_ root: String) -> [String]? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: root) else { return nil }
        return names.filter { name in
            var isFolder: ObjCBool = false
            return !name.hasPrefix(".") && FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isFolder)
                && isFolder.boolValue
        }.sorted()
    }

    private static func isSlug(_ name: String) -> Bool {
        guard (2...40).contains(name.utf8.count), let first = name.utf8.first, first >= 0x61, first <= 0x7A else { return false }
        return name.utf8.last != 0x2D && name.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || isDigit($0) || $0 == 0x2D }
    }
}
