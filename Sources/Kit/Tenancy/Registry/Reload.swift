import Foundation
import Logging

/// What a reload did.
public struct Reload: Sendable {
    /// Slugs that are new or different now.
    public let changed: [String]
    public let removed: [String]
    /// Everything that is wrong now.
    public let problems: [TenantProblem]
}

extension Tenants {
    /// Reads the folder again and puts what is right in place. Reloads run one after the other.
    @discardableResult
    public func reload() async -> Reload {
        await turns.take { [self] in await readAndPublish() }
    }

    /// Adds a tenant that has no folder, for tests and measurements. Reloads keep it. Throws what `register` throws.
    public func adopt(_ configuration: TenantConfiguration) async throws -> Tenant {
        let tenant = Tenant(id: try await register(configuration.slug), configuration: configuration)
        await turns.take { [self] in
            let now = snapshot
            let others = now.tenants.filter { $0.slug != tenant.slug }
            publish(
                TenantSnapshot(
                    tenants: others + [tenant], files: now.files.filter { $0.key != tenant.slug }, problems: now.problems,
                    stamp: now.stamp, isUnfinished: now.isUnfinished))
        }
        return tenant
    }

    private func readAndPublish() async -> Reload {
        let before = snapshot
        let (contents, stamp, isSettled) = await quietContents()
        var next = NextTenants(before: before, contents: contents)
        await next.giveNumbers(register)
        publish(next.snapshot(stamp: stamp, isSettled: isSettled))
        let reload = next.reload
        log(reload, before: before)
        return reload
    }

    /// The folder's contents when no file changed while they were read and none is younger than `settle`. Gives up after five
    /// tries and takes what is there; the next look reads again.
    private func quietContents() async -> (TenantFolder.Contents, FolderStamp, isSettled: Bool) {
        var stamp = FolderStamp(root)
        var contents = TenantFolder.read(root, rules: rules)
        for _ in 0..<5 {
            let after = FolderStamp(root)
            let age = Date().timeIntervalSince1970 - after.newest
            if after == stamp, age >= settle.seconds || age < 0 { return (contents, after, true) }
            try? await Task.sleep(for: settle)
            stamp = FolderStamp(root)
            contents = TenantFolder.read(root, rules: rules)
        }
        return (contents, stamp, false)
    }

    private func log(_ reload: Reload, before: TenantSnapshot) {
        let known = Set(before.problems)
        for problem in reload.problems where !known.contains(problem) {
            logger.error(
                "tenant configuration refused; the last good one stays",
                metadata: ["tenant": "\(problem.tenant)", "problem": "\(problem.description)"])
        }
        for slug in reload.changed { logger.info("tenant configuration is live", metadata: ["tenant": "\(slug)"]) }
        for slug in reload.removed { logger.notice("tenant removed", metadata: ["tenant": "\(slug)"]) }
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
