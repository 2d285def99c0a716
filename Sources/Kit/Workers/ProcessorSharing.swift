import Foundation

/// How Linux shares processors out among programs.
public enum ProcessorSharing {
    /// Whether it does so by session first and looks at nice values within a session only: autogrouping (sched(7)), which Debian turns on
    /// for desktops. Every process of Postgres is a session of its own, so under load one of them, or an event loop, waits for tenths of
    /// a second while workers compute, although they are nice (measured 26 Nov 2026: `bench sign-in`, 8 to 36 times the idle p99 with it
    /// and 1.1 to 1.7 times without).
    public static var isBySession: Bool {
        let setting = try? String(contentsOfFile: "/proc/sys/kernel/sched_autogroup_enabled", encoding: .utf8)
        return setting?.trimmingCharacters(in: .whitespacesAndNewlines) == "1"
    }
}
