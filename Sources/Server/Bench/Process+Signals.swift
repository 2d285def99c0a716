import Foundation

extension Process {
    /// Starts the program with no signal blocked. It would inherit the mask of a thread of ours, and Swift's own threads block
    /// nearly all: pgbench then never hears its alarm, a server never SIGTERM.
    func runHearing() throws {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}
