import Foundation

/// Lets everything else on the machine go first, for the rest of this process' life.
///
/// The nice value alone does little: with autogrouping, Linux' default, every session gets an equal share of a processor first
/// (sched(7), "The autogroup feature"), and Postgres is another session than the server. A thread of the server that computes would take as much as
/// all of Postgres, whatever its nice value. So workers have their own session, and this makes that session nice, too.
public func stepBack() {
    let niceness = 10
    _ = nice(Int32(niceness))
    // The kernel takes one such change in a tenth of a second from all processes together. No such file: no autogrouping.
    for _ in 0..<5 {
        guard let file = FileHandle(forWritingAtPath: "/proc/self/autogroup") else { return }
        if (try? file.write(contentsOf: Data(String(niceness).utf8))) != nil { return }
        usleep(.random(in: 100_000...300_000))
    }
}
