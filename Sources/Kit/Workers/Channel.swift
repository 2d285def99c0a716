import Foundation

/// One end of a socket pair. A peer that is gone is an error, never a signal.
public struct Channel: Sendable {
    let descriptor: Int32

    /// The end that a worker finds as its standard input.
    public static let toServer = Channel(descriptor: 0)

    public enum Failure: Error {
        case closed, late
    }

    public func write(_ bytes: [UInt8], before deadline: ContinuousClock.Instant) throws(Failure) {
        var sent = 0
        while sent < bytes.count {
            try wait(Int16(POLLOUT), deadline)
            let count = bytes.withUnsafeBytes { raw in
                send(descriptor, raw.baseAddress.map { $0 + sent }, raw.count - sent, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw .closed }
            sent += count
        }
    }

    public func read(_ count: Int, before deadline: ContinuousClock.Instant) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            try wait(Int16(POLLIN), deadline)
            let got = bytes.withUnsafeMutableBytes { raw in
                recv(descriptor, raw.baseAddress.map { $0 + filled }, raw.count - filled, Int32(MSG_DONTWAIT))
            }
            if got < 0, errno == EINTR || errno == EAGAIN { continue }
            guard got > 0 else { throw .closed }
            filled += got
        }
        return bytes
    }

    /// Says that nothing more comes.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What the other side says until it ends, or its first `most` bytes.
    func rest(most: Int, before deadline: ContinuousClock.Instant) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < most {
            try wait(Int16(POLLIN), deadline)
            let got = part.withUnsafeMutableBytes { raw in recv(descriptor, raw.baseAddress, raw.count, Int32(MSG_DONTWAIT)) }
            if got < 0, errno == EINTR || errno == EAGAIN { continue }
            guard got >= 0 else { throw .closed }
            guard got > 0 else { break }
            bytes += part.prefix(min(got, most - bytes.count))
        }
        return bytes
    }

    private func wait(_ events: Int16, _ deadline: ContinuousClock.Instant) throws(Failure) {
        while true {
            let rest = deadline - ContinuousClock.now
            guard rest > .zero else { throw .late }
            let milliseconds = min(rest.components.seconds, 3600) * 1000 + rest.components.attoseconds / 1_000_000_000_000_000
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            let ready = poll(&entry, 1, Int32(clamping: milliseconds + 1))
            if ready > 0 { return }
            guard ready == 0 || errno == EINTR else { throw .closed }
        }
    }
}
