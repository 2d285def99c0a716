import Logging

extension Tenants {
    /// Reloads whenever the folder changes, until the task is cancelled. A change is believed when two looks in a row are equal,
    /// so a folder that is being copied or swapped is read once, when it is done.
    public func watch(every interval: Duration = .seconds(1)) async {
        var seen = snapshot.stamp
        while !Task.isCancelled {
            do { try await Task.sleep(for: interval) } catch { return }
            let stamp = FolderStamp(root)
            let isQuiet = stamp == seen
            seen = stamp
            let now = snapshot
            if isQuiet, now.isUnfinished || stamp != now.stamp { await reload() }
        }
    }
}
