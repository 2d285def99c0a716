/// All live tenants at one moment. Never changed: a reload builds the next one and puts it in place at once.
final class TenantSnapshot: Sendable {
    let tenants: [Tenant]
    let problems: [TenantProblem]
    let bySlug: [String: Tenant]
    let byID: [Int32: Tenant]
    let byHost: [String: Tenant]
    /// Files of the tenants that came from folders; adopted ones have none.
    let files: [String: TenantFile]
    let stamp: FolderStamp?
    /// True when the next look should read again although no file changes: an id was missing, or a file was still being written.
    let isUnfinished: Bool

    init(
        tenants: [Tenant], files: [String: TenantFile], problems: [TenantProblem], stamp: FolderStamp?, isUnfinished: Bool
    ) {
        self.tenants = tenants.sorted { $0.slug < $1.slug }
        self.files = files
        self.problems = problems
        self.stamp = stamp
        self.isUnfinished = isUnfinished
        bySlug = Dictionary(tenants.map { ($0.slug, $0) }, uniquingKeysWith: { first, _ in first })
        byID = Dictionary(tenants.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        byHost = Dictionary(
            tenants.flatMap { tenant in tenant.hosts.map { ($0, tenant) } }, uniquingKeysWith: { first, _ in first })
    }
}
