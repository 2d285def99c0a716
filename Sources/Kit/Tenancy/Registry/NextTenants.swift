/// Works out the next snapshot from the last one and what the folder says now.
struct NextTenants {
    private let before: TenantSnapshot
    private var files: [String: TenantFile]
    private var problems: [TenantProblem]
    private var tenants: [Tenant] = []
    private var isUnfinished = false

    init(before: TenantSnapshot, contents: TenantFolder.Contents) {
        self.before = before
        problems = contents.problems
        guard let slugs = contents.slugs else {
            files = before.files
            return
        }
        if slugs.isEmpty, !before.files.isEmpty {
            // More likely a mount that failed than the last company leaving; a restart accepts an empty folder.
            problems.append(
                TenantProblem(
                    file: contents.root, message: "the folder of tenants is empty: all tenants stay as they were"))
            files = before.files
            return
        }
        var candidates = contents.files
        for (slug, file) in before.files where slugs.contains(slug) {
            // A file without a change keeps its object, so that callers can compare by identity.
            if candidates[slug].map({ $0.configuration.revision == file.configuration.revision }) ?? true {
                candidates[slug] = file
            }
        }
        var claims = HostClaims(candidates: candidates, live: before.files)
        problems += claims.settle()
        files = claims.accepted
    }

    /// Every accepted file becomes a tenant with its number. A slug that gets none stays out, or as it was, and is tried again.
    mutating func giveNumbers(_ register: Tenants.Register) async {
        tenants = before.tenants.filter { before.files[$0.slug] == nil && files[$0.slug] == nil }
        var taken = Set(tenants.map(\.id))
        for (slug, file) in files.sorted(by: { $0.key < $1.key }) {
            if let known = before.bySlug[slug] {
                tenants.append(Tenant(id: known.id, configuration: file.configuration))
                taken.insert(known.id)
                continue
            }
            do {
                let id = try await register(slug)
                guard id > 0, taken.insert(id).inserted else { throw WrongNumber() }
                tenants.append(Tenant(id: id, configuration: file.configuration))
            } catch {
                files[slug] = nil
                isUnfinished = true
                problems.append(
                    TenantProblem(
                        tenant: slug, file: file.file,
                        message: "the database gave the tenant no number; it is asked again: \(printable("\(error)"))"))
            }
        }
    }

    func snapshot(stamp: FolderStamp, isSettled: Bool) -> TenantSnapshot {
        TenantSnapshot(
            tenants: tenants, files: files, problems: sorted, stamp: stamp, isUnfinished: isUnfinished || !isSettled)
    }

    var reload: Reload {
        let now = Dictionary(tenants.map { ($0.slug, $0) }, uniquingKeysWith: { first, _ in first })
        return Reload(
            changed: now.filter { before.bySlug[$0.key]?.configuration !== $0.value.configuration }.keys.sorted(),
            removed: before.bySlug.keys.filter { now[$0] == nil }.sorted(), problems: sorted)
    }

    private var sorted: [TenantProblem] { problems.sorted { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) } }
}

private struct WrongNumber: Error, CustomStringConvertible {
    var description: String { "the number is not positive or belongs to another tenant" }
}
