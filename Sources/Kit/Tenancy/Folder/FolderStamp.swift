import Foundation

/// What `stat` says about a folder of tenants, two levels deep: equal stamps mean that nothing was written in between.
///
/// Asked once a second instead of inotify, because it also sees network file systems, bind mounts, folders replaced as a whole
/// and the swapped links of Kubernetes, and has no queue that can overflow. 200 tenants cost about 2 ms.
struct FolderStamp: Sendable, Equatable {
    private let lines: [String]
    /// The latest change of any file in seconds since 1970; 0 without files.
    let newest: Double

    init(_ root: String) {
        var lines: [String] = []
        var newest = 0.0
        func add(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return }
            #if canImport(Darwin)
            let (written, changed) = (status.st_mtimespec, status.st_ctimespec)
            #else
            let (written, changed) = (status.st_mtim, status.st_ctim)
            #endif
            let times = [written.tv_sec, written.tv_nsec, changed.tv_sec, changed.tv_nsec]
            lines.append("\(path) \(status.st_ino) \(status.st_size) \(times)")
            newest = max(newest, Double(changed.tv_sec) + Double(changed.tv_nsec) / 1e9)
        }
        add(root)
        for slug in TenantFolder.slugs(root) ?? [] {
            let folder = root + "/" + slug
            add(folder)
            for name in Self.names(folder) { add(folder + "/" + name) }
            for name in Self.names(folder + "/" + TextFolder.name) { add("\(folder)/\(TextFolder.name)/\(name)") }
        }
        self.lines = lines
        self.newest = newest
    }

    private static func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
    }
}
