import Foundation

/// Blocking HTTP/1.1 over one loopback connection per exchange: as little as a bench needs to ask "are you there" and to sign in.
struct Wire: Sendable {
    let port: UInt16
    let host: String

    struct Answer: Sendable {
        let status: Int
        let head: String
        let body: String
    }

    struct Unreachable: Error {}

    /// - Parameter seconds: how long each read may take.
    func ask(_ method: String, _ path: String, _ headers: [String] = [], body: String = "", seconds: Int = 60) throws -> Answer {
        let socket = try connected(seconds)
        defer { close(socket) }
        let lines =
            ["\(method) \(path) HTTP/1.1", "Host: \(host)", "Connection: close", "Content-Length: \(body.utf8.count)"] + headers
        try send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8), socket)
        let text = String(decoding: received(socket), as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { throw Unreachable() }
        let head = String(text[..<end.lowerBound])
        guard let status = head.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { throw Unreachable() }
        return Answer(status: status, head: head, body: String(text[end.upperBound...]))
    }

    private func connected(_ seconds: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Unreachable() }
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = Self.loopback(port)
        let failed = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
            }
        }
        if failed {
            close(descriptor)
            throw Unreachable()
        }
        return descriptor
    }

    private func send(_ bytes: [UInt8], _ socket: Int32) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Unreachable() }
            sent += count
        }
    }

    private func received(_ socket: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &piece, piece.count, 0)
            guard count > 0 else { return all }
            all += piece[..<count]
        }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// A port that nobody listens on now.
    static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Unreachable() }
        defer { close(descriptor) }
        var address = loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) != 0 || getsockname(descriptor, $0, &size) != 0
            }
        }
        if failed { throw Unreachable() }
        return UInt16(bigEndian: address.sin_port)
    }
}
