import Foundation

/// Lets a thread wait for a socket and be woken by others.
final class Signal: Sendable {
    private let reading: Int32
    private let writing: Int32

    struct Events {
        var readable = false
        var writable = false
    }

    init() throws(DatabaseError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, let first = ends.first, let last = ends.last else {
            throw .connection("no pipe: \(String(cString: strerror(errno)))")
        }
        for end in [first, last] {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (reading, writing) = (first, last)
    }

    deinit {
        Foundation.close(reading)
        Foundation.close(writing)
    }

    func raise() {
        var byte: UInt8 = 1
        _ = Foundation.write(writing, &byte, 1)
    }

    /// Waits until the socket can be read (or written, when asked), `raise` was called, or the time is over.
    func wait(socket: Int32, forReading: Bool = true, forWriting: Bool, milliseconds: Int32) -> Events {
        let wanted = (forReading ? POLLIN : 0) | (forWriting ? POLLOUT : 0)
        return withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { list in
            list.initialize(repeating: pollfd())
            list[0] = pollfd(fd: socket, events: Int16(wanted), revents: 0)
            list[1] = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            guard poll(list.baseAddress, 2, milliseconds) > 0 else { return Events() }
            if list[1].revents != 0 {
                var bytes: (UInt64, UInt64) = (0, 0)
                while Foundation.read(reading, &bytes, 16) == 16 {}
            }
            let seen = Int32(list[0].revents)
            let broken = Int32(POLLERR) | Int32(POLLHUP) | Int32(POLLNVAL)
            return Events(readable: seen & (Int32(POLLIN) | broken) != 0, writable: seen & Int32(POLLOUT) != 0)
        }
    }
}
