import Foundation
import NIOCore
import NIOPosix
import Threads

/// Where an address leads: what is asked, looked up and connected to is the same text.
struct OutboundTarget: Sendable, Equatable {
    let host: String
    let port: Int

    /// - Throws: `OutboundError.invalidAddress` for anything but http and https, and for names and passwords before the host.
    init(_ text: String) throws(OutboundError) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let url = URL(string: text),
            let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https",
            url.user == nil, url.password == nil, let host = url.host, !host.isEmpty
        else { throw .invalidAddress }
        let standard = scheme == "https" ? 443 : 80
        guard let port = UInt16(exactly: url.port ?? standard), port > 0 else { throw .invalidAddress }
        // The client takes the brackets of IPv6 off, too.
        self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.port = Int(port)
    }
}

/// Looks names up on threads of their own: getaddrinfo blocks, for longer than anybody waits.
struct NameLookup: Sendable {
    private let threads = BoundedThreads(name: "names", count: 4, waiting: 200)

    /// Every address of the host, in the order in which they are to be tried.
    func addresses(of target: OutboundTarget, within time: TimeAmount = .seconds(3)) async throws -> [SocketAddress] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: [SocketAddress].self)
        let late = loop.scheduleTask(in: time) { promise.fail(OutboundError.late) }
        Task {
            do {
                promise.succeed(try await threads.run { try Self.lookUp(target) })
            } catch {
                promise.fail(error)
            }
        }
        defer { late.cancel() }
        return try await promise.futureResult.get()
    }

    private static func lookUp(_ target: OutboundTarget) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(target.host, String(target.port), &hints, &first) == 0 else {
            throw OutboundError.unreachable("\(target.host) is not known")
        }
        defer { freeaddrinfo(first) }
        var addresses: [SocketAddress] = []
        var next = first
        while let info = next?.pointee {
            if let address = info.ai_addr {
                switch info.ai_family {
                case AF_INET:
                    address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                        addresses.append(SocketAddress($0.pointee))
                    }
                case AF_INET6:
                    address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                        addresses.append(SocketAddress($0.pointee))
                    }
                default: break
                }
            }
            next = info.ai_next
        }
        return addresses
    }
}
